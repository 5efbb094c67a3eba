import Cost
import Rules

/// A training run to be costed, as far as the command line says.
struct TrainingRequest: Hashable, Sendable {
  var isWanted = false
  var datasetSize: Int?
  var epochs: Int?
  var batch: Int?
  var optimizer: TrainingRun.Optimizer?
}

extension Arguments {
  /// How a model is trained; nil where nobody asked.
  ///
  /// Throws where something is left out, or is given for no training.
  func trainingPlan() throws(UsageError) -> TrainingRun.Plan? {
    let given: [(option: String, isGiven: Bool)] = [
      ("--dataset-size", training.datasetSize != nil), ("--epochs", training.epochs != nil),
      ("--train-batch", training.batch != nil), ("--optimizer", training.optimizer != nil),
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
    guard let size = training.datasetSize, let epochs = training.epochs, let batch = training.batch
    else {
      let missing = given.prefix(3).filter { !$0.isGiven }.map(\.option)
      let list = ([missing.dropLast().joined(separator: ", "), missing.last ?? ""]).filter {
        !$0.isEmpty
      }
      throw UsageError("'--train' needs \(list.joined(separator: " and "))")
    }
    return TrainingRun.Plan(
      datasetSize: size, epochs: epochs, batch: batch, optimizer: training.optimizer ?? .sgd,
      runtime: runtime ?? .eager, precision: precision)
  }
}
