import Cost

package struct SearchBudget: Rule {
  package static let page = Page(
    code: "NNC753",
    name: "search-budget",
    group: .lifecycle,
    level: .warning,
    summary: "The search for hyper-parameters trains more models than it needs.",
    why: """
      A search trains a model for each trial. In a study of small networks on FashionMNIST and CIFAR-10, Bayesian
      search had found its best settings after 27 of 64 rounds on average, with little to gain afterwards; grid and
      random search needed more, and neither was clearly better than the other. 27 trials instead of 64 are 58 % of the
      search's energy. A grid is reported from 28 trials on, other methods from 65.
      """,
    fix: """
      Use Bayesian search (Optuna, scikit-optimize), stop when it has not got better for some rounds, and try
      settings on fewer epochs or examples first.
      """,
    safety: "Trials that are not run may have been better; the study's networks are small.",
    sources: [
      "Yarally et al.: Uncovering Energy-Efficient Practices in Deep Learning Training, CAIN 2023"
    ],
    triggers: [
      Example(
        someNetwork, for: .searching(64, .grid),
        configuration: #"{"training": {"dataset_size": 4708, "trials": 64, "search": "grid"}}"#)
    ],
    passes: [
      Example(
        someNetwork, for: .searching(27, .bayesian),
        configuration: #"{"training": {"dataset_size": 4708, "trials": 27, "search": "bayesian"}}"#),
      Example(stringLiteral: someNetwork),
    ],
    options: [
      Setting("training.trials", "models trained in the search", standard: "there is no search"),
      Setting(
        "training.search", "how it picks its trials: grid, random or bayesian",
        standard: "taken for random"),
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let lifecycle = subject.purpose.lifecycle, let joules = lifecycle.search,
      let search = lifecycle.plan.search, !search.assumesTrials
    else { return }
    let enough = search.method == .grid ? Search.bayesianRounds : Search.studiedRounds
    guard search.trials > enough, lifecycle.total.value > 0 else { return }
    let saving = joules * search.bayesianSaving
    let method = search.method.map { "\($0.rawValue) search" } ?? "a search"
    report(
      Report(
        nodes: [],
        message: """
          \(method) trains \(search.trials) models; in one study Bayesian search had found the best after \
          \(Search.bayesianRounds) of \(Search.studiedRounds)
          """,
        fix: "search with a Bayesian method, and stop when it gets no better",
        remedy: .advice(
          Benefit(
            joules: saving, grams: lifecycle.grams(saving),
            share: saving.value / lifecycle.total.value)),
        isExact: false, isNote: true))
  }
}
