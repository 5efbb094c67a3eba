import Cost
import Graph
import Rules

/// What the figures of a model rest on: how much of it is understood, and what was assumed.
struct Footer {
  private let costed: Costed
  private let isVerbose: Bool

  init(_ costed: Costed, isVerbose: Bool) {
    self.costed = costed
    self.isVerbose = isVerbose
  }

  var text: String {
    coverage + assumptions + costed.analysis.model.notes.map { "Note: \($0.printable)\n" }.joined()
  }

  private var coverage: String {
    let coverage = costed.totals.coverage
    let understood = coverage.counted + coverage.free
    var text = "Coverage: \(understood) of \(counted(costed.totals.nodes, "node"))"
    if coverage.uncountedNodes > 0 { text += " (\(Number.percent(coverage.share)))" }
    if costed.unpricedNodes > 0 { text += ", \(understood - costed.unpricedNodes) of them priced" }
    text += ".\n"
    let reasons =
      coverage.uncounted.map { "\($0.op) x\($0.count) uncounted: \($0.reason)".printable }
      + unpriced
    let shown = isVerbose ? reasons[...] : reasons.prefix(3)
    for reason in shown { text += "  \(reason)\n" }
    if shown.count < reasons.count { text += "  and \(reasons.count - shown.count) more (-v)\n" }
    return text
  }

  /// The reasons why kernels have no price, each with the number of nodes concerned, in order of occurrence.
  private var unpriced: [String] {
    var reasons: [(text: String, count: Int)] = []
    for kernel in costed.estimate.unpriced {
      if let index = reasons.firstIndex(where: { $0.text == kernel.reason }) {
        reasons[index].count += kernel.members.count
      } else {
        reasons.append((kernel.reason, kernel.members.count))
      }
    }
    return reasons.map { "\(counted($0.count, "node")) unpriced: \($0.text)" }
  }

  private var assumptions: String {
    let binding = costed.analysis.binding
    let assumed = binding.assumed.map { "\($0.name)=\($0.value)".printable }
    guard !assumed.isEmpty else { return "" }
    return
      "Assumed: \(assumed.joined(separator: ", ")) (set with --dim, --batch or --input-shape).\n"
  }
}
