import Cost

/// A lifecycle as people read it: the chain of phases, and every assumption.
struct LifecycleWords {
  private let lifecycle: Lifecycle
  private let withEquivalences: Bool
  private let bound: String

  /// `isPartial` says that nodes are left out of the figures.
  init(_ lifecycle: Lifecycle, withEquivalences: Bool, isPartial: Bool) {
    self.lifecycle = lifecycle
    self.withEquivalences = withEquivalences
    bound = isPartial ? "at least " : ""
  }

  private var carbon: Carbon { lifecycle.plan.carbon }

  /// `at least 1.23 MWh [0.9 .. 1.6], 580 kg CO2e`; of one inference, where no phase is known.
  var line: String {
    guard !lifecycle.phases.isEmpty else { return figures(lifecycle.inference, per: "/inf") }
    return figures(lifecycle.total, per: "")
  }

  private func figures(_ joules: Interval, per: String) -> String {
    let grams = lifecycle.grams(joules).value
    return "\(bound)\((joules / 3600).text("Wh\(per)")), \(Number.mass(grams)) CO2e\(per)"
  }

  /// The line, a row for each phase, and what all of it rests on.
  var text: String {
    var text = "Lifecycle: \(line)\n" + phases
    for sentence in sentences { text += "  \(sentence)\n" }
    return text
  }

  private var phases: String {
    let phases = lifecycle.phases
    guard phases.count > 1 else { return "" }
    let total = lifecycle.total.value
    // A unit for each row, since phases differ by orders of magnitude.
    var table = Table([
      ("energy", .right), ("share", .right), ("CO2e", .right), ("phase", .left), ("", .left),
    ])
    for (name, joules) in phases {
      table.add([
        Number.text(joules.value / 3600, unit: "Wh"),
        total > 0 ? Number.percent(joules.value / total) : "",
        Number.mass(lifecycle.grams(joules).value), name, detail(name),
      ])
    }
    return table.text
  }

  private func detail(_ phase: String) -> String {
    let plan = lifecycle.plan
    switch (phase, plan.search, plan.use) {
    case ("search", let search?, _):
      let method = search.method.map { "\($0.rawValue) search, " } ?? ""
      return "\(method)\(search.trials) trials of one training each"
        + (search.assumesTrials ? " (assumed)" : "")
    case ("training", _, _):
      return plan.search == nil ? "" : "of the model itself, beside the trials"
    case ("inferences", _, let use?):
      let each = Number.text(lifecycle.inference.value, unit: "J")
      return "\(Number.text(use.inferences, unit: "")) in \(lifetime(use)), \(each) each with PUE"
    case ("standby", _, let use?):
      let boards = use.boards ?? 0
      return "\(boards) board\(boards == 1 ? "" : "s") kept ready, while idle"
    default: return ""
    }
  }

  private func lifetime(_ use: Lifecycle.Use) -> String {
    Number.years(use.lifetimeSeconds) + (use.assumesLifetime ? " (assumed)" : "")
  }

  /// What the figures rest on, what follows from them, and what they leave out.
  private var sentences: [String] {
    [assumptions]
      + [dominant, utilisation, breakEven, batching, bayesian, equivalences].compactMap { $0 }
      + missing
  }

  private var assumptions: String {
    let pue =
      carbon.assumesPUE
      ? "PUE \(Number.text(carbon.pue)) (mean of a 2020 survey by the Uptime Institute; --pue)"
      : "PUE \(Number.text(carbon.pue))"
    return "assumes \(pue), " + carbon.gridWords
  }

  private var utilisation: String? {
    guard let busy = lifecycle.busyBoards, let use = lifecycle.plan.use else { return nil }
    if let boards = use.boards, busy > Double(boards) {
      return
        "\(use.boards == 1 ? "one board is" : "\(boards) boards are") not enough: the inferences"
        + " keep \(Number.text(busy)) busy"
    }
    guard let idle = lifecycle.possibleStandby, idle.value > 0 else { return nil }
    return "keeps \(Number.text(busy)) boards busy; one kept ready all the time would draw another"
      + " \(Number.text(idle.value / 3600, unit: "Wh")) while idle, not counted here (--boards)"
  }

