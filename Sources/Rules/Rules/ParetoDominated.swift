import Cost

package struct ParetoDominated: Rule {
  package static let page = Page(
    code: "NNC759",
    name: "pareto-dominated",
    group: .lifecycle,
    level: .warning,
    summary: "Another model scores no worse and takes less energy.",
    why: """
      Of several models for one task, those are worth a look that nothing beats in score and energy at once. In one
      study of six networks fine-tuned on a T4, ResNet-50 took four times the energy of ResNet-18 and scored lower, and
      DenseNet-169 lost to DenseNet-121 in both. Scores that differ by less than chance are for their owner to
      judge.
      """,
    fix: "Take the other model, or say what this one is better at with another metric.",
    safety: "Another model answers differently; the score says how well on the whole.",
    sources: [
      "the fine-tuning study of the README: accuracy and energy of six networks",
      "https://arxiv.org/abs/1907.10597 (Schwartz et al.: Green AI, cost beside accuracy)",
    ],
    triggers: [
      Example(
        someNetwork, for: .ranked(score: 0.837, against: 0.846, at: 0),
        configuration: """
          {"candidates": {"metric": "accuracy", "scores": {"models/this.onnx": 0.837, "models/other.onnx": 0.846}}}
          """)
    ],
    passes: [
      Example(
        someNetwork, for: .ranked(score: 0.873, against: 0.846, at: 0),
        configuration: """
          {"candidates": {"metric": "accuracy", "scores": {"models/this.onnx": 0.873, "models/other.onnx": 0.846}}}
          """),
      Example(stringLiteral: someNetwork),
    ],
    options: [
      Setting(
        "candidates.scores", "what each model scores, by its path; more is better",
        standard: "the rule is silent"),
      Setting("candidates.metric", "what the score is of", standard: "`score`"),
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let joules = subject.estimate.joulesPerInference.value
    guard let own = subject.purpose.candidate, joules > 0 else { return }
    // Of those that beat the model, the one that takes least.
    let better = own.rivals.filter {
      $0.score >= own.score && $0.joulesPerInference.value < joules
    }
    guard
      let best = better.min(by: {
        ($0.joulesPerInference.value, $0.name) < ($1.joulesPerInference.value, $1.name)
      })
    else { return }
    let share = 1 - best.joulesPerInference.value / joules
    let saved = subject.purpose.lifecycle?.inferences.map { $0 * share }
    let scores =
      best.score == own.score
      ? "scores as much" : "has \(own.metric) \(best.score), against \(own.score)"
    report(
      Report(
        nodes: [],
        message: "\(best.name) \(scores), and takes \(percent(share)) less energy",
        fix: "take \(best.name), or say what this model is better at",
        remedy: .advice(
          Benefit(
            joules: saved,
            grams: saved.flatMap { joules in subject.purpose.lifecycle.map { $0.grams(joules) } },
            share: share)),
        isExact: false))
  }
}
