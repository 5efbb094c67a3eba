import Graph

/// A node on its own, with the operands it gets: what a test of an operator needs.
///
///     let node = try OneNode("Transpose", [.tensor([2, 3])], ["perm": [1, 0]])
///     #expect(try node.shapes() == [[3, 2]])
struct OneNode {
  let op: any Operator
  let inputs: Operands
  /// Which of the results somebody reads.
  let wanted: [Bool]

  /// `results` says how many results the node names; `unread` which of them nobody reads.
  init(
    _ name: OperatorName, _ inputs: [Operand],
    _ attributes: KeyValuePairs<String, Attribute.Payload> = [:],
    opset: Int = 26, results: Int = 1, unread: Set<Int> = []
  ) throws(OperatorError) {
    let node = Node(
      name, opset: opset, inputs: Array(inputs.indices),
      outputs: (0..<results).map { inputs.count + $0 },
      attributes: attributes.map { Attribute($0.key, $0.value) })
    op = try OperatorTable.standard(node)
    self.inputs = Operands(inputs)
    wanted = (0..<results).map { !unread.contains($0) }
  }

  /// What the operator says of its results, as many as the node names.
  func outputs() throws(OperatorError) -> [ValueInfo?] {
    let outputs = try op.outputs(inputs)
    return wanted.indices.map { $0 < outputs.count ? outputs[$0] : nil }
  }

  /// The results as tensors; nil where one is no tensor, or nothing can be told of it.
  func tensors() throws(OperatorError) -> [TensorInfo?] { try outputs().map { $0?.tensor } }
  /// The shapes of the results.
  func shapes() throws(OperatorError) -> [[Int]?] { try tensors().map { $0?.dims } }
  /// The first result, where it is a tensor.
  func tensor() throws(OperatorError) -> TensorInfo? { try tensors().first ?? nil }
  /// The elements of the first result, where they are known integers.
  func integers() throws(OperatorError) -> [Int]? { try tensor()?.value?.integers }
  /// The elements of the first result, where they are known numbers.
  func reals() throws(OperatorError) -> [Double]? { try tensor()?.value?.reals }

  /// The results as the analysis hands them back to the operator.
  private func results() throws(OperatorError) -> Operands {
    let outputs = try outputs()
    return Operands(
      zip(outputs, wanted).map { info, isWanted in
        var result = Operand(info)
        result.isGiven = isWanted
        return result
      })
  }

  func contractions() throws(OperatorError) -> [Contraction] {
    try op.contractions(inputs, try results())
  }

  /// The work of one execution, as the analysis sums it up.
  func work() throws(OperatorError) -> Work {
    let results = try results()
    var work = try op.arithmetic(inputs, results)
    for contraction in try op.contractions(inputs, results) { work.macs += contraction.macs }
    (work.bytesRead, work.bytesWritten) = op.traffic(inputs, results)
    return work
  }
}

extension Operand {
  /// An activation of which the type and the extents are known.
  static func tensor(_ dims: [Int], _ type: ElementType = .float32) throws(OperatorError) -> Operand
  {
    Operand(try TensorInfo(type, dims))
  }

  /// A constant of which the type and the extents are known, such as a weight.
  static func weights(_ dims: [Int], _ type: ElementType = .float32) throws(OperatorError)
    -> Operand
  {
    Operand(try TensorInfo(type, dims), isConstant: true)
  }

  /// A constant tensor of integers; a vector unless `dims` says otherwise.
  static func integers(_ values: [Int], _ dims: [Int]? = nil, _ type: ElementType = .int64)
    throws(OperatorError) -> Operand
  {
    Operand(
      try TensorInfo(type, dims ?? [values.count], value: .integers(values)), isConstant: true)
  }

  /// A constant tensor of real numbers; a vector unless `dims` says otherwise.
  static func reals(_ values: [Double], _ dims: [Int]? = nil, _ type: ElementType = .float32)
    throws(OperatorError) -> Operand
  {
    Operand(try TensorInfo(type, dims ?? [values.count], value: .reals(values)), isConstant: true)
  }

  /// A sequence of tensors.
  static func sequence(_ elements: [TensorInfo]) -> Operand { Operand(.sequence(elements)) }
}

// Attributes as a test writes them: `["axis": 1, "perm": [0, 2, 1], "mode": "edge", "alpha": 0.5]`.
extension Attribute.Payload: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(floatLiteral value: Double) { self = .float(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: Int...) { self = .ints(elements) }
}
