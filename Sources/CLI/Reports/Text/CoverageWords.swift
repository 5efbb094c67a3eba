import Cost
import Graph
import Rules

/// How much of a model is understood and priced, and what is not.
struct CoverageWords {
  /// `47 of 48 nodes (98 %)`.
  let share: String
  /// A clause for each operator that is not counted and each reason why kernels have no price, in order of occurrence.
  let gaps: [String]

  init(_ costed: Costed) {
    let coverage = costed.totals.coverage
    let understood = coverage.counted + coverage.free
    var share = "\(understood) of \(counted(costed.totals.nodes, "node"))"
    if coverage.uncountedNodes > 0 { share += " (\(Number.percent(coverage.share)))" }
    if costed.unpricedNodes > 0 { share += ", \(understood - costed.unpricedNodes) of them priced" }
    self.share = share
    gaps =
      coverage.uncounted.map { "\($0.op) x\($0.count) uncounted: \($0.reason)".printable }
      + Self.unpriced(costed.estimate)
  }

  private static func unpriced(_ estimate: Estimate) -> [String] {
    var reasons: [(text: String, count: Int)] = []
    for kernel in estimate.unpriced {
      if let index = reasons.firstIndex(where: { $0.text == kernel.reason }) {
        reasons[index].count += kernel.members.count
      } else {
        reasons.append((kernel.reason, kernel.members.count))
      }
    }
    return reasons.map { "\(counted($0.count, "node")) unpriced: \($0.text)" }
  }
}
