/// The search for an architecture and its settings, which trains a model for each trial.
package struct Search: Hashable, Sendable {
  package var trials: Int
  package var method: Method?
  /// Whether nobody gave `trials`.
  package var assumesTrials: Bool

  package enum Method: String, Sendable, CaseIterable {
    case grid, random, bayesian
  }

  /// Rounds that one study ran for every method, and after which Bayesian search had found the optimum on average.
  ///
  /// Yarally et al.: Uncovering Energy-Efficient Practices in Deep Learning Training, CAIN 2023. Grid and random
  /// search had not, and there was no clear winner between them.
  package static let studiedRounds = 64
  package static let bayesianRounds = 27

  package init(trials: Int?, method: Method?) {
    self.trials = trials ?? (method == .bayesian ? Self.bayesianRounds : Self.studiedRounds)
    self.method = method
    assumesTrials = trials == nil
  }

  /// The share of the search's energy that Bayesian search saves, if it needs as many rounds as in the study.
  package var bayesianSaving: Double {
    guard trials > Self.bayesianRounds else { return 0 }
    return 1 - Double(Self.bayesianRounds) / Double(trials)
  }
}
