import Cost
import Rules

/// A training run to be costed, as far as the command line says.
struct TrainingRequest: Hashable, Sendable {
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

extension TrainingRequest {
  /// Passes over the examples where nobody says how many, as fine-tuning takes.
  static let assumedEpochs = 25
  /// Examples at once where nobody says how many.
  static let assumedBatch = 32

  /// What stands in for what nobody said, each with the option that says it; none where examples are not known.
  var assumptions: [String] {
    guard datasetSize != nil else { return [] }
    var assumptions: [String] = []
    if epochs == nil { assumptions.append("\(Self.assumedEpochs) epochs (--epochs)") }
    if batch == nil, overhead == nil {
      assumptions.append("batches of \(Self.assumedBatch) (--train-batch)")
    }
    return assumptions
  }
}

extension Arguments {
  /// How a model is trained; nil where nobody says what on.
  ///
  /// Throws where the command line speaks of training and leaves out the examples, without which there is none.
  func trainingPlan() throws(UsageError) -> TrainingPlan? {
    guard let size = training.datasetSize else {
      let isFile = "(or 'training.dataset_size' in \(ConfigurationFile.name))"
      if let option = given.first(where: { $0.option.group == .training })?.option.name {
        throw UsageError("'\(option)' needs --dataset-size \(isFile)")
      }
      if let budget = budgets.first(where: { $0.occasion == .training }) {
        throw UsageError(
          "the budget '\(budget.name)' is for training; say --dataset-size \(isFile)")
      }
      return nil
    }
    let epochs = training.epochs ?? TrainingRequest.assumedEpochs
    if let overhead = training.overhead {
      return .overhead(overhead, datasetSize: size, epochs: epochs)
    }
    return .steps(
      TrainingRun.Plan(
        datasetSize: size, epochs: epochs, batch: training.batch ?? TrainingRequest.assumedBatch,
        optimizer: training.optimizer ?? .sgd, accumulation: training.accumulation ?? 1,
        checkpoints: training.checkpoints, runtime: runtime ?? .eager, precision: precision))
  }
}
