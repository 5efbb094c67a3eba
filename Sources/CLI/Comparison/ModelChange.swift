import Cost
import Graph
import Rules

/// One model before and after, with all that is known of the change.
struct ModelChange: Sendable {
  let pair: Pair
  /// Nil where the model is new.
  let base: Costed?
  /// Nil where the model is gone.
  let head: Costed?
  /// Nil where either is not there, as is what follows from both.
  let comparison: Comparison?
  /// Limits, held against the head.
  var budgets: [BudgetResult] = []
  /// What limits how far the figures can be compared, as sentences.
  var notes: [String] = []

  /// What two estimates say of one another.
  struct Comparison: Sendable {
    /// What figures for people are divided by, in the base and in the head.
    let portions: (base: Portion, head: Portion)
    /// Of one portion.
    let difference: Difference
    /// Of one inference, which limits are of.
    let inference: Difference
    let layers: [LayerChange]
    let nodes: [NodeChange]
    /// Joules of a training run; nil where none is asked for.
    let training: Interval?
    /// Joules from search to the last inference; nil where nobody asked.
    let lifecycle: Interval?
    let findings: FindingChange
  }

  /// The findings that were not there before: all of a model that is new.
  var newFindings: [Finding] { comparison?.findings.new ?? head?.lint?.findings ?? [] }

  /// The side that is there.
  var shown: Costed? { head ?? base }

  /// Whether the change is none that an estimate shows.
  var isSame: Bool {
    guard let comparison, let base, let head else { return false }
    return comparison.difference.joules.value == 0 && comparison.difference.seconds.value == 0
      && comparison.nodes.isEmpty && base.totals == head.totals
      && comparison.findings.isNothing
  }
}

extension ModelChange.Comparison {
  /// Throws where the figures of the two are of different things.
  init(from base: Costed, to head: Costed) throws(InputError) {
    try expectComparable(base.estimate, head.estimate)
    var portions = (
      base: Portion(head.arguments.per, of: base.throughput),
      head: Portion(head.arguments.per, of: head.throughput)
    )
    if portions.base.per != portions.head.per {
      portions = (
        Portion(.inference, of: base.throughput), Portion(.inference, of: head.throughput)
      )
    }
    self.portions = portions
    let nodes = Correspondence(from: base.analysis, to: head.analysis)
    let counts = (base: portions.base.count, head: portions.head.count)
    difference = Difference(from: base.estimate, to: head.estimate, nodes, per: counts)
    let batches = (Double(base.analysis.binding.batch), Double(head.analysis.binding.batch))
    inference =
      counts == batches
      ? difference : Difference(from: base.estimate, to: head.estimate, nodes, per: batches)
    layers = LayerChange.all(from: base.estimate, to: head.estimate, per: counts)
    self.nodes = NodeChange.all(from: base.estimate, to: head.estimate, nodes, per: counts)
    training = Self.training(from: base, to: head, nodes, inference)
    lifecycle = Self.lifecycle(from: base, to: head, inference, training)
    findings = FindingChange(from: base.lint, to: head.lint)
  }
}

extension ModelChange.Comparison {
  /// What a training run takes more.
  private static func training(
    from base: Costed, to head: Costed, _ nodes: Correspondence, _ inference: Difference
  ) -> Interval? {
    switch (base.training, head.training) {
    case (.steps(let before)?, .steps(let after)?):
      return Difference(
        from: before.bill, to: after.bill, on: after.device, nodes
      ).joules
    case (.overhead?, .overhead(let after)?):
      return inference.joules * (after.factor * after.examples)
    default: return nil
    }
  }

  /// What all phases take more: every phase is off as inferences and training are.
  private static func lifecycle(
    from base: Costed, to head: Costed, _ inference: Difference, _ training: Interval?
  ) -> Interval? {
    guard let before = base.lifecycle, let after = head.lifecycle else { return nil }
    let plan = after.plan
    let change = after.total.value - before.total.value
    let runs = Double((plan.search?.trials ?? 0) + 1)
    let used = inference.joules * (plan.use?.inferences ?? 0)
    let trained = (training ?? Interval(exactly: 0)) * runs
    let sum = plan.carbon.facilityJoules(used + trained)
    return Interval(
      change, low: change - (sum.value - sum.low), high: change + (sum.high - sum.value))
  }
}

extension TrainingRun {
  /// The kernels of the whole run.
  fileprivate var bill: Difference.Bill {
    // The last step of an epoch may be smaller, so that a run is not quite its steps.
    let step = joulesPerStep.value
    return Difference.Bill(kernels, costs, count: step > 0 ? joules.value / step : 0)
  }
}
