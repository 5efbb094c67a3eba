import Cost

/// A way of writing down what was found.
protocol ReportFormat: SendableMetatype {
  static var name: String { get }
  /// Whether inputs that could not be costed are part of the report, and need not be told on standard error.
  static var holdsErrors: Bool { get }

  init(_ context: ReportContext)
  mutating func add(_ entry: Entry)
  /// Ends the report and returns its bytes.
  mutating func finish(_ reason: ExitReason) -> [UInt8]
}

/// Every format, one line each, in the order in which help shows them.
let allReports: [any ReportFormat.Type] = [
  FullReport.self,
  ConciseReport.self,
  JSONReport.self,
  JSONLReport.self,
  CSVReport.self,
  MarkdownReport.self,
  HTMLReport.self,
  JUnitReport.self,
  GitHubReport.self,
  GitLabReport.self,
  SARIFReport.self,
]

extension ReportFormat {
  static var holdsErrors: Bool { false }
}

/// What a report should know before the first input.
struct ReportContext: Sendable {
  var arguments: Arguments
  var device: Device
  var isLinting: Bool
  var paint: Paint
}
