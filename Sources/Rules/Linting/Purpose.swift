package import Cost

/// What a model is for, as far as its author has said.
///
/// Rules on deployment and lifecycle are silent about what nobody has said.
package struct Purpose: Sendable {
  /// What is wanted of a model that reads text; nil where nobody has said.
  package var task: Task?
  /// How the model is trained.
  package var training: TrainingRun.Plan?
  /// The model from the search for it to its last inference.
  package var lifecycle: Lifecycle?
  /// The grids that the model may be trained or run on.
  package var grids: [Grid] = []
  /// The model among those that do the same.
  package var candidate: Candidate?

  package enum Task: String, Sendable, CaseIterable {
    /// Text is generated, one token after another.
    case generate
    /// Only what is said of the last token counts.
    case classifyLast = "classify-last"
  }

  /// One of several models that do the same.
  package struct Candidate: Sendable {
    /// What the score is of: `accuracy`.
    package var metric: String
    /// More is better.
    package var score: Double
    package var rivals: [Rival]

    package init(metric: String, score: Double, rivals: [Rival]) {
      self.metric = metric
      self.score = score
      self.rivals = rivals
    }
  }

  /// Another model that does the same.
  package struct Rival: Sendable {
    /// What users call it: its path.
    package var name: String
    package var score: Double
    /// What an inference takes under the same settings.
    package var joulesPerInference: Interval

    package init(name: String, score: Double, joulesPerInference: Interval) {
      self.name = name
      self.score = score
      self.joulesPerInference = joulesPerInference
    }
  }

  package init(
    task: Task? = nil, training: TrainingRun.Plan? = nil, lifecycle: Lifecycle? = nil,
    grids: [Grid] = [], candidate: Candidate? = nil
  ) {
    self.task = task
    self.training = training
    self.lifecycle = lifecycle
    self.grids = grids
    self.candidate = candidate
  }
}

/// What advice on the whole life of a model is worth, where it changes no inference.
package struct Benefit: Hashable, Sendable {
  /// Joules of the whole lifecycle; nil where none are saved.
  package var joules: Interval?
  /// Grams of CO2e of the whole lifecycle; nil where that is not what it is about.
  package var grams: Interval?
  /// The saving as a share of the lifecycle's energy, or of its CO2e where that alone is saved; from 0 to 1.
  package var share: Double

  package init(joules: Interval? = nil, grams: Interval? = nil, share: Double = 0) {
    self.joules = joules
    self.grams = grams
    self.share = share
  }
}
