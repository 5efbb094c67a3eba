import Cost
import Graph
import Rules

/// A limit on how much more a model may take than it did in some revision.
struct IncreaseLimit: Hashable, Sendable {
  /// What reports call it; nil for the limit itself.
  var name: String?
  var increase: Increase
  /// The revision, as its author wrote it.
  var against: String
  var decision = Budget.Decision.central
  /// Below this share of understood nodes, the limit is not kept for sure.
  var minimumCoverage: Double?

  /// The limit on a model whose inference took `joules`.
  func budget(over joules: Double) -> Budget {
    var budget = Budget(joules: joules, increase, over: against)
    budget.name = name ?? budget.text
    budget.decision = decision
    budget.minimumCoverage = minimumCoverage ?? budget.minimumCoverage
    return budget
  }
}

/// What an inference took before, and how that has changed.
struct IncreaseFigure: Hashable, Sendable {
  /// Joules; nil where the model is new.
  var base: Interval?
  /// As a share of the base, below 0 where an inference takes less; nil where the base takes nothing.
  var share: Interval?
}

extension Costed {
  /// Holds the model against what it was in the base; nil where it is new, which is no increase.
  func result(of limit: IncreaseLimit, over base: Estimate?) -> BudgetResult {
    guard let base else {
      return BudgetResult(
        budget: limit.budget(over: .infinity), verdict: .pass, value: estimate.joulesPerInference,
        coverage: pricedShare, increase: IncreaseFigure())
    }
    let difference = Difference(
      from: base, to: estimate, Correspondence(from: base.analysis, to: analysis),
      per: (Double(base.analysis.binding.batch), Double(analysis.binding.batch)))
    return result(of: limit, over: base, difference)
  }

  /// The same with a difference that is known, of one inference.
  func result(of limit: IncreaseLimit, over base: Estimate, _ difference: Difference)
    -> BudgetResult
  {
    let before = base.joulesPerInference
    let now = estimate.joulesPerInference.value
    // The base is what it is; what is not known is how far the head is from it.
    let value = Interval(
      now, low: before.value + difference.joules.low, high: before.value + difference.joules.high)
    let budget = limit.budget(over: before.value)
    let coverage = min(pricedShare, Costed(base, arguments).pricedShare)
    return BudgetResult(
      budget: budget, verdict: budget.verdict(on: value, coverage: coverage), value: value,
      coverage: coverage,
      increase: IncreaseFigure(base: before, share: difference.joulesShare))
  }
}

/// Throws where the figures of an inference in `base` and `head` are of different things.
func expectComparable(_ base: Estimate, _ head: Estimate) throws(InputError) {
  let batches = (base.analysis.binding.batch, head.analysis.binding.batch)
  guard batches.0 == batches.1 else {
    throw InputError(
      code: "batch",
      message:
        "the base makes \(counted(batches.0, "inference")) at once and the head \(batches.1), which is"
        + " no change of the model; compare both at one batch with '--batch \(min(batches.0, batches.1))'"
    )
  }
}

extension Arguments {
  /// Throws where a limit on an increase has no base, or a base nothing that is held against it.
  func expectSomethingToCompare() throws(UsageError) {
    if maximumIncrease != nil, baseline == nil, base == nil {
      throw UsageError(
        "'--max-increase' needs --base, a revision like origin/main, or --baseline, a file that"
          + " '--write-baseline' has written")
    }
    if base != nil, maximumIncrease == nil {
      throw UsageError(
        "'--base' needs --max-increase; '\(Program.name) diff --base' says what has changed")
    }
  }
}
