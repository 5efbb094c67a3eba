/// `MatMul` and `Gemm`: each output element is a dot product along one axis.
///
/// `MatMul` follows NumPy: batch axes broadcast, vectors gain an axis that the result drops again.
/// https://onnx.ai/onnx/operators/onnx__MatMul.html, https://onnx.ai/onnx/operators/onnx__Gemm.html
package struct MatrixProduct: Operator {
  package static let names: [OperatorName] = ["Gemm", "MatMul"]

  package let transposesA: Bool
  package let transposesB: Bool

  package init(_ node: Node) throws(OperatorError) {
    transposesA = try node.flag("transA")
    transposesB = try node.flag("transB")
  }

  package var layer: LayerClass { .dense }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let product = try MatrixExtents(
      try x.required(0), transposesA, try x.required(1), transposesB)
    return [try .tensor(try x.required(0).type, product.output)]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (a, b) = (try x.required(0), try x.required(1))
    return [try MatrixExtents(a, transposesA, b, transposesB).contraction(a.type)]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    Work(elementwise: x.isGiven(2) ? try y.required(0).shape.count : 0)
  }

  package func fitted(_ x: Operands) -> Operands {
    guard let a = x[0], let b = x[1], a.rank >= 1, b.rank == 2, !transposesA else { return x }
    var dims = b.dims
    dims[transposesB ? 1 : 0] = a.shape[a.rank - 1]
    return x.resizing(1, to: dims)
  }
}

/// The extents of a matrix product after NumPy's broadcasting: what every `MatMul`-like operator shares.
package struct MatrixExtents: Hashable, Sendable {
  package let stack: [Int]
  package let rows: Int
  package let columns: Int
  package let depth: Int
  /// The shape of the result.
  package let output: [Int]

  package init(
    _ a: TensorInfo, _ transposesA: Bool = false, _ b: TensorInfo, _ transposesB: Bool = false
  ) throws(OperatorError) {
    guard a.rank >= 1, b.rank >= 1 else { throw .mismatch("a matrix product with a scalar") }
    // A vector on the left is one row, on the right one column.
    var left = a.rank == 1 ? [1, a.shape[0]] : a.dims
    var right = b.rank == 1 ? [b.shape[0], 1] : b.dims
    if transposesA { left.swapAt(left.count - 1, left.count - 2) }
    if transposesB { right.swapAt(right.count - 1, right.count - 2) }
    guard left[left.count - 1] == right[right.count - 2] else {
      throw .mismatch("a matrix product of \(a.shape) and \(b.shape)")
    }
    (rows, depth, columns) = (left[left.count - 2], left[left.count - 1], right[right.count - 1])
    stack = try Shape.broadcast([
      try Shape(Array(left.dropLast(2))), try Shape(Array(right.dropLast(2))),
    ]).dims
    output = stack + (a.rank == 1 ? [] : [rows]) + (b.rank == 1 ? [] : [columns])
  }

  package func contraction(_ type: ElementType) throws(OperatorError) -> Contraction {
    Contraction(batch: try product(stack), rows: rows, columns: columns, depth: depth, type: type)
  }
}
