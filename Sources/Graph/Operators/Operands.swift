/// The values given to an operator, or produced by one.
package struct Operands: Sendable {
  package let all: [Operand]

  package init(_ all: [Operand]) { self.all = all }

  package var count: Int { all.count }

  /// What is known of the tensor at `index`; nil where it is absent, unknown, or no tensor.
  package subscript(index: Int) -> TensorInfo? {
    index < all.count ? all[index].info?.tensor : nil
  }

  /// Whether an operand is given at `index`, known or not.
  package func isGiven(_ index: Int) -> Bool { index < all.count && all[index].isGiven }

  /// Whether the operand at `index` is known before the model runs: a weight, or computed from weights.
  package func isConstant(_ index: Int) -> Bool { index < all.count && all[index].isConstant }

  /// The value at `index`, of whatever kind.
  package func value(_ index: Int) throws(OperatorError) -> ValueInfo {
    guard isGiven(index) else { throw .missingInput(index) }
    guard let info = all[index].info else { throw .unknownInput(index) }
    return info
  }

  /// The tensor at `index`.
  package func required(_ index: Int) throws(OperatorError) -> TensorInfo {
    guard let tensor = try value(index).tensor else {
      throw .wrongInput(index, expected: "a tensor")
    }
    return tensor
  }

  /// The tensor at `index`, or nil where it is left out.
  package func optional(_ index: Int) throws(OperatorError) -> TensorInfo? {
    isGiven(index) ? try required(index) : nil
  }

  /// The elements of the integer tensor at `index`, or nil where it is left out.
  package func integers(_ index: Int) throws(OperatorError) -> [Int]? {
    guard let tensor = try optional(index) else { return nil }
    guard let value = tensor.value else {
      if tensor.shape.count == 0 { return [] }
      throw .unknownValue(index)
    }
    guard let integers = value.integers else {
      throw .wrongInput(index, expected: "a tensor of integers")
    }
    return integers
  }

  /// The integers that older opsets give as `attribute` and newer ones as the operand at `index`.
  package func integers(_ index: Int, or attribute: [Int]?) throws(OperatorError) -> [Int]? {
    if let attribute { return attribute }
    return try integers(index)
  }

  /// The one element of the integer tensor at `index`, or nil where it is left out.
  package func integer(_ index: Int) throws(OperatorError) -> Int? {
    guard let integers = try integers(index) else { return nil }
    guard let integer = integers.first, integers.count == 1 else {
      throw .wrongInput(index, expected: "a single integer")
    }
    return integer
  }

  /// The elements of the tensor of numbers at `index`, or nil where it is left out.
  package func reals(_ index: Int) throws(OperatorError) -> [Double]? {
    guard let tensor = try optional(index) else { return nil }
    guard let value = tensor.value else {
      if tensor.shape.count == 0 { return [] }
      throw .unknownValue(index)
    }
    return value.reals
  }

  /// The elements of the sequence at `index`.
  package func sequence(_ index: Int) throws(OperatorError) -> [TensorInfo] {
    guard case .sequence(let elements) = try value(index) else {
      throw .wrongInput(index, expected: "a sequence")
    }
    return elements
  }

  /// Every tensor that is given and known, in order.
  package var tensors: [TensorInfo] { all.compactMap { $0.info?.tensor } }

  /// The bytes of all that are given and known.
  package var byteCount: Int {
    all.reduce(0) { saturatingSum($0, $1.isGiven ? $1.info?.byteCount ?? 0 : 0) }
  }

  /// The same with everything given of which something is known.
  package func givingAllKnown() -> Operands {
    Operands(
      all.map { operand in
        var operand = operand
        operand.isGiven = operand.isGiven || operand.info != nil
        return operand
      })
  }

  /// The same with the tensor at `index` of another shape, which only parameters may take.
  package func resizing(_ index: Int, to dims: [Int]) -> Operands {
    guard isConstant(index), var tensor = self[index], tensor.shape.dims != dims,
      let shape = try? Shape(dims)
    else { return self }
    tensor.shape = shape
    tensor.value = nil
    var all = all
    all[index].info = .tensor(tensor)
    return Operands(all)
  }
}

/// One value given to an operator.
package struct Operand: Sendable, Hashable {
  /// What is known of it; nil where that is nothing.
  package var info: ValueInfo?
  /// False where an optional operand is left out, or where nobody wants a result.
  package var isGiven = true
  /// Whether it is known before the model runs.
  package var isConstant = false

  package init(_ info: ValueInfo?, isConstant: Bool = false) {
    self.info = info
    self.isConstant = isConstant
  }

  package init(_ info: TensorInfo, isConstant: Bool = false) {
    self.init(.tensor(info), isConstant: isConstant)
  }

  private init(absent: Void) {
    info = nil
    isGiven = false
  }

  package static let absent = Operand(absent: ())
}
