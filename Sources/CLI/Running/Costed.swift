import Cost
import Graph
import Rules

/// One input and what became of it.
struct Entry: Sendable {
  /// As on the command line.
  var path: String
  var outcome: Outcome

  enum Outcome: Sendable {
    case costed(Costed)
    case failed(InputError)
  }
}

/// A model with all that is known of it.
struct Costed: Sendable {
  let estimate: Estimate
  let totals: Totals
  /// The settings that hold for this model.
  let arguments: Arguments
  /// The configuration file that they are from; nil for none.
  var configuration: String?
  /// What the rules say; nil where they were not asked.
  var lint: LintResult?
  /// What was fixed; nil where nobody asked.
  var fix: Fix?
  /// What training takes; nil where nobody asked.
  var training: Training?
  /// What search, training and use take together; nil where nobody asked.
  var lifecycle: Lifecycle?
  var budgets: [BudgetResult] = []
  /// What its author and its project accept.
  var suppressions: [Suppression] = []
  /// What could not be done with the model, as clauses.
  var notes: [String] = []

  init(_ estimate: Estimate, _ arguments: Arguments) {
    self.estimate = estimate
    self.arguments = arguments
    totals = estimate.analysis.totals
  }

  var analysis: Analysis { estimate.analysis }
  var throughput: Throughput { Throughput(analysis) }
}

/// What training takes, as one of two ways of pricing it says.
enum Training: Sendable {
  case steps(TrainingRun)
  case overhead(OverheadTraining)

  /// The run that was priced step by step, where it was.
  var run: TrainingRun? {
    if case .steps(let run) = self { run } else { nil }
  }

  var joules: Interval {
    switch self {
    case .steps(let run): run.joules
    case .overhead(let training): training.joules
    }
  }

  var seconds: Interval {
    switch self {
    case .steps(let run): run.seconds
    case .overhead(let training): training.seconds
    }
  }
}

/// Why an input could not be costed.
struct InputError: Error, Hashable, Sendable {
  /// For programs: `format`, `model`.
  var code: String
  /// For people, as a clause.
  var message: String
  /// Where in the file, or nil where that has no place.
  var place: String?
}

extension InputError {
  /// What is wrong and where: `byte 1042: …`.
  var text: String { place.map { "\($0): \(message)" } ?? message }

  /// The error as standard error shows it: `models/det.onnx: byte 1042: …`.
  func line(for path: String) -> String { "\(path): \(text)".printable }
}
