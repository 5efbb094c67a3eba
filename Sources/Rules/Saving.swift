package import Cost
import Graph

extension Subject {
  /// The joules that `remedies`, applied together, save in one execution.
  ///
  /// Of two that are at odds the earlier holds.
  package func saving(_ remedies: [Remedy]) -> Interval {
    guard !remedies.isEmpty, let after = estimate(after: remedies) else {
      return Interval(exactly: 0)
    }
    return estimate.saving(by: after)
  }

  /// The model with `remedies` applied, priced; nil where less of it is understood than before.
  package func estimate(after remedies: [Remedy]) -> Estimate? {
    var change = Change(estimate.scenario)
    for remedy in remedies { _ = change.add(remedy, valueCount: scope.body.values.count) }
    return estimate(after: change)
  }

  /// The model with `change` made, priced; nil where less of it is understood than before, since what is not
  /// counted would look saved.
  func estimate(after change: Change) -> Estimate? {
    let before = estimate.analysis
    guard !change.rewrite.isEmpty else {
      return Estimate(before, on: estimate.device, under: change.scenario)
    }
    guard
      let analysis = try? Analysis(before, applying: change.rewrite),
      analysis.uncountedExecutions <= before.uncountedExecutions
    else { return nil }
    return Estimate(analysis, on: estimate.device, under: change.scenario)
  }
}

extension Analysis {
  /// The nodes that are not understood, those of bodies that are run again and again as often as they are met.
  fileprivate var uncountedExecutions: Int { placements.count { self[$0].error != nil } }
}
