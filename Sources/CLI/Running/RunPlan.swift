import Cost
import Graph
import Rules

/// Finds for each input the settings that hold for it, and reads every file that they name once.
struct RunPlan {
  private let given: Arguments
  private let linting: Bool
  /// Whether a change is looked at, whose base is known.
  private let comparing: Bool
  private let terminal: Terminal
  private var files: [String: ConfigurationFile] = [:]
  private var devices: [String: Device] = [:]
  private var baselines: [String: BaselineFile] = [:]
  private var revisions: [[String]: BaseRevision] = [:]
  /// What the user should know beside the reports, in order.
  private(set) var notes: [String] = []

  init(_ given: Arguments, linting: Bool, comparing: Bool = false, on terminal: Terminal) {
    self.given = given
    self.linting = linting
    self.comparing = comparing
    self.terminal = terminal
  }

  /// The configuration files met so far, sorted by path.
  var configurations: [ConfigurationFile] { files.values.sorted { $0.path < $1.path } }

  /// How the model at `path` is costed: once, or on each of the devices that the command line names.
  mutating func runs(for path: String) throws(UsageError) -> [Run] {
    let devices = given.devices
    guard devices.count > 1 else { return [try run(for: path)] }
    guard path != "-" else {
      throw UsageError("standard input is read once; several devices take a file")
    }
    var runs: [Run] = []
    for device in devices { runs.append(try run(for: path, on: device)) }
    return runs
  }

  /// How the model at `path` is costed, on `device` where there is one.
  mutating func run(for path: String, on device: String? = nil) throws(UsageError) -> Run {
    let file = try file(for: path)
    var arguments = try Configuration(given, file, for: path, on: terminal).arguments
    // Whoever asks for costs alone is held against nothing.
    if !linting { arguments.budgets = [] }
    if let device { arguments.device = device }
    if linting, !comparing { try arguments.expectSomethingToCompare() }
    var run = try Run(arguments, on: try table(arguments.device), linting: linting)
    run.configuration = file?.path
    run.today = terminal.today
    run.candidates = file.flatMap { Candidates($0) }
    if linting, let path = arguments.baseline { run.baseline = try baseline(path) }
    if linting, !comparing, path != "-" { run.limits = try limits(arguments, of: path) }
    return run
  }

  /// The models that `words` stand for, without those that the command line or a configuration file leaves out.
  mutating func inputs(_ words: [String]) throws(UsageError) -> Inputs {
    try Inputs(words) { path throws(UsageError) in try isExcluded(path) }
  }

  /// Whether the file or folder at `path`, in a folder that stands for the models within, is left out.
  mutating func isExcluded(_ path: String) throws(UsageError) -> Bool {
    let place = FilePath(path)
    if given.exclusions.contains(where: { $0.covers(place) }) { return true }
    // Of a folder, the file beside it says whether it is looked into.
    let beside = (place.folder ?? place).appending(ConfigurationFile.name)
    return try file(for: beside.text)?.exclusions.contains { $0.covers(place) } ?? false
  }

  /// Reads the configuration file of a model that nobody needs to cost.
  mutating func consider(_ path: String) throws(UsageError) { _ = try file(for: path) }

  /// The configuration file that holds for `path`: the one asked for, or the nearest; nil where there is none.
  private mutating func file(for path: String) throws(UsageError) -> ConfigurationFile? {
    guard let name = try given.configurationFile(for: path) else { return nil }
    if let file = files[name] { return file }
    let file = try ConfigurationFile(name)
    for note in try file.expired(today: terminal.today) { notes.append(note) }
    files[name] = file
    return file
  }

  /// The limits on how much more the model at `path` takes, each with the revision that it is of.
  private mutating func limits(_ arguments: Arguments, of path: String) throws(UsageError)
    -> [(limit: IncreaseLimit, revision: BaseRevision)]
  {
    var limits = arguments.increaseLimits
    if let base = arguments.base, let increase = arguments.maximumIncrease {
      limits.append(IncreaseLimit(increase: increase, against: base))
    }
    var pairs: [(limit: IncreaseLimit, revision: BaseRevision)] = []
    for limit in limits {
      let folder = FilePath(path).resolved.folder ?? FilePath(path)
      let key = [folder.text, limit.against]
      var revision = revisions[key]
      if revision == nil { revision = try BaseRevision(limit.against, around: folder) }
      revisions[key] = revision
      if let revision { pairs.append((limit, revision)) }
    }
    return pairs
  }

  private mutating func table(_ word: String?) throws(UsageError) -> Device {
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
