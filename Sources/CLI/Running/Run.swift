import Cost
import Graph
import Rules

/// Costs inputs, one after another, as the command line wants it.
struct Run {
  let arguments: Arguments
  let device: Device
  /// Whether rules are applied.
  var isLinting: Bool
  private let training: TrainingPlan?
  private let lifecycle: Lifecycle.Plan?
  /// The extents that the command line gives; several runs share them.
  var extents: Extents
  /// The configuration file that the settings are from; nil for none.
  var configuration: String?
  /// The findings that were there before; nil where nobody keeps a record.
  var baseline: BaselineFile?
  /// Whether models are held against limits; what was before a change is past all of them.
  var holdsBudgets = true
  /// The findings that the model had before a change; nil where nobody compares.
  var known: Baseline?
  /// What models may take more than in a revision, each with that revision.
  var limits: [(limit: IncreaseLimit, revision: BaseRevision)] = []
  /// The day, on which exceptions may end.
  var today = "0000-00-00"
  /// The models that do the same as this one; nil where nobody names any.
  var candidates: Candidates?

  /// Throws where the command line asks for a training run or a lifecycle that it does not describe.
  init(_ arguments: Arguments, on device: Device, linting: Bool) throws(UsageError) {
    training = try arguments.trainingPlan()
    lifecycle = try arguments.lifecyclePlan()
    try device.expectArithmetic(in: arguments.precision)
    self.arguments = arguments
    isLinting = linting
    self.device = device
    extents = Extents(arguments.request)
  }

  /// Costs the model at `path`.
  mutating func entry(_ path: String) -> Entry {
    do throws(InputError) {
      return Entry(path: path, outcome: .costed(try costed(path)))
    } catch {
      return Entry(path: path, outcome: .failed(error))
    }
  }

  /// Throws where the command line names an input or a dimension that no model has.
  func expectAllUsed() throws(UsageError) { try extents.expectAllUsed() }

  private mutating func costed(_ path: String) throws(InputError) -> Costed {
    try costed(path, try readModel(path))
  }

  /// Costs a model that is known by `path`, wherever it was read.
  mutating func costed(_ path: String, _ model: Model) throws(InputError) -> Costed {
    let analysis = try analysis(model, extents.request(arguments.request, for: model))
    var costed = Costed(Estimate(analysis, on: device, under: arguments.scenario), arguments)
    costed.configuration = configuration
    switch training {
    case .steps(let plan):
      do throws(InputError) {
        let request = analysis.binding.request(training: plan.batch)
        costed.training = .steps(TrainingRun(try self.analysis(model, request), on: device, plan))
      } catch {
        // A file speaks of all models of a project, and may be told that one cannot be trained so.
        if arguments.given.contains(where: { $0.option.group == .training }) { throw error }
        costed.notes.append("training is not costed: \(error.message)")
      }
    case .overhead(let share, let size, let epochs):
      costed.training = .overhead(
        OverheadTraining(
          datasetSize: size, epochs: epochs, overhead: share,
          joulesPerInference: costed.estimate.joulesPerInference,
          secondsPerInference: costed.estimate.secondsPerInference))
    case nil: break
    }
    costed.lifecycle = lifecycle.map { plan in
      Lifecycle(
        plan, training: costed.training?.joules, inference: costed.estimate.joulesPerInference,
        secondsPerInference: costed.estimate.secondsPerInference, on: device)
    }
    if let larger = larger(model, than: analysis) {
      costed.lifecycle?.compare(batch: Self.servedAtOnce, inference: larger)
    }
    if isLinting {
      var settings = arguments.settings
      do throws(FormatError) {
        for entry in try model.exceptions(of: path) where !entry.isExpired(today) {
          settings.suppressions.append(entry.suppression)
        }
      } catch {
        costed.notes.append(error.message)
      }
      costed.suppressions = settings.suppressions
      let recorded = baseline?.baseline(of: path, costed.estimate)
      settings.baseline = known?.adding(recorded) ?? recorded
      costed.lint = Linter(settings: settings).lint(
        costed.estimate, for: purpose(of: path, costed))
    }
    if arguments.wantsFix { costed.fix = try Fix(costed, at: path, to: arguments.fixedFile) }
    guard holdsBudgets else { return costed }
    costed.budgets = arguments.budgets.map { costed.result(of: $0) }
    if let increase = arguments.maximumIncrease, arguments.base == nil,
      arguments.newBaseline == nil,
      let joules = try baseline?.joulesPerInference(of: path, costed.estimate)
    {
      costed.budgets.append(
        costed.result(of: Budget(joules: joules, increase, over: "baseline")))
    }
    for (limit, revision) in limits {
      let base = try past(of: path, costed.estimate, revision)
      costed.budgets.append(costed.result(of: limit, over: base))
    }
    return costed
  }

  /// The model at `path` as it was in `revision`; nil where it is new.
  private func past(of path: String, _ now: Estimate, _ revision: BaseRevision)
    throws(InputError) -> Estimate?
  {
    let place = revision.place(of: path)
    switch try revision.fate(of: place) {
    case .added: return nil
    case .unchanged: return now
    case .modified, .removed, .renamed:
      let model = try revision.readModel(place)
      let analysis = try analysis(model, arguments.request.only(for: model))
      let base = Estimate(analysis, on: device, under: arguments.scenario)
      try expectComparable(base, now)
      return base
    }
  }

  /// What is known of the purpose of the model at `path`.
  private func purpose(of path: String, _ costed: Costed) -> Purpose {
    var purpose = Purpose(
      task: arguments.task, lifecycle: costed.lifecycle, grids: arguments.allowedGrids)
    if case .steps(let plan) = training { purpose.training = plan }
    purpose.candidate = candidates?.candidate(path) { path in
      guard let model = try? readModel(path),
        let analysis = try? analysis(model, arguments.request.only(for: model))
      else { return nil }
      return Estimate(analysis, on: device, under: arguments.scenario).joulesPerInference
    }
    return purpose
  }

  /// What an inference takes in a batch that a server could gather, where a use is planned and the model takes it.
  private func larger(_ model: Model, than analysis: Analysis) -> Interval? {
    guard lifecycle?.use != nil, analysis.binding.batch < Self.servedAtOnce else { return nil }
    let request = analysis.binding.request(training: Self.servedAtOnce)
    guard let larger = try? self.analysis(model, request),
      larger.binding.batch == Self.servedAtOnce,
      larger.totals.coverage.uncountedNodes <= analysis.totals.coverage.uncountedNodes
    else { return nil }
    return Estimate(larger, on: device, under: arguments.scenario).joulesPerInference
  }

  /// Inferences that a busy server can gather without long waits.
  private static let servedAtOnce = 8

  private func analysis(_ model: Model, _ request: Binding.Request) throws(InputError) -> Analysis {
    do throws(ModelError) { return try Analysis(model, binding: request) } catch {
      throw InputError(code: "model", message: error.message)
    }
  }
}

extension Binding {
  /// The same request with another batch, which every input that has the batch of now takes.
  fileprivate func request(training batch: Int) -> Request {
    var request = request
    request.batch = batch
    for index in request.inputShapes.indices {
      let dims = request.inputShapes[index].dims
      if dims.count > 1, dims[0] == self.batch { request.inputShapes[index].dims[0] = batch }
    }
    return request
  }
}
