import Cost
import Graph
import Rules

/// A run over inputs, each under the settings that hold for it.
struct Session {
  private let given: Arguments
  private let linting: Bool
  private let terminal: Terminal
  private var files: [String: ConfigurationFile] = [:]
  private var devices: [String: Device] = [:]
  private var baselines: [String: BaselineFile] = [:]
  /// What the user should know beside the reports, in order.
  private(set) var notes: [String] = []

  init(_ given: Arguments, linting: Bool, on terminal: Terminal) {
    self.given = given
    self.linting = linting
    self.terminal = terminal
  }

  /// How the model at `path` is costed.
  mutating func run(for path: String) throws(UsageError) -> Run {
    let file = try file(for: path)
    var arguments = try Configuration(given, file, for: path, on: terminal).arguments
    // Whoever asks for costs alone is held against nothing.
    if !linting { arguments.budgets = [] }
    var run = try Run(arguments, on: try device(arguments.device), linting: linting)
    run.configuration = file?.path
    run.today = terminal.today
    run.candidates = file.flatMap { Candidates($0) }
    if linting, let path = arguments.baseline { run.baseline = try baseline(path) }
    return run
  }

  /// The configuration file that holds for `path`: the one asked for, or the nearest; nil where there is none.
  private mutating func file(for path: String) throws(UsageError) -> ConfigurationFile? {
    guard let name = try given.configurationFile(for: path) else { return nil }
    if let file = files[name] { return file }
    let file = try ConfigurationFile(name)
    for note in try file.expired(today: terminal.today) { notes.append(note) }
    files[name] = file
    return file
  }

  private mutating func device(_ word: String?) throws(UsageError) -> Device {
    let key = word ?? ""
    if let device = devices[key] { return device }
    let device = try Device.chosen(by: word)
    devices[key] = device
    return device
  }

  private mutating func baseline(_ path: String) throws(UsageError) -> BaselineFile {
    if let file = baselines[path] { return file }
    // A baseline written by this very run may not be there yet.
    let file =
      given.newBaseline.map { FilePath($0) } == FilePath(path) && !FilePath(path).exists
      ? BaselineFile(new: path) : try BaselineFile(path)
    baselines[path] = file
    return file
  }
}

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
