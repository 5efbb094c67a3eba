import Cost
import Rules

/// What a lifecycle should be told about, as far as the command line says.
struct LifecycleRequest: Hashable, Sendable {
  var isWanted = false
  var inferences: Inferences?
  var lifetimeSeconds: Double?
  var boards: Int?
  var grid: Grid?
  var gramsPerKilowattHour: Double?
  var pue: Double?
  var withEquivalences = false

  /// So many inferences, in all or in so many seconds.
  struct Inferences: Hashable, Sendable {
    var count: Double
    var perSeconds: Double?
  }

  /// What a use without a lifetime is taken to last.
  static let assumedLifetimeSeconds = 365.25 * 86400

  /// Whether anything that only a lifecycle has is asked for.
  var isMeant: Bool {
    isWanted || inferences != nil || lifetimeSeconds != nil || boards != nil || withEquivalences
  }

  /// Whether reports for people speak of greenhouse gas.
  var tellsCarbon: Bool { isMeant || grid != nil || gramsPerKilowattHour != nil || pue != nil }

  var carbon: Carbon {
    Carbon(pue: pue, grid: grid ?? gramsPerKilowattHour.map { Grid(gramsPerKilowattHour: $0) })
  }
}

extension Arguments {
  /// Throws where a limit is for use over time, and nobody says how much use there is.
  private func expectLifecycleBudgets(_ isKnown: Bool) throws(UsageError) {
    guard !isKnown,
      let budget = budgets.first(where: { $0.occasion.seconds != nil || $0.occasion == .lifecycle })
    else { return }
    throw UsageError(
      "the budget '\(budget.name)' is for use over time; say how much with --inferences, such as"
        + " --inferences 3e7/month (or 'usage.inferences' in \(ConfigurationFile.name))")
  }

  /// What the lifecycle is made of; nil where nobody asked.
  ///
  /// Throws where two answers are given to one question, or one is missing.
  func lifecyclePlan() throws(UsageError) -> Lifecycle.Plan? {
    if lifecycle.grid != nil && lifecycle.gramsPerKilowattHour != nil {
      throw UsageError("'--region' and '--grams-per-kwh' both say what the grid emits; give one")
    }
    guard lifecycle.isMeant || training.hasSearch && training.datasetSize != nil else {
      try expectLifecycleBudgets(false)
      return nil
    }
    try expectLifecycleBudgets(lifecycle.inferences != nil)
    let search =
      training.hasSearch ? Search(trials: training.trials, method: training.search) : nil
    guard let inferences = lifecycle.inferences else {
      if lifecycle.lifetimeSeconds != nil || lifecycle.boards != nil {
        let option = lifecycle.boards == nil ? "--lifetime" : "--boards"
        throw UsageError("'\(option)' needs --inferences, such as --inferences 3e7/month")
      }
      return .init(carbon: lifecycle.carbon, search: search)
    }
    let seconds = lifecycle.lifetimeSeconds ?? LifecycleRequest.assumedLifetimeSeconds
    let count = inferences.count * (inferences.perSeconds.map { seconds / $0 } ?? 1)
    return .init(
      carbon: lifecycle.carbon, search: search,
      use: .init(
        inferences: count, lifetimeSeconds: seconds,
        assumesLifetime: lifecycle.lifetimeSeconds == nil, boards: lifecycle.boards))
  }
}
