import Cost
import Graph
import Rules

/// What the command line asks for, in types of its own.
struct Arguments: Sendable {
  var operands: [String] = []
  /// The options in the order of the command line, each with its value as written.
  var given: [GivenOption] = []
  /// The configuration file asked for; nil to look for the nearest.
  var configuration: String?
  /// Whether configuration files are left alone.
  var isIsolated = false

  /// What walks through folders leave out.
  var exclusions: [Exclusion] = []
  var request = Binding.Request()
  var device: String?
  /// Nil where each kind of run takes its own: an engine for inference, a framework for training.
  var runtime: Runtime?
  var precision: Precision?
  /// What figures for people are divided by.
  var per = Per.inference
  var training = TrainingRequest()
  var lifecycle = LifecycleRequest()
  /// What is wanted of a model that reads text.
  var task: Purpose.Task?
  /// The grids that models may be trained or run on.
  var allowedGrids: [Grid] = []

  var budgets: [Budget] = []
  /// How far above what models take limits are set, as a share; nil if not given.
  var headroom: Double?
  var isDryRun = false
  /// Limits on how much more a model takes than in a revision.
  var increaseLimits: [IncreaseLimit] = []
  /// Findings of this level or above fail the run; nil where none does.
  var failureLevel: Level? = .error
  var exitZero = false
  var isStrict = false
  var settings = Settings()
  /// The file of the findings that were there before.
  var baseline: String?
  /// How much more an inference may take than in the base or the baseline; nil for any.
  var maximumIncrease: Increase?
  /// The revision that models are compared with; nil for none.
  var base: String?
  /// Where the findings of this run are written down.
  var newBaseline: String?

  var wantsFix = false
  /// Where the fixed model goes; nil where it is only told what would be done.
  var fixedFile: String?

  var format: String?
  var files: [OutputFile] = []
  var top: Int?
  var withTensors = false
  var withKernels = false
  /// Whether a dump has what exporters left at nodes.
  var withMetadata = false
  var isQuiet = false
  var isVerbose = false
  var color = ColorChoice.auto
  var asJSON = false
  var wantsHelp = false

  /// An option with its value as written.
  struct GivenOption: Sendable {
    var option: Option
    var text: String
  }

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
  /// The same with an option more, as if the command line had it.
  func giving(_ name: String, _ text: String) throws(UsageError) -> Arguments {
    guard let option = Option.table.first(where: { $0.name == name }) else { return self }
    var arguments = self
    try option.read(&arguments, text)
    arguments.given.append(.init(option: option, text: text))
    return arguments
  }

  /// The devices that the command line names, in its order.
  var devices: [String] { given.filter { $0.option.name == "--device" }.map(\.text) }

  /// How inference is run.
  var scenario: Scenario { Scenario(runtime: runtime ?? .fused, precision: precision) }
}
