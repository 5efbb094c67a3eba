import Cost
import Graph

/// A row for each node, for spreadsheets: RFC 4180, but for plain line feeds.
struct CSVReport: ReportFormat {
  static let name = "csv"

  private static let columns = [
    "path", "name", "op", "domain", "module", "class", "state", "executions", "macs",
    "elementwise_flops", "transcendentals", "parameters", "bytes_read", "bytes_written", "kernel",
    "seconds", "joules", "device", "precision", "batch", "runtime",
  ]

  private var text = columns.joined(separator: ",") + "\n"

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) {
    guard case .costed(let costed) = entry.outcome else { return }
    let analysis = costed.analysis
    let conditions = [
      costed.estimate.device.name, costed.estimate.precisionName ?? "",
      analysis.binding.batch.description, costed.estimate.scenario.runtime.rawValue,
    ]
    for (placement, cost) in zip(analysis.placements, costed.estimate.nodes) {
      let scope = analysis.scopes[placement.scope]
      let step = scope.steps[placement.node]
      // What is not understood is an empty cell, not zero.
      let work = step.error == nil ? step.work : nil
      let counts = [
        work?.macs, work?.elementwise, work?.transcendentals, scope.parameters(of: step),
        work?.bytesRead, work?.bytesWritten, cost?.kernel,
      ]
      let cells =
        [
          entry.path, step.node.name, step.node.op.name, step.node.op.domain,
          step.node.module ?? "", step.layer.rawValue, step.state.name,
          placement.executions.description,
        ] + counts.map { $0?.description ?? "" }
        + [cost?.seconds, cost?.joules].map { $0?.description ?? "" } + conditions
      text += cells.map(Self.cell).joined(separator: ",") + "\n"
    }
  }

  mutating func finish(_: ExitReason) -> [UInt8] { Array(text.utf8) }

  /// A cell, in quotes where it holds a comma, a quote or the end of a line.
  static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
