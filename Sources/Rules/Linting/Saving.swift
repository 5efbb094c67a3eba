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
    return saving(by: after)
  }

  /// The joules that `after` saves for the inferences of one execution.
  ///
  /// Another batch makes other inferences at once; what counts is the same number of them.
  func saving(by after: Estimate) -> Interval {
    let (batch, other) = (estimate.analysis.binding.batch, after.analysis.binding.batch)
    return estimate.saving(by: after, times: Double(batch) / Double(max(1, other)))
  }

  /// The model with `remedies` applied, priced; nil where less of it is understood than before.
  package func estimate(after remedies: [Remedy]) -> Estimate? {
    var change = Change(estimate)
    for remedy in remedies { _ = change.add(remedy, valueCount: scope.body.values.count) }
    return estimate(after: change)
  }

  /// The model with `change` made, priced; nil where less of it is understood than before, since what is not
  /// counted would look saved.
  func estimate(after change: Change) -> Estimate? {
    let before = estimate.analysis
    guard !change.rewrite.isEmpty || change.request != before.binding.request else {
      return Estimate(before, on: estimate.device, under: change.scenario)
    }
    let isSameInput = change.request == before.binding.request
    guard
      let analysis = isSameInput
        ? try? Analysis(before, applying: change.rewrite)
        : try? Analysis(
          before.model.applying(change.rewrite), binding: change.request,
          isFitting: !change.rewrite.isEmpty, after: before.rewritten(by: change)),
      analysis.uncountedExecutions <= before.uncountedExecutions
    else { return nil }
    return Estimate(analysis, on: estimate.device, under: change.scenario)
  }
}

extension Analysis {
  /// The model with what `change` rewrites alone, as far as that is known sooner than by looking at all of it.
  fileprivate func rewritten(by change: Change) -> Analysis? {
    if change.rewrite.isEmpty { return self }
    // Inputs that are others are declared otherwise too.
    guard !binding.isRebatched, change.rewrite.extents.isEmpty else { return nil }
    return try? Analysis(self, applying: change.rewrite)
  }

  /// The nodes that are not understood, those of bodies that are run again and again as often as they are met.
  fileprivate var uncountedExecutions: Int { placements.count { self[$0].error != nil } }
}
