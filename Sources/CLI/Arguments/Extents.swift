import Graph

/// The extents that the command line gives, shared out among models: each takes what it has.
struct Extents {
  /// What no model has had so far.
  private var unusedShapes: [Binding.InputShape]
  private var unusedSymbols: [Binding.Symbol]
  /// The inputs and dimensions of the models so far, each once.
  private var inputs = Names()
  private var dimensions = Names()

  /// `request` is what the command line itself says, and has to be of use.
  init(_ request: Binding.Request) {
    unusedShapes = request.inputShapes
    unusedSymbols = request.symbols
  }

  /// What of `request` is for `model`.
  mutating func request(_ request: Binding.Request, for model: Model) -> Binding.Request {
    let values = model.body.inputs.map { model.body.values[$0] }.filter { $0.initializer == nil }
    let names = values.map(\.name)
    let symbols = values.flatMap(\.symbols)
    unusedShapes.removeAll { names.contains($0.name) }
    unusedSymbols.removeAll { symbols.contains($0.name) }
    inputs.add(names)
    dimensions.add(symbols)

    return request.only(for: model)
  }

  /// Throws where an input or a dimension is named that no model has; where no model was read, nobody knows.
  func expectAllUsed() throws(UsageError) {
    guard !inputs.list.isEmpty else { return }
    if let name = unusedShapes.first?.name {
      throw UsageError(unknown: "input", name, among: inputs.list)
    }
    if let name = unusedSymbols.first?.name {
      throw UsageError(unknown: "dimension", name, among: dimensions.list)
    }
  }
}

extension Binding.Request {
  /// The part that is for inputs and dimensions of `model`.
  func only(for model: Model) -> Binding.Request {
    let values = model.body.inputs.map { model.body.values[$0] }.filter { $0.initializer == nil }
    let names = values.map(\.name)
    let dimensions = values.flatMap(\.symbols)
    var request = self
    request.inputShapes.removeAll { !names.contains($0.name) }
    request.symbols.removeAll { !dimensions.contains($0.name) }
    return request
  }
}

/// Names in order of occurrence, each once.
private struct Names {
  private(set) var list: [String] = []
  private var seen: Set<String> = []

  mutating func add(_ names: [String]) {
    for name in names where seen.insert(name).inserted { list.append(name) }
  }
}

extension Value {
  /// The names of the symbolic extents that the value is declared with.
  fileprivate var symbols: [String] {
    guard case .tensor(_, let dims?) = declared else { return [] }
    return dims.compactMap { if case .symbol(let name) = $0 { name } else { nil } }
  }
}
