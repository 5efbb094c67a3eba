import Cost
import Graph
import Rules

/// Everything about a change, for other programs.
struct JSONChange: ChangeFormat {
  static let name = "json"
  static let holdsErrors = true
  /// Changes when a key is renamed or removed, not when one is added.
  static let schema = "nncost-diff/1"

  private static let brokenDepth = 4

  private let context: ChangeContext
  private var models: [[UInt8]] = []

  init(_ context: ChangeContext) { self.context = context }

  mutating func add(_ entry: ChangeEntry) {
    var json = JSONWriter(brokenDepth: Self.brokenDepth, depth: 2)
    json.change(entry)
    models.append(json.bytes)
  }

  mutating func finish(_ reason: ExitReason, unchanged: [String]) -> [UInt8] {
    var json = JSONWriter(brokenDepth: Self.brokenDepth)
    json.object { json in
      json.member("schema", Self.schema)
      json.tool()
      json.device(context.device)
      if let revision = context.revision {
        json.object("base") { json in
          json.member("revision", revision.name)
          json.member("commit", revision.commit)
        }
      }
      json.array("models", models) { $0.written($1) }
      json.member("unchanged", unchanged)
      json.member("loosened", context.loosened)
      json.member("exit_reason", reason.name)
    }
    json.endLine()
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func change(_ entry: ChangeEntry) {
    object { json in
      json.member("path", entry.pair.path)
      json.member("base_path", entry.pair.basePath)
      json.member("status", entry.pair.fate.word)
      switch entry.outcome {
      case .failed(let error):
        json.object("error") { json in
          json.member("code", error.code)
          json.member("message", error.message)
          json.member("where", error.place)
        }
      case .compared(let change):
        if let base = change.base { json.object("base") { $0.side(base) } }
        if let head = change.head { json.object("head") { $0.side(head) } }
        if let comparison = change.comparison { json.comparison(comparison, change) }
        if change.head != nil { json.budgets(change.budgets) }
        json.member("notes", change.notes)
      }
    }
  }

  /// One side of the change; energy and time are of one inference.
  private mutating func side(_ costed: Costed) {
    let totals = costed.totals
    member("joules_per_inference", costed.estimate.joulesPerInference)
    member("seconds_per_inference", costed.estimate.secondsPerInference)
    member("batch", costed.analysis.binding.batch)
    member("device", costed.estimate.device.name)
    member("precision", costed.estimate.precisionName)
    member("runtime", costed.estimate.scenario.runtime.rawValue)
    member("macs", totals.work.macs)
    member("elementwise_flops", totals.work.elementwise)
    member("parameters", totals.parameters)
    member("parameter_bytes", totals.parameterBytes)
    member("activation_bytes", totals.activationBytes)
    member("peak_activation_bytes", totals.peakActivationBytes)
    member("kernels", costed.estimate.launches)
    member("kernel_traffic_bytes", costed.estimate.kernelTraffic)
    member("nodes", totals.nodes)
    member("coverage", totals.coverage.share)
    member("training_joules", costed.training?.joules)
    member("lifecycle_joules", costed.lifecycle?.total)
  }

  private mutating func comparison(_ comparison: ModelChange.Comparison, _ change: ModelChange) {
    object("change") { json in
      json.member("joules_per_inference", comparison.inference.joules)
      json.member("joules_share", comparison.inference.joulesShare)
      json.member("seconds_per_inference", comparison.inference.seconds)
      json.member("seconds_share", comparison.inference.secondsShare)
      json.member("training_joules", comparison.training)
      json.member("lifecycle_joules", comparison.lifecycle)
    }
    member("per", comparison.portions.head.per.rawValue)
    array("layers", comparison.layers) { json, layer in
      json.object { json in
        json.member("class", layer.layer.rawValue)
        json.member("base_joules", layer.formerJoules)
        json.member("head_joules", layer.joules)
        json.member("base_nodes", layer.formerNodes)
        json.member("head_nodes", layer.nodes)
      }
    }
    array("nodes", comparison.nodes) { json, node in
      json.object { json in
        json.member("name", node.name)
        json.member("op", node.op)
        json.member("base_op", node.formerOp)
        json.member("class", node.layer.rawValue)
        json.member("status", node.kind.rawValue)
        json.member("base_joules", node.formerJoules)
        json.member("head_joules", node.joules)
        json.member("base_output", node.formerOutput)
        json.member("head_output", node.output)
      }
    }
    object("findings") { json in
      json.array("new", comparison.findings.new) { json, finding in
        json.object { $0.brief(finding, places: finding.places.count) }
      }
      json.array("gone", comparison.findings.gone) { json, entry in
        json.object { $0.brief(entry.finding, places: entry.places) }
      }
      json.member("kept_places", comparison.findings.kept)
    }
  }

  private mutating func brief(_ finding: Finding, places: Int) {
    member("code", finding.code)
    member("name", finding.name)
    member("level", finding.level.rawValue)
    member("nodes", finding.nodes)
    member("places", places)
    member("message", finding.message)
    member("fix", finding.fix)
    member("saving_joules", finding.saving)
    member("fingerprint", finding.fingerprint)
  }
}

extension BaseRevision.Fate {
  fileprivate var word: String {
    switch self {
    case .unchanged: "unchanged"
    case .modified: "modified"
    case .added: "added"
    case .removed: "removed"
    case .renamed: "renamed"
    }
  }
}