  /// Where saving is worth most.
  private var dominant: String? {
    guard let (name, share) = lifecycle.dominant, share >= 0.5 else { return nil }
    let advice =
      switch name {
      case "inferences": "what an inference takes is worth saving first"
      case "standby": "fewer boards kept ready are worth most"
      default: "fewer trials, epochs or examples are worth more than a faster inference"
      }
    return "\(name) take\(name == "inferences" ? "" : "s") \(Number.percent(share)): \(advice)"
  }

  private var batching: String? {
    guard let batched = lifecycle.batched, lifecycle.batchedSaving >= 0.05 else { return nil }
    return "\(batched.batch) inferences made at once take"
      + " \(Number.text(batched.inference.value, unit: "J")) each, which saves"
      + " \(Number.percent(lifecycle.batchedSaving)) where they can wait for one another (--batch)"
  }

  private var breakEven: String? {
    guard let count = lifecycle.breakEvenInferences else { return nil }
    let made = lifecycle.search == nil ? "training" : "search and training together"
    var text = "\(Number.text(count, unit: "")) inferences take as much as \(made)"
    if let use = lifecycle.plan.use, use.inferences > 0 {
      let seconds = count / use.inferences * use.lifetimeSeconds
      text += ", which is \(Number.duration(seconds)) of use"
    }
    return text
  }

  private var bayesian: String? {
    guard let search = lifecycle.plan.search, search.method != .bayesian, lifecycle.search != nil,
      search.bayesianSaving > 0
    else { return nil }
    return "Bayesian search found the best of \(Search.studiedRounds) rounds after"
      + " \(Search.bayesianRounds) in one study (CAIN 2023): as many trials save"
      + " \(Number.percent(search.bayesianSaving)) of the search"
  }

  private var equivalences: String? {
    guard withEquivalences else { return nil }
    let grams = lifecycle.grams(
      lifecycle.phases.isEmpty ? lifecycle.inference : lifecycle.total
    ).value
    // Tiny parts of a thing tell nobody anything.
    let counts = Equivalence.allCases.map { ($0, $0.count(for: grams)) }
    let telling = counts.filter { $0.1 >= 0.1 }
    let words = (telling.isEmpty ? Array(counts.prefix(1)) : telling).map {
      "\(Number.text($0.1)) \($0.0.rawValue)"
    }
    return "as much CO2e as \(words.joined(separator: ", or ")) (\(Equivalence.edition))"
  }

  private var missing: [String] {
    var missing: [String] = []
    if lifecycle.training == nil {
      missing.append(
        "training is not counted: say how many examples with --dataset-size")
    }
    if lifecycle.inferences == nil {
      missing.append("use is not counted: say how much with --inferences, such as 3e7/month")
    }
    return missing
  }
}

extension Carbon {
  /// `381 g CO2e/kWh (Germany, 2024, Ember Yearly Electricity Data)`.
  var gridWords: String {
    let figure = "\(Number.text(grid.gramsPerKilowattHour)) g CO2e/kWh"
    guard let year = grid.year else { return figure }
    let place = assumesGrid ? "the world's average, as no region is given" : grid.name
    return "\(figure) (\(place); \(year), \(grid.source)\(assumesGrid ? "; --region" : ""))"
  }
}

extension Number {
  /// A mass: with a prefix before grams below a kilogram, then in kilograms, then in tonnes.
  static func mass(_ grams: Double) -> String {
    switch grams {
    case 1e6...: text(grams / 1e6, unit: "t")
    case 1e3...: "\(text(grams / 1e3)) kg"
    default: text(grams, unit: "g")
    }
  }

  /// A long time: in whole years or months where it has as many, in years where it has many.
  static func years(_ seconds: Double) -> String {
    let year = 365.25 * 86400
    for (name, unit) in [("year", year), ("month", year / 12)] {
      let count = (seconds / unit).rounded()
      if count >= 1, count < 1000, (seconds / unit - count).magnitude < 1e-9 {
        return "\(decimal(count, places: 0)) \(name)\(count == 1 ? "" : "s")"
      }
    }
    return seconds < 3 * year ? duration(seconds) : "\(text(seconds / year)) years"
  }
}
