import Cost
import Graph
import Rules

/// What the command line asks for, in types of its own.
struct Arguments: Sendable {
  var operands: [String] = []

  var request = Binding.Request()
  var device: String?
  /// Nil where each kind of run takes its own: an engine for inference, a framework for training.
  var runtime: Runtime?
  var precision: Precision?
  /// What figures for people are divided by.
  var per = Per.inference
  var training = TrainingRequest()
  var lifecycle = LifecycleRequest()

  var budgets: [Budget] = []
  /// Findings of this level or above fail the run; nil where none does.
  var failureLevel: Level? = .error
  var exitZero = false
  var isStrict = false
  var settings = Settings()

  var wantsFix = false
  /// Where the fixed model goes; nil where it is only told what would be done.
  var fixedFile: String?

  var format: String?
  var files: [OutputFile] = []
  var top: Int?
  var withTensors = false
  var withKernels = false
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

extension Arguments {
  /// How inference is run.
  var scenario: Scenario { Scenario(runtime: runtime ?? .fused, precision: precision) }
}
