import Cost

package struct LifecyclePhasePriority: Rule {
  package static let page = Page(
    code: "NNC756",
    name: "lifecycle-phase-priority",
    group: .lifecycle,
    level: .info,
    summary: "One phase of the model's life takes nearly all of its energy.",
    why: """
      The energy of a life is that of the search, the training and all inferences: EC = CT + T + e · I. Inferences
      are said to take 80 to 90 % of it where a model is in use. What is worth saving first depends on that: while inferences take four fifths,
      the linter puts changes that keep the function first; while search and training take half, what saves less
      than 5 % of an inference is not told, since fewer trials, epochs or examples save more.
      """,
    fix: "Save in the phase that takes most; for the others, a rough answer is enough.",
    safety: "Advice; nothing changes.",
    sources: [
      "the study of the lifecycle's carbon that docs/sources.md goes through (EC = CT + T + e · I; 80 to 90 %)",
      "https://arxiv.org/abs/2104.10350 (Patterson et al.: Carbon Emissions and Large Neural Network Training)",
    ],
    triggers: [
      Example(
        someNetwork, for: .living(inferences: 1e9),
        configuration: #"{"training": {"dataset_size": 4708}, "usage": {"inferences": 1e9}}"#)
    ],
    passes: [
      Example(
        someNetwork, for: .living(inferences: 1_200_000),
        configuration: #"{"training": {"dataset_size": 4708}, "usage": {"inferences": 1200000}}"#),
      Example(stringLiteral: someNetwork),
    ],
    options: [
      Setting("training.dataset_size", "examples in an epoch", standard: "the rule is silent"),
      Setting("usage.inferences", "inferences of the whole life", standard: "the rule is silent"),
    ]
  )

  /// Inferences that take this share come first.
  static let inferenceShare = 0.8
  /// Search and training that take this share come first.
  static let makingShare = 0.5

  /// Where those come first, what saves less than this of an inference is not told.
  static let dwarfedShare = 0.05

  package init() {}

  /// Whether inferences take nearly all of a life of which training is known too.
  static func isUsed(_ purpose: Purpose) -> Bool {
    guard let lifecycle = purpose.lifecycle, lifecycle.training != nil,
      let inferences = lifecycle.inferences, lifecycle.total.value > 0
    else { return false }
    return inferences.value >= inferenceShare * lifecycle.total.value
  }

  /// Whether search and training take most of a life of which inferences are known too.
  static func isMade(_ purpose: Purpose) -> Bool {
    guard let lifecycle = purpose.lifecycle, lifecycle.inferences != nil else { return false }
    return lifecycle.makingShare >= makingShare
  }

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let lifecycle = subject.purpose.lifecycle, let inferences = lifecycle.inferences,
      lifecycle.training != nil, lifecycle.total.value > 0
    else { return }
    let used = inferences.value / lifecycle.total.value
    let made = lifecycle.makingShare
    let (message, fix): (String, String)
    if Self.isUsed(subject.purpose) {
      (message, fix) = (
        "inferences take \(percent(used)) of the life's energy",
        "save in what an inference takes: changes that keep the function first"
      )
    } else if Self.isMade(subject.purpose) {
      (message, fix) = (
        "search and training take \(percent(made)) of the life's energy",
        "save in trials, epochs and examples before an inference"
      )
    } else {
      return
    }
    report(
      Report(
        nodes: [], message: message, fix: fix, remedy: .advice(Benefit()), isExact: false,
        cap: .info, isNote: true))
  }
}
