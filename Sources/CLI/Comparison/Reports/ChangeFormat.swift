import Cost

/// A way of writing down what has changed.
protocol ChangeFormat: SendableMetatype {
  static var name: String { get }
  /// Whether models that could not be compared are part of the report, and need not be told on standard error.
  static var holdsErrors: Bool { get }

  init(_ context: ChangeContext)
  mutating func add(_ entry: ChangeEntry)
  /// Ends the report and returns its bytes; `unchanged` are models that nobody had to look at.
  mutating func finish(_ reason: ExitReason, unchanged: [String]) -> [UInt8]
}

/// Every format, one line each, in the order in which help shows them.
let allChangeFormats: [any ChangeFormat.Type] = [
  FullChange.self,
  ConciseChange.self,
  JSONChange.self,
  MarkdownChange.self,
]

extension ChangeFormat {
  static var holdsErrors: Bool { false }
}

/// What a report should know before the first model.
struct ChangeContext: Sendable {
  var arguments: Arguments
  var device: Device
  /// Nil where files are compared.
  var revision: BaseRevision?
  var paint: Paint
  /// What has become easier to keep, as sentences.
  var loosened: [String] = []
}

/// One model and what became of it.
struct ChangeEntry: Sendable {
  var pair: Pair
  var outcome: Outcome

  enum Outcome: Sendable {
    case compared(ModelChange)
    case failed(InputError)
  }
}

/// The format of that name.
func changeFormat(_ name: String) throws(UsageError) -> any ChangeFormat.Type {
  guard let format = allChangeFormats.first(where: { $0.name == name }) else {
    throw UsageError(unknown: "format", name, among: allChangeFormats.map { $0.name })
  }
  return format
}
