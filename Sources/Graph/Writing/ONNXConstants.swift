/// The constants of an ONNX file, with all their elements.
struct ONNXConstants: ~Escapable {
  private let file: FileBytes
  private let model: Model
  private let producers: [Node.ID?]
  /// Where the tensor of each initializer lies in the file.
  private let tensors: [String: Range<Int>]
  private let layout: ONNXLayout

  @_lifetime(copy file)
  init(_ file: FileBytes, _ layout: ONNXLayout, _ model: Model) {
    self.file = file
    self.model = model
    self.layout = layout
    producers = model.body.edges().producers
    var tensors: [String: Range<Int>] = [:]
    // Of two initializers of one name the first counts.
    for part in layout.graph where part.number == 5 && tensors[part.name] == nil {
      tensors[part.name] = part.content
    }
    self.tensors = tensors
  }

  /// The constants that `rewrite` adds, as `TensorProto` without names; nil for values that nodes compute.
  ///
  /// Throws where elements cannot be had, with a clause that says why.
  func added(by rewrite: Rewrite) throws(Refusal) -> [Pieces?] {
    let base = model.body.values.count
    var made: [DenseTensor?] = []
    var written: [Pieces?] = []
    for (index, value) in rewrite.added.enumerated() {
      guard let literal = value.initializer else {
        made.append(nil)
        written.append(nil)
        continue
      }
      guard let recipe = rewrite.recipes[base + index] else {
        guard let tensor = Pieces.tensor("", literal) else {
          throw Refusal("the elements of '\(value.name)' are not known")
        }
        made.append(literal.info.elements.flatMap { DenseTensor(literal.info.dims, $0.reals) })
        written.append(tensor)
        continue
      }
      let earlier = made
      let result = try recipe.evaluated { (id) throws(Refusal) in
        if id < base { return try elements(of: id) }
        guard id - base < earlier.count, let tensor = earlier[id - base] else {
          throw Refusal("'\(value.name)' is made of what is not there yet")
        }
        return tensor
      }
      guard let result = result?.broadcast(to: literal.info.dims),
        let tensor = Pieces.tensor("", literal.info.type, result)
      else { throw Refusal("'\(value.name)' cannot be computed from the weights") }
      made.append(result)
      written.append(tensor)
    }
    return written
  }

  /// The elements of a constant of the model.
  private func elements(of id: Value.ID) throws(Refusal) -> DenseTensor {
    var id = id
    // Exporters pass weights through `Identity` to give them a second name.
    while let node = producers[id].map({ model.body.nodes[$0] }), node.op == "Identity",
      let input = node.inputs.first ?? nil, input != id
    {
      id = input
    }
    let name = model.body.values[id].name
    if let node = producers[id].map({ model.body.nodes[$0] }) {
      guard node.op == "Constant", let tensor = try constant(node) else {
        throw Refusal("'\(name)' is computed, not stored")
      }
      return tensor
    }
    if model.body.inputs.contains(id), (model.irVersion ?? 3) >= 4 {
      throw Refusal("'\(name)' is an input too, which may be given other elements")
    }
    guard let content = tensors[name] else { throw Refusal("'\(name)' has no elements") }
    return try read(Wire(file, content: content), name)
  }

  private func read(_ wire: Wire, _ name: String) throws(Refusal) -> DenseTensor {
    do throws(FormatError) { return try DenseTensor(onnx: wire) } catch {
      throw Refusal("'\(name)': \(error.message)")
    }
  }

  /// The elements of the result of a `Constant`; nil where it is none of the usual kinds.
  private func constant(_ node: Node) throws(Refusal) -> DenseTensor? {
    for attribute in node.attributes {
      switch (attribute.name, attribute.value) {
      case ("value_float", .float(let number)): return DenseTensor([], [number])
      case ("value_int", .int(let number)): return DenseTensor([], [Double(number)])
      case ("value_floats", .floats(let numbers)): return DenseTensor([numbers.count], numbers)
      case ("value_ints", .ints(let numbers)):
        return DenseTensor([numbers.count], numbers.map(Double.init))
      case ("value", .tensor): return try stored(node)
      default: continue
      }
    }
    return nil
  }

  private func stored(_ node: Node) throws(Refusal) -> DenseTensor? {
    guard let content = layout.content(of: node),
      let tensor = try? Self.tensor(in: Wire(file, content: content))
    else { return nil }
    return try read(Wire(file, content: tensor), node.name)
  }

  /// Where the tensor of the `Constant` with these fields lies in the file.
  private static func tensor(in wire: Wire) throws(FormatError) -> Range<Int>? {
    var fields = wire
    while let field = try fields.field() {
      guard field.number == 5 else {
        try fields.skip(field)
        continue
      }
      var attribute = try fields.message(field)
      while let field = try attribute.field() {
        guard field.number == 5 else {
          try attribute.skip(field)
          continue
        }
        let message = try attribute.message(field)
        return message.offset..<attribute.offset
      }
    }
    return nil
  }
}

/// Why something cannot be written to a file, as a clause.
struct Refusal: Error, Hashable {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}
