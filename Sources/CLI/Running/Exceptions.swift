import Rules

/// What the exceptions of a configuration and a baseline came to in a run over several models.
struct Exceptions {
  /// The entries of `ignore` that could have been of use, in order, and those that were.
  private var considered: [Suppression] = []
  private var used: Set<String> = []
  private var stale: [(baseline: String, model: String, places: Int)] = []

  mutating func add(_ costed: Costed, at path: String) {
    guard let lint = costed.lint else { return }
    let settings = costed.arguments.settings
    for suppression in costed.suppressions where !considered.contains(suppression) {
      // Whether an exception from a rule that was left out is of use, nobody knows.
      let pages = allRules.map { $0.page }
      let isRun = pages.contains { page in
        suppression.rules.contains(where: page.isNamed) && settings.runs(page)
      }
      if isRun { considered.append(suppression) }
    }
    for entry in lint.suppressed {
      if case .ignored(let suppression) = entry.cause { used.insert(suppression.origin) }
    }
    let places = lint.stale.reduce(0) { $0 + $1.places }
    if places > 0, let baseline = costed.arguments.baseline, costed.arguments.newBaseline == nil {
      stale.append((baseline, path, lint.isBaselineComparable ? places : 0))
    }
  }

  /// What nobody needs any more, as sentences.
  var notes: [String] {
    considered.filter { !used.contains($0.origin) }.map {
      "\($0.origin): this entry of 'ignore' (\($0.rules.joined(separator: ", "))) fits no finding of this run"
    }
      + stale.map { baseline, model, places in
        places == 0
          ? "\(baseline): what it has of \(model) was found on another device or in another way of running, so it may"
            + " not fit; '--write-baseline \(baseline)' renews it"
          : "\(baseline): \(counted(places, "place")) of \(model) \(places == 1 ? "is" : "are") mended;"
            + " '--write-baseline \(baseline)' forgets \(places == 1 ? "it" : "them")"
      }
  }
}
