import Cost
import Rules

/// A training run to be costed, as far as the command line says.
struct TrainingRequest: Hashable, Sendable {
  var isWanted = false
  var datasetSize: Int?
  var epochs: Int?
  var batch: Int?
  var optimizer: TrainingRun.Optimizer?
  /// Batches to an update; nil for one.
  var accumulation: Int?
  var checkpoints = false
  /// The share of the energy that comes on top of the forward passes; nil to work out the backward pass.
  var overhead: Double?
  /// The models trained in a search.
  var trials: Int?
  var search: Search.Method?

  var hasSearch: Bool { trials != nil || search != nil }
}

/// How training is priced.
enum TrainingPlan: Hashable, Sendable {
  /// Step by step, with a backward pass worked out from the graph.
  case steps(TrainingRun.Plan)
  /// As inferences of so many examples, and a share on top.
  case overhead(Double, datasetSize: Int, epochs: Int)
}

extension Arguments {
  /// How a model is trained; nil where nobody asked.
  ///
  /// Throws where something is left out, or is given for no training.
  func trainingPlan() throws(UsageError) -> TrainingPlan? {
    let given: [(option: String, isGiven: Bool)] = [
      ("--dataset-size", training.datasetSize != nil), ("--epochs", training.epochs != nil),
      ("--train-batch", training.batch != nil), ("--optimizer", training.optimizer != nil),
      ("--accumulate", training.accumulation != nil),
      ("--checkpointing", training.checkpoints),
      ("--training-overhead", training.overhead != nil), ("--trials", training.trials != nil),
      ("--search", training.search != nil),
    ]
    guard training.isWanted else {
      if let option = given.first(where: \.isGiven)?.option {
        throw UsageError("'\(option)' is for training; say '--train' too")
      }
      if let budget = budgets.first(where: { $0.occasion == .training }) {
        throw UsageError(
          "the budget '\(budget.name)' is for training; say '--train' and how with --dataset-size, "
            + "--epochs and --train-batch")
      }
      return nil
    }
    if let overhead = training.overhead, let size = training.datasetSize,
      let epochs = training.epochs
    {
      return .overhead(overhead, datasetSize: size, epochs: epochs)
    }
    guard let size = training.datasetSize, let epochs = training.epochs, let batch = training.batch
    else {
      let needed = given.prefix(training.overhead == nil ? 3 : 2)
      let missing = needed.filter { !$0.isGiven }.map(\.option)
      let list = ([missing.dropLast().joined(separator: ", "), missing.last ?? ""]).filter {
        !$0.isEmpty
      }
      throw UsageError("'--train' needs \(list.joined(separator: " and "))")
    }
    return .steps(
      TrainingRun.Plan(
        datasetSize: size, epochs: epochs, batch: batch, optimizer: training.optimizer ?? .sgd,
        accumulation: training.accumulation ?? 1, checkpoints: training.checkpoints,
        runtime: runtime ?? .eager, precision: precision))
  }
}
