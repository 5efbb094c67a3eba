import Cost
import Graph
import Rules

/// One option of the command line: what is parsed, what `help` prints, and what near matches are looked for in.
struct Option: Sendable {
  typealias Reader = @Sendable (inout Arguments, String) throws(UsageError) -> Void

  let name: String
  let short: Character?
  /// What the value is called in help; nil where the option takes none.
  let value: String?
  let help: String
  let group: Group
  let read: Reader

  enum Group: String, CaseIterable, Sendable {
    case input, execution, training, lifecycle, rules, gate, comparison, record, baseline, budget,
      writing, fix
    case reports, changes, output, dump, configuration, listing, general

    /// What help calls the group; neighbours of one title are one group there.
    var title: String {
      switch self {
      case .reports, .changes, .dump: Group.output.title
      case .record: Group.baseline.title
      default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
      }
    }
  }
}

extension Option {
  /// Every option of every command, in the order in which help shows them.
  static let table: [Option] =
    input + execution + training + lifecycle + rules + gate + comparison + record + baseline
    + budgets + writing + fix
    + reports
    + changes
    + output + dump
    + configuration + [
      flag(.listing, "--json", "write JSON") { $0.asJSON = true },
      flag(.general, "--help", short: "h", "print this text") { $0.wantsHelp = true },
    ]

  private static let input = [
    taking(
      .input, "--exclude", "GLOB",
      "models or folders to leave out of folders, such as \"old/**\"; may be repeated"
    ) {
      a, text throws(UsageError) in a.exclusions.append(Exclusion(text, from: .current))
    },
    taking(.input, "--input-shape", "NAME=1x3x224x224", "extents of an input; may be repeated") {
      a, text throws(UsageError) in a.request.inputShapes.append(try inputShape(text))
    },
    taking(.input, "--dim", "NAME=N", "number for a named dimension; may be repeated") {
      a, text throws(UsageError) in a.request.symbols.append(try symbol(text))
    },
    taking(.input, "--batch", "N", "inferences made at once: leading extent of every input") {
      a, text throws(UsageError) in a.request.batch = try positive("--batch", text)
    },
  ]

  private static let execution = [
    taking(
      .execution, "--device", short: "d", "NAME|FILE",
      "one of 'nncost devices', or the file of a table; cost takes several"
    ) {
      a, text throws(UsageError) in a.device = text
    },
    taking(
      .execution, "--precision", names(Precision.self),
      "cast arithmetic and weights, to tf32 in products alone; the graph's own types if not given"
    ) {
      a, text throws(UsageError) in a.precision = try choice("precision", text)
    },
    taking(
      .execution, "--runtime", names(Runtime.self),
      "an engine (inference) or a framework (training), unless given"
    ) {
      a, text throws(UsageError) in a.runtime = try choice("runtime", text)
    },
    taking(.execution, "--per", names(Per.self), "what energy and time are given for") {
      a, text throws(UsageError) in a.per = try choice("unit", text)
    },
  ]

  private static let training: [Option] = [
    taking(
      .training, "--dataset-size", "N", "examples in an epoch: cost a training run too"
    ) {
      a, text throws(UsageError) in a.training.datasetSize = try positive("--dataset-size", text)
    },
    // Examples alone say as much; the word is for whoever looks for it.
    flag(.training, "--train", "the same; needs --dataset-size") { _ in },
    taking(
      .training, "--epochs", "N",
      "passes over the examples; \(TrainingRequest.assumedEpochs) if not given"
    ) {
      a, text throws(UsageError) in a.training.epochs = try positive("--epochs", text)
    },
    taking(
      .training, "--train-batch", "N",
      "examples that go through the model at once; \(TrainingRequest.assumedBatch) if not given"
    ) {
      a, text throws(UsageError) in a.training.batch = try positive("--train-batch", text)
    },
    taking(
      .training, "--optimizer", names(TrainingRun.Optimizer.self),
      "what updates the parameters; sgd if not given"
    ) {
      a, text throws(UsageError) in a.training.optimizer = try choice("optimizer", text)
    },
    taking(.training, "--accumulate", "N", "batches whose gradients are added up for an update") {
      a, text throws(UsageError) in a.training.accumulation = try positive("--accumulate", text)
    },
    flag(
      .training, "--checkpointing", "keep few activations, and compute the others once more"
    ) {
      $0.training.checkpoints = true
    },
    taking(
      .training, "--training-overhead", "SHARE",
      "price training as inferences, of which this share comes on top: 0.8 is five times"
    ) {
      a, text throws(UsageError) in a.training.overhead = try overhead(text)
    },
    taking(.training, "--trials", "N", "models trained in the search for the best one") {
      a, text throws(UsageError) in a.training.trials = try positive("--trials", text)
    },
    taking(.training, "--search", names(Search.Method.self), "how the search picks its trials") {
      a, text throws(UsageError) in a.training.search = try choice("method", text)
    },
  ]

  private static let configuration = [
    taking(
      .configuration, "--config", short: "c", "FILE",
      "settings to use; the nearest \(ConfigurationFile.name) if not given"
    ) {
      a, text throws(UsageError) in a.configuration = text
    },
    flag(.configuration, "--no-config", "leave configuration files and the environment alone") {
      $0.isIsolated = true
    },
    flag(.configuration, "--isolated", "the same") { $0.isIsolated = true },
  ]

  private static let fix = [
    flag(
      .fix, "--fix",
      "mend what can be mended exactly, and training mode; without -o, say what would be done"
    ) {
      $0.wantsFix = true
    },
    taking(.fix, "--out", short: "o", "OUT.onnx", "where --fix writes the mended model") {
      a, text throws(UsageError) in
      guard a.fixedFile == nil, !text.isEmpty else { throw UsageError("'-o' is given twice") }
      a.fixedFile = text
    },
  ]

  static func taking(
    _ group: Group, _ name: String, short: Character? = nil, _ value: String, _ help: String,
    _ read: @escaping Reader
  ) -> Option {
    Option(name: name, short: short, value: value, help: help, group: group, read: read)
  }

  static func flag(
    _ group: Group, _ name: String, short: Character? = nil, _ help: String,
    _ set: @escaping @Sendable (inout Arguments) -> Void
  ) -> Option {
    Option(name: name, short: short, value: nil, help: help, group: group) { arguments, _ in
      set(&arguments)
    }
  }
}
