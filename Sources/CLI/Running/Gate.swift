import Cost
import Graph
import Rules

/// A budget held against a model.
struct BudgetResult: Sendable {
  let budget: Budget
  let verdict: Budget.Verdict
  /// What the limit is held against, in joules or grams of CO2e; nil where there is no figure.
  let value: Interval?
  /// The share of nodes that the figure stands for, from 0 to 1.
  let coverage: Double
  /// What the model took before, where the limit is one on how much more it takes; nil for others.
  var increase: IncreaseFigure?
}

extension Costed {
  /// Holds the model against `budget`.
  func result(of budget: Budget) -> BudgetResult {
    let value = figure(of: budget)
    return BudgetResult(
      budget: budget, verdict: budget.verdict(on: value, coverage: pricedShare), value: value,
      coverage: pricedShare)
  }

  /// What a limit is held against, joules or grams of CO2e; nil where there is no figure.
  ///
  /// Energy for one thing done is the board's; all that a time of use takes is the building's, as is CO2e.
  private func figure(of budget: Budget) -> Interval? {
    let carbon = arguments.lifecycle.carbon
    let board: Interval? =
      switch budget.occasion {
      case .inference: estimate.joulesPerInference
      case .image: joules(per: .image)
      case .token: joules(per: .token)
      case .training: training?.joules
      case .day, .month, .year, .lifecycle: nil
      }
    let building =
      budget.occasion == .lifecycle
      ? lifecycle?.total
      : budget.occasion.seconds.flatMap { lifecycle?.use(for: $0) }
        ?? board.map(carbon.facilityJoules)
    switch budget.dimension {
    case .energy: return board ?? building
    case .carbon:
      return building.map { $0 * (carbon.grid.gramsPerKilowattHour / joulesPerKilowattHour) }
    }
  }

  /// The energy of one of them; nil where the model has none.
  private func joules(per: Per) -> Interval? {
    per.count(in: throughput).flatMap { $0 > 0 ? estimate.joules / Double($0) : nil }
  }

  /// The share of nodes whose energy is part of the estimate, from 0 to 1.
  var pricedShare: Double {
    totals.nodes == 0
      ? 1 : totals.coverage.share - Double(unpricedNodes) / Double(totals.nodes)
  }

  /// The nodes that are understood, but for which the device has no rate.
  var unpricedNodes: Int { Set(estimate.unpriced.flatMap(\.members)).count }

  /// Why the run should fail because of this model, if at all.
  var reason: ExitReason {
    let fails = budgets.contains {
      $0.verdict == .fail || $0.verdict == .undecided && arguments.isStrict
    }
    if fails { return .budget }
    // What is written down by this run is accepted by whoever asked for it.
    guard let level = arguments.failureLevel, let lint, arguments.newBaseline == nil else {
      return .clean
    }
    // What has been mended is not there any more.
    let remains = lint.findings.indices.contains { number in
      lint.findings[number].level >= level && !(fix?.mends(number, of: lint) ?? false)
    }
    return remains ? .findings : .clean
  }
}
