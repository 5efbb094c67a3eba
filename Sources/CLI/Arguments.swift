import Cost
import Graph
import Rules

/// What the command line asks for, in types of its own.
struct Arguments: Sendable {
  var operands: [String] = []

  var request = Binding.Request()
  var device: String?
  var scenario = Scenario()
  var training = TrainingRequest()

  var budgets: [Budget] = []
  /// Findings of this level or above fail the run; nil where none does.
  var failureLevel: Level? = .error
  var exitZero = false
  var isStrict = false
  var settings = Settings()

  var format: String?
  var files: [OutputFile] = []
  var top: Int?
  var withTensors = false
  var isQuiet = false
  var isVerbose = false
  var color = ColorChoice.auto
  var asJSON = false
  var wantsHelp = false

  /// A report to be written to a file beside the one on standard output.
  struct OutputFile: Hashable, Sendable {
    var format: String
    var path: String
  }

  enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never
  }
}

/// A training run to be costed, as far as the command line says.
struct TrainingRequest: Hashable, Sendable {
  var isWanted = false
  var datasetSize: Int?
  var epochs: Int?
  var batch: Int?
  var optimizer: String?
}
