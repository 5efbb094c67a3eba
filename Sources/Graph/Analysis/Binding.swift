/// The numbers that a model's symbolic extents stand for.
///
/// Symbols are bound before anything is inferred. One that nobody bound gets a documented default, and
/// the report says which were assumed.
package struct Binding: Sendable {
  /// What the user asks for.
  package struct Request: Sendable, Hashable {
    /// Extents of inputs, by name.
    package var inputShapes: [InputShape] = []
    /// Numbers for symbols, by name.
    package var symbols: [Symbol] = []
    /// The extent of the leading axis of every input.
    package var batch: Int?

    package init(inputShapes: [InputShape] = [], symbols: [Symbol] = [], batch: Int? = nil) {
      self.inputShapes = inputShapes
      self.symbols = symbols
      self.batch = batch
    }
  }

  package struct InputShape: Sendable, Hashable {
    package var name: String
    package var dims: [Int]
    package init(name: String, dims: [Int]) {
      self.name = name
      self.dims = dims
    }
  }

  package struct Symbol: Sendable, Hashable {
    package var name: String
    package var value: Int
    package init(name: String, value: Int) {
      self.name = name
      self.value = value
    }
  }

  package let request: Request
  /// What each input of the model is, by the number of its value; nil where not even the rank is known.
  package private(set) var inputs: [Value.ID: ValueInfo] = [:]
  /// The symbols bound, in order of first occurrence.
  package internal(set) var symbols: [Symbol] = []
  /// Those of `symbols`, and the unnamed extents, that nobody bound.
  package internal(set) var assumed: [Symbol] = []
  /// The number of inferences that one execution makes.
  package private(set) var batch = 1
  /// Whether another batch was asked for than the one that the model was exported with.
  package private(set) var isRebatched = false

  var numbers: [String: Int] = [:]

  package init(_ model: Model, _ request: Request) throws(ModelError) {
    self.request = request
    let inputs = model.body.inputs.filter { model.body.values[$0].initializer == nil }
    let names = inputs.map { model.body.values[$0].name }
    for shape in request.inputShapes where !names.contains(shape.name) {
      throw ModelError(
        "the model has no input '\(shape.name)'; its inputs are \(quoted(names))")
    }
    for symbol in request.symbols { numbers[symbol.name] = symbol.value }

    let extents = inputs.flatMap { model.body.values[$0].openExtents }
    for id in inputs {
      let value = model.body.values[id]
      let asked = request.inputShapes.first { $0.name == value.name }?.dims
      try bindSymbols(of: value, to: asked)
    }
    let used = Set(extents.map(\.name))
    for symbol in request.symbols where !used.contains(symbol.name) {
      throw ModelError(
        "the model has no dimension '\(symbol.name)'; its dimensions are \(quoted(used.sorted()))")
    }
    assumeDefaults(extents)
    for (position, id) in inputs.enumerated() {
      let value = model.body.values[id]
      let asked = request.inputShapes.first { $0.name == value.name }?.dims
      let info = try bound(value, asked, request.batch)
      self.inputs[id] = info
      guard position == 0, let tensor = info?.tensor, tensor.rank > 1 else { continue }
      batch = Self.isOneImage(value, tensor.dims) ? 1 : max(1, tensor.dims[0])
      // A figure for one batch must not be divided by another.
      if let asked = request.batch, asked != batch {
        throw ModelError(
          "a batch of \(asked) does not change input '\(value.name)', whose first extent is \(batch)"
        )
      }
    }
    if let asked = request.batch { batch = asked }
  }

  /// Whether an input of three axes is the colours of one image, as detectors take them, and no batch of three.
  private static func isOneImage(_ value: Value, _ dims: [Int]) -> Bool {
    guard dims.count == 3, case .tensor(_, let declared?) = value.declared, declared.count == 3,
      case .fixed(3) = declared[0]
    else { return false }
    return dims[1] >= 32 && dims[2] >= 32
  }

  /// A declared type with its symbols replaced by their numbers, or nil where one has none.
  package func bind(_ type: DeclaredType) -> ValueInfo? {
    switch type {
    case .tensor(let element, let dims?):
      var numbers: [Int] = []
      for dim in dims {
        switch dim {
        case .fixed(let extent): numbers.append(extent)
        case .symbol(let name):
          guard let extent = self.numbers[name] else { return nil }
          numbers.append(extent)
        case .unknown: return nil
        }
      }
      return try? .tensor(element, numbers)
    case .optional(let held): return .optional(bind(held))
    case .tensor(_, nil), .sequence, .map: return nil
    }
  }

  /// Takes the numbers of an input's symbols from the shape that the user gives it.
  private mutating func bindSymbols(of value: Value, to asked: [Int]?) throws(ModelError) {
    guard let asked, case .tensor(_, let dims?) = value.declared else { return }
    guard dims.count == asked.count else {
      throw ModelError(
        "input '\(value.name)' has \(dims.count) dimensions, not \(asked.count)")
    }
    for case (.symbol(let name), let extent) in zip(dims, asked) where numbers[name] == nil {
      numbers[name] = extent
    }
  }

  private mutating func bound(_ value: Value, _ asked: [Int]?, _ batch: Int?) throws(ModelError)
    -> ValueInfo?
  {
    guard case .tensor(let type, let declared) = value.declared else {
      return value.declared.flatMap { bind($0) }
    }
    if let asked { return try info(type, asked, value.name) }
    guard let declared else { return nil }
    var dims: [Int] = []
    for (axis, dim) in declared.enumerated() {
      if case .fixed(let extent) = dim {
        let isBatch = axis == 0 && declared.count > 1 && extent == 1
        dims.append(isBatch ? batch ?? extent : extent)
        if isBatch, let batch, batch != extent { isRebatched = true }
      } else {
        // Every open extent has been given a number by now.
        dims.append(numbers[value.name(of: dim, axis)] ?? 1)
      }
    }
    return try info(type, dims, value.name)
  }

  private func info(_ type: ElementType, _ dims: [Int], _ name: String) throws(ModelError)
    -> ValueInfo
  {
    do { return try .tensor(type, dims) } catch {
      throw ModelError("input '\(name)' cannot have the shape \(dims)")
    }
  }

  private func quoted(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
