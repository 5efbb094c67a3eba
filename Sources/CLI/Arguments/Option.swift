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
    + output
    + configuration + [
      flag(.dump, "--metadata", "write what exporters left at nodes too, as comments") {
        $0.withMetadata = true
      },
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
      "one of 'nncost devices', or the file of a table"
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

  private static let rules = [
    taking(
      .rules, "--select", "CODES", "rules to run, by code, start of a code or name: NNC5,noop-node"
    ) {
      a, text throws(UsageError) in a.settings.selected += try ruleNames(text)
    },
    taking(.rules, "--ignore", "CODES", "rules to leave out") {
      a, text throws(UsageError) in a.settings.ignored += try ruleNames(text)
    },
    taking(
      .rules, "--min-saving", "AMOUNT",
      "least saving to report: \"10 uJ\" and \"0.5%\" are two floors, set apart"
    ) {
      a, text throws(UsageError) in try setFloor(&a.settings, text)
    },
  ]

  private static let gate = [
    taking(
      .gate, "--budget", "LIMIT",
      "\"11 mJ/inf\", \"2 kWh/training\", \"900 gCO2e/month\": fail when exceeded; may be repeated"
    ) {
      a, text throws(UsageError) in a.budgets.append(try budget(text))
    },
    taking(
      .gate, "--fail-on", "LEVEL",
      "error (if not given), warning, info or never: least finding that fails"
    ) {
      a, text throws(UsageError) in a.failureLevel = try failureLevel(text)
    },
    flag(.gate, "--strict", "an undecided budget fails too") { $0.isStrict = true },
    flag(.gate, "--exit-zero", "end with 0 whatever findings and budgets say") {
      $0.exitZero = true
    },
  ]

  private static let record = [
    taking(
      .record, "--baseline", "FILE", "findings that were there before, which are told by number"
    ) {
      a, text throws(UsageError) in a.baseline = text
    }
  ]

  private static let baseline = [
    taking(.baseline, "--write-baseline", "FILE", "write down the findings of this run") {
      a, text throws(UsageError) in a.newBaseline = text
    }
  ]

  private static let comparison = [
    taking(
      .comparison, "--base", "REV",
      "compare with the commit that REV and HEAD have in common, such as origin/main"
    ) {
      a, text throws(UsageError) in a.base = text
    },
    taking(
      .comparison, "--max-increase", "LIMIT",
      "\"3%\" or \"0.2 mJ/inf\": fail when an inference takes so much more than in the base or baseline"
    ) {
      a, text throws(UsageError) in
      a.maximumIncrease = try increase(text, beside: a.maximumIncrease)
    },
  ]

  private static let writing = [
    flag(.writing, "--dry-run", "say what would be written, and write nothing") {
      $0.isDryRun = true
    }
  ]

  private static let budgets = [
    taking(
      .budget, "--headroom", "SHARE",
      "how far above what models take limits are set; 10% if not given"
    ) {
      a, text throws(UsageError) in a.headroom = try share("--headroom", text)
    }
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

  private static let reports = [
    taking(
      .reports, "--format", short: "f", "FORMAT",
      "\(allReports.map { $0.name }.joined(separator: ", ")); full on a terminal, else concise"
    ) {
      a, text throws(UsageError) in a.format = try reportName(text)
    },
    flag(.reports, "--tensors", "list the type and shape of every tensor (JSON)") {
      $0.withTensors = true
    },
    flag(.reports, "--kernels", "list what the device would launch, with its extents (JSON)") {
      $0.withKernels = true
    },
  ]

  private static let changes = [
    taking(
      .changes, "--format", short: "f", "FORMAT",
      "\(allChangeFormats.map { $0.name }.joined(separator: ", ")); full on a terminal, else concise"
    ) {
      a, text throws(UsageError) in a.format = try changeFormat(text).name
    }
  ]

  private static let output = [
    taking(.output, "--output", "FORMAT=PATH", "write a report to a file too; may be repeated") {
      a, text throws(UsageError) in a.files.append(try outputFile(text))
    },
    taking(.output, "--top", "N", "how many nodes (cost) or findings (lint) to show") {
      a, text throws(UsageError) in a.top = try positive("--top", text)
    },
    flag(.output, "--quiet", short: "q", "only findings and failed budgets") { $0.isQuiet = true },
    flag(.output, "--verbose", short: "v", "every node of a finding, every reason") {
      $0.isVerbose = true
    },
    taking(
      .output, "--color", names(Arguments.ColorChoice.self),
      "colour on terminals, everywhere or nowhere"
    ) {
      a, text throws(UsageError) in a.color = try choice("choice", text)
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
