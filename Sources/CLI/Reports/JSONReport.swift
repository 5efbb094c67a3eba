import Cost
import Graph

/// Everything, for other programs: one document with a list of models.
struct JSONReport: ReportFormat {
  static let name = "json"
  static let holdsErrors = true
  /// Changes when a key is renamed or removed, not when one is added.
  static let schema = "nncost/1"

  /// A line for each node and each tensor.
  private static let brokenDepth = 4

  private let context: ReportContext
  /// The models so far, each as it stands in the document: far smaller than what they are made from.
  private var models: [[UInt8]] = []

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) {
    var json = JSONWriter(brokenDepth: Self.brokenDepth, depth: 2)
    json.model(entry, context)
    models.append(json.bytes)
  }

  mutating func finish(_ reason: ExitReason) -> [UInt8] {
    var json = JSONWriter(brokenDepth: Self.brokenDepth)
    json.object { json in
      json.member("schema", Self.schema)
      json.tool()
      json.device(context.device)
      json.assumptions(context.arguments)
      json.array("models", models) { $0.written($1) }
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

extension JSONWriter {
  /// What wrote the document.
  mutating func tool() {
    object("tool") { json in
      json.member("name", Program.name)
      json.member("version", Program.version)
    }
  }

  mutating func device(_ device: Device) {
    object("device") { json in
      json.member("name", device.name)
      json.member("title", device.title)
      json.member("provenance", device.provenance.kind.rawValue)
      json.member("calibration_date", device.provenance.date)
      json.member("calibration_sha256", device.sha256)
    }
  }

  /// What was asked for; what a model's own extents came to is said with the model.
  fileprivate mutating func assumptions(_ arguments: Arguments) {
    object("assumptions") { json in
      json.member("batch", arguments.request.batch)
      json.object("dims") { json in
        for symbol in arguments.request.symbols { json.member(symbol.name, symbol.value) }
      }
      json.member("precision", arguments.precision?.rawValue)
      json.member("runtime", arguments.scenario.runtime.rawValue)
      let carbon = arguments.lifecycle.carbon
      json.member("pue", carbon.pue)
      json.member("pue_assumed", carbon.assumesPUE)
      json.member("grams_per_kwh", carbon.grid.gramsPerKilowattHour)
      json.object("region") { $0.grid(carbon) }
    }
  }
}
