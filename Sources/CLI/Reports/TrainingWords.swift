import Cost
import Graph
import Rules

/// A training run as people read it.
struct TrainingWords {
  private let run: TrainingRun
  private let bound: String

  /// `isPartial` says that nodes are left out of the figures.
  init(_ run: TrainingRun, isPartial: Bool) {
    self.run = run
    bound = isPartial || !run.unpriced.isEmpty ? "at least " : ""
  }

  /// `at least 82.3 kJ [60.1 .. 110] (22.9 Wh), 20.0 min`.
  var line: String {
    let joules = run.joules
    return "\(bound)\(joules.text("J")) (\(Number.text(joules.value / 3600, unit: "Wh"))), "
      + Number.duration(run.seconds.value)
  }

  /// The conditions, and where the energy of a step goes.
  var text: String {
    let plan = run.plan
    var text = "Training: \(line)\n"
    text +=
      "  \(plan.datasetSize) examples · \(counted(plan.epochs, "epoch")) · batch \(plan.batch)"
    text += " · \(plan.optimizer.rawValue) · \(plan.runtime.rawValue)"
    text += plan.precision.map { " · \($0.rawValue)" } ?? ""
    text +=
      ": \(counted(run.steps, "step")) of \(Number.text(run.joulesPerStep.value, unit: "J"))\n"
    if run.foldedNormalizations > 0 {
      text +=
        "  assumes \(counted(run.foldedNormalizations, "batch normalisation")) that the export has"
      text += " folded into convolutions\n"
    }
    let all = run.joulesPerStep.value
    guard all > 0 else { return text }
    let parts = [("forward", run.forward), ("backward", run.backward), ("update", run.update)]
    let shares = parts.map { "\($0.0) \(Number.percent($0.1.joules / all))" }
    return text + "  " + shares.joined(separator: ", ") + "\n"
  }
}
