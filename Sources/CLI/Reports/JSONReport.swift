import Cost
import Graph

/// Everything, for other programs: one document with a list of models.
struct JSONReport: ReportFormat {
  static let name = "json"
  static let holdsErrors = true
  /// Changes when a key is renamed or removed, not when one is added.
  static let schema = "nncost/1"

  private let context: ReportContext
  /// The models so far, each as it stands in the document.
  private var entries: [Entry] = []

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) { entries.append(entry) }

  mutating func finish(_ reason: ExitReason) -> [UInt8] {
    var json = JSONWriter(brokenDepth: 4)
    json.object { json in
      json.member("schema", Self.schema)
      json.object("tool") { json in
        json.member("name", Program.name)
        json.member("version", Program.version)
      }
      json.array("models", entries) { $0.model($1, context) }
      json.member("exit_reason", reason.name)
    }
    json.endLine()
    return json.bytes
  }
}

/// Everything, for other programs that read line by line: one model to a line.
struct JSONLReport: ReportFormat {
  static let name = "jsonl"
  static let holdsErrors = true

  private let context: ReportContext
  private var json = JSONWriter(brokenDepth: 0)

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) {
    json.model(entry, context)
    json.endLine()
  }

  mutating func finish(_: ExitReason) -> [UInt8] { json.bytes }
}
