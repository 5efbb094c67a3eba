import Cost
import Graph
import Rules

/// A budget held against a model.
struct BudgetResult: Sendable {
  let budget: Budget
  let verdict: Budget.Verdict
  /// What the limit is held against, in joules; nil where there is no figure.
  let value: Interval?
}

extension Costed {
  /// Holds the model against `budget`.
  func result(of budget: Budget) -> BudgetResult {
    let value: Interval? =
      switch budget.occasion {
      case .inference: estimate.joulesPerInference
      case .training: nil
      }
    return BudgetResult(
      budget: budget, verdict: budget.verdict(on: value, coverage: coveredShare), value: value)
  }

  /// The share of nodes whose energy is part of the estimate, from 0 to 1.
  private var coveredShare: Double {
    let unpriced = Set(estimate.unpriced.flatMap(\.members)).count
    return totals.nodes == 0 ? 1 : totals.coverage.share - Double(unpriced) / Double(totals.nodes)
  }

  /// Why the run should fail because of this model, if at all.
  func reason(_ arguments: Arguments) -> ExitReason {
    let fails = budgets.contains {
      $0.verdict == .fail || $0.verdict == .undecided && arguments.isStrict
    }
    if fails { return .budget }
    guard let level = arguments.failureLevel, let lint else { return .clean }
    return lint.findings.contains { $0.level >= level } ? .findings : .clean
  }
}
