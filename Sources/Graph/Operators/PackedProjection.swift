/// ONNX Runtime's `MatMulNBitsMlp` and `MatMulNBitsQkv`: a normalisation and several packed products of one input.
///
/// The input is `…×K`; the first gives one result, a gate that multiplies what it lets through, the second queries,
/// keys and values. https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBitsQkv
package struct PackedProjection: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::MatMulNBitsMlp", "com.microsoft::MatMulNBitsQkv",
  ]

  package let depth: Int
  /// The columns of each product, of which there is one for each operand with weights.
  package let columns: [Int]
  private let activation: FusedActivation?

  package init(_ node: Node) throws(OperatorError) {
    func extent(_ name: String) throws(OperatorError) -> Int {
      guard let extent = try node.int(name), extent > 0 else {
        throw .wrongAttribute(name, expected: "positive")
      }
      return extent
    }
    depth = try extent("K")
    if node.op.name == "MatMulNBitsMlp" {
      let width = try extent("N")
      columns = [width, width]
      activation = FusedActivation("Swish")
    } else {
      let width = try extent("Nkv")
      columns = [try extent("Nq"), width, width]
      activation = nil
    }
  }

  package var layer: LayerClass { .dense }

  private func rows(_ x: Operands) throws(OperatorError) -> [Int] {
    let input = try x.required(0)
    guard input.dims.last == depth else {
      throw .mismatch("input \(input.shape) for weights of depth \(depth)")
    }
    return Array(input.dims.dropLast())
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, rows) = (try x.required(0), try rows(x))
    var results: [ValueInfo?] = []
    for width in activation == nil ? columns : [columns[0]] {
      results.append(try .tensor(input.type, rows + [width]))
    }
    // The sum of input and skipped tensor comes last.
    return results + [.tensor(input.type, input.shape)]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (type, rows) = (try x.required(0).type, try product(try rows(x)))
    return columns.map { Contraction(rows: rows, columns: $0, depth: depth, type: type) }
  }

  /// The sum, the normalisation, the weights made real, the biases, and the gate.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let (input, rows) = (try x.required(0), try product(try rows(x)))
    var work = Work(elementwise: (x.isGiven(1) ? 1 : 0) + (x.isGiven(2) ? 4 : 0)).times(
      input.shape.count)
    for (position, width) in columns.enumerated() {
      work += Work(elementwise: 2).times(saturatingProduct(width, depth))
      if x.isGiven(5 + 3 * position) { work += Work(elementwise: saturatingProduct(rows, width)) }
    }
    guard let activation else { return work }
    return work
      + (activation.work + Work(elementwise: 1)).times(saturatingProduct(rows, columns[0]))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    guard index > 2 else { return .data }
    // Weights, scales and a bias for each product.
    let (product, part) = ((index - 3) / 3, index % 3)
    guard product < columns.count, part != 1 else { return .setting }
    return part == 0 ? .packed(elements: saturatingProduct(columns[product], depth)) : .data
  }
}
