import Cost
import Graph
import Rules

/// Costs every input, and hands each to the reports.
struct Run {
  let arguments: Arguments
  let device: Device
  private let linter: Linter?
  private let plan: TrainingRun.Plan?
  /// The inputs named on the command line that no model has had so far.
  private var unusedShapes: [Binding.InputShape]
  private var unusedSymbols: [Binding.Symbol]
  private var knownNames: [String] = []

  /// Throws where the command line asks for a training run that it does not describe.
  init(_ arguments: Arguments, on device: Device, linting: Bool) throws(UsageError) {
    plan = try arguments.trainingPlan()
    self.arguments = arguments
    linter = linting ? Linter(settings: arguments.settings) : nil
    self.device = device
    unusedShapes = arguments.request.inputShapes
    unusedSymbols = arguments.request.symbols
  }

  mutating func entry(_ path: String) -> Entry {
    do throws(InputError) {
      return Entry(path: path, outcome: .costed(try costed(path)))
    } catch {
      return Entry(path: path, outcome: .failed(error))
    }
  }

  private mutating func costed(_ path: String) throws(InputError) -> Costed {
    let model = try Self.model(path)
    let request = request(for: model)
    let analysis = try analysis(model, request)
    var costed = Costed(Estimate(analysis, on: device, under: arguments.scenario))
    costed.lint = linter?.lint(costed.estimate)
    if let plan {
      let request = analysis.binding.request(training: plan.batch)
      costed.training = TrainingRun(try self.analysis(model, request), on: device, plan)
    }
    costed.budgets = arguments.budgets.map { costed.result(of: $0) }
    return costed
  }
}

extension Run {
  /// Reads the model at `path`, or from standard input where that is `-`.
  private static func model(_ path: String) throws(InputError) -> Model {
    do throws(FormatError) {
      guard path == "-" else { return try ModelFile.read(path) }
      let bytes: [UInt8]
      do throws(StreamError) { bytes = try readStandardInput() } catch {
        throw FormatError("standard input cannot be read: \(error.message)")
      }
      return try ModelFile.read(bytes.span)
    } catch {
      throw InputError(error)
    }
  }

  private func analysis(_ model: Model, _ request: Binding.Request) throws(InputError) -> Analysis {
    do throws(ModelError) { return try Analysis(model, binding: request) } catch {
      throw InputError(code: "model", message: error.message)
    }
  }

  /// What of the command line's extents is for `model`: with several models, each takes what it has.
  private mutating func request(for model: Model) -> Binding.Request {
    let inputs = model.body.inputs.map { model.body.values[$0] }.filter { $0.initializer == nil }
    let names = inputs.map(\.name)
    let symbols = inputs.flatMap(\.symbols)
    unusedShapes.removeAll { names.contains($0.name) }
    unusedSymbols.removeAll { symbols.contains($0.name) }
    knownNames += names + symbols

    var request = arguments.request
    request.inputShapes.removeAll { !names.contains($0.name) }
    request.symbols.removeAll { !symbols.contains($0.name) }
    return request
  }

  /// Throws where the command line names an input or a dimension that no model has.
  ///
  /// Where no model could be read, nobody knows.
  func expectAllUsed() throws(UsageError) {
    guard !knownNames.isEmpty else { return }
    if let name = unusedShapes.first?.name {
      throw UsageError(unknown: "input", name, among: unique(knownNames))
    }
    if let name = unusedSymbols.first?.name {
      throw UsageError(unknown: "dimension", name, among: unique(knownNames))
    }
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension Binding {
  /// The same request with another batch.
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

extension Value {
  /// The names of the symbolic extents that the value is declared with.
  fileprivate var symbols: [String] {
    guard case .tensor(_, let dims?) = declared else { return [] }
    return dims.compactMap { if case .symbol(let name) = $0 { name } else { nil } }
  }
}

extension InputError {
  init(_ error: FormatError) {
    self.init(code: "format", message: error.message, place: error.place.text)
  }
}

extension FormatError.Place {
  fileprivate var text: String? {
    switch self {
    case .byte(let offset): "byte \(offset)"
    case .lineColumn(let line, let column): "line \(line), column \(column)"
    case .none: nil
    }
  }
}
