package import Cost
import Graph

extension Subject {
  /// The joules that `remedies`, applied together, save in one execution.
  package func saving(_ remedies: [Remedy]) -> Interval {
    guard !remedies.isEmpty, let after = estimate(after: remedies) else {
      return Interval(exactly: 0)
    }
    return estimate.saving(by: after)
  }

  /// The model with `remedies` applied, priced; nil where less of it is understood than before, since what is
  /// not counted would look saved.
  package func estimate(after remedies: [Remedy]) -> Estimate? {
    var scenario = estimate.scenario
    var rewrite = Rewrite()
    let model = estimate.analysis.model
    for remedy in remedies {
      switch remedy {
      case .rewrite(let other):
        // Half of a rewrite would be another one; where two are at odds the earlier holds.
        guard !rewrite.conflicts(with: other) else { continue }
        rewrite = rewrite.joined(with: other, valueCount: model.body.values.count)
      case .scenario(let other): scenario = other
      }
    }
    let request = estimate.analysis.binding.request
    guard
      let analysis = try? Analysis(
        model.applying(rewrite), binding: request, isFitting: !rewrite.isEmpty),
      analysis.totals.coverage.uncountedNodes <= estimate.analysis.totals.coverage.uncountedNodes
    else { return nil }
    return Estimate(analysis, on: estimate.device, under: scenario)
  }
}
