/// Matrix products with weights packed below eight bits: `MatMulNBits`, `MatMulBnb4`, `MatMulFpQ4`.
///
/// The weights are unpacked and scaled on the way, and multiplied in the type of the activations.
/// The left operand is `…×K`, the weights stand for `K×N`, the result is `…×N`.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
package struct PackedMatrixProduct: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::MatMulBlockQuantizedFp4Weight", "com.microsoft::MatMulBlockQuantizedFp8Weight",
    "com.microsoft::MatMulBnb4", "com.microsoft::MatMulFpQ4", "com.microsoft::MatMulNBits",
  ]

  /// Where the extents of the weights are told.
  private enum Source: Hashable {
    /// By attributes.
    case given(depth: Int, columns: Int)
    /// By the operand at 2, which holds both.
    case operand
    /// By the weights, `N` rows of them, and the depth of the left operand.
    case weights
  }

  private let source: Source
  private let bias: Int?

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "MatMulFpQ4": (source, bias) = (.operand, nil)
    case "MatMulBlockQuantizedFp4Weight": (source, bias) = (.weights, 5)
    case "MatMulBlockQuantizedFp8Weight": (source, bias) = (.weights, 4)
    default:
      guard let depth = try node.int("K") else { throw .missingAttribute("K") }
      guard let columns = try node.int("N") else { throw .missingAttribute("N") }
      guard depth > 0, columns > 0 else { throw .wrongAttribute("K", expected: "positive") }
      source = .given(depth: depth, columns: columns)
      bias = node.op.name == "MatMulNBits" ? 5 : nil
    }
  }

  package var layer: LayerClass { .dense }

  private func extents(_ x: Operands) throws(OperatorError) -> MatrixExtents {
    let left = try x.required(0)
    var dims: [Int]
    switch source {
    case .given(let depth, let columns): dims = [depth, columns]
    case .operand: dims = try x.integers(2) ?? []
    case .weights: dims = [left.dims.last ?? 0, try x.required(1).dims.first ?? 0]
    }
    guard dims.count == 2 else { throw .wrongInput(2, expected: "two extents") }
    return try MatrixExtents(left, false, try TensorInfo(left.type, dims))
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    [try .tensor(try x.required(0).type, try extents(x).output)]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    [try extents(x).contraction(try x.required(0).type)]
  }

  /// A subtraction and a multiplication for each weight, and the bias.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let extents = try extents(x)
    var work = Work(elementwise: 2).times(saturatingProduct(extents.depth, extents.columns))
    if let bias, x.isGiven(bias) {
      work.elementwise = saturatingSum(work.elementwise, try y.required(0).shape.count)
    }
    return work
  }

  package func role(_ index: Int, _ x: Operands) -> OperandRole {
    switch index {
    case 0: .data
    case 1:
      (try? extents(x)).map { .packed(elements: saturatingProduct($0.depth, $0.columns)) } ?? .data
    case bias: .data
    default: .setting
    }
  }
}
