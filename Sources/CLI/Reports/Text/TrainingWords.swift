import Cost
import Graph
import Rules

/// What training takes, as people read it.
struct TrainingWords {
  private let training: Training
  private let bound: String
  private let assumptions: [String]

  /// `isPartial` says that nodes are left out of the figures, `assumptions` what nobody said.
  init(_ training: Training, isPartial: Bool, assumptions: [String] = []) {
    self.training = training
    self.assumptions = assumptions
    var isPartial = isPartial
    if case .steps(let run) = training, !run.unpriced.isEmpty { isPartial = true }
    bound = isPartial ? "at least " : ""
  }

  /// `at least 82.3 kJ [60.1 .. 110] (22.9 Wh), 20.0 min`.
  var line: String {
    let joules = training.joules
    return "\(bound)\(joules.text("J")) (\(Number.text(joules.value / 3600, unit: "Wh"))), "
      + Number.duration(training.seconds.value)
  }

  /// The figures, and what they rest on.
  var text: String {
    let conditions =
      switch training {
      case .steps(let run): conditions(run)
      case .overhead(let training): conditions(training)
      }
    let assumed =
      assumptions.isEmpty ? "" : "  assumes \(assumptions.joined(separator: " and "))\n"
    return "Training: \(line)\n" + conditions + assumed
  }

  /// The conditions, and where the energy of a step goes.
  private func conditions(_ run: TrainingRun) -> String {
    let plan = run.plan
    var text =
      "  \(plan.datasetSize) examples · \(counted(plan.epochs, "epoch")) · batch \(plan.batch)"
    if plan.accumulation > 1 { text += ", \(plan.accumulation) to an update" }
    text += " · \(plan.optimizer.rawValue) · \(plan.runtime.rawValue)"
    text += plan.precision.map { " · \($0.rawValue)" } ?? ""
    text +=
      ": \(counted(run.steps, "step")) of \(Number.text(run.joulesPerStep.value, unit: "J"))\n"
    if run.foldedNormalizations > 0 {
      text +=
        "  assumes \(counted(run.foldedNormalizations, "batch normalisation")) that the export has"
      text += " folded into convolutions\n"
    }
    if let loss = run.loss {
      text += "  assumes a cross-entropy over \(loss.classes) classes as the loss\n"
    }
    let all = run.joulesPerStep.value
    guard all > 0 else { return text }
    var parts = [("forward", run.forward), ("backward", run.backward), ("update", run.update)]
    if plan.checkpoints { parts.insert(("forward again", run.recomputation), at: 1) }
    let shares = parts.map { "\($0.0) \(Number.percent($0.1.joules / all))" }
    return text + "  " + shares.joined(separator: ", ") + "\n" + memory(run)
  }

  /// What a step holds at its peak, and whether the board can.
  private func memory(_ run: TrainingRun) -> String {
    func bytes(_ count: Int) -> String { Number.text(Double(count), unit: "B") }
    let memory = run.memory
    let states = saturatingSum(memory.gradients, memory.optimizerStates)
    var text =
      "  holds \(bytes(memory.total)) at its peak: activations \(bytes(memory.activations)),"
    text += " parameters \(bytes(memory.parameters)), gradients and optimizer \(bytes(states)),"
    text += " passing \(bytes(memory.passing))\n"
    guard memory.total > run.device.dramBytes else { return text }
    text += "  which is more than the \(bytes(run.device.dramBytes)) of \(run.device.name):"
    text += " it takes a smaller --train-batch with --accumulate"
    text += run.plan.checkpoints ? "\n" : ", or --checkpointing\n"
    return text
  }

  /// The share, and what it comes to.
  private func conditions(_ training: OverheadTraining) -> String {
    let joules = Number.text(training.joulesPerInference.value, unit: "J")
    return """
        \(training.datasetSize) examples · \(counted(training.epochs, "epoch")): \
      \(Number.text(training.examples, unit: "")) inferences of \(joules), each \
      \(Number.text(training.factor)) times
        assumes that \(Number.percent(training.overhead)) of the energy comes on top of the forward passes, \
      and draws the same power; batch, optimizer and backward pass have no part in it

      """
  }
}
