/// `MatMul`, `Gemm` and their fused kin: each output element is a dot product along one axis.
///
/// `MatMul` follows NumPy: batch axes broadcast, vectors gain an axis that the result drops again.
/// https://onnx.ai/onnx/operators/onnx__MatMul.html, https://onnx.ai/onnx/operators/onnx__Gemm.html;
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
package struct MatrixProduct: Operator {
  package static let names: [OperatorName] = [
    "Gemm", "MatMul",
    "com.microsoft::FusedGemm", "com.microsoft::FusedMatMul",
    "com.microsoft::FusedMatMulActivation", "com.microsoft::GemmFastGelu",
    "com.microsoft::GemmFloat8", "com.microsoft::TransposeMatMul",
  ]

  package let transposesA: Bool
  package let transposesB: Bool
  /// The function applied to the result.
  package let activation: FusedActivation?
  /// Whether the first axis of the operand is its rows, which then go before its last axis.
  private let leadsWithRowsA: Bool
  private let leadsWithRowsB: Bool
  private let result: ElementType?

  package init(_ node: Node) throws(OperatorError) {
    transposesA = try node.flag("transA")
    transposesB = try node.flag("transB")
    leadsWithRowsA = try node.flag("transBatchA")
    leadsWithRowsB = try node.flag("transBatchB")
    activation =
      node.op.name == "GemmFastGelu" ? FusedActivation("Gelu") : try node.activation("activation")
    result =
      node.op.name == "GemmFloat8" ? try node.elementType("dtype") ?? .float32 : nil
  }

  package var layer: LayerClass { .dense }

  private func extents(_ x: Operands) throws(OperatorError) -> MatrixExtents {
    var (a, b) = (try x.required(0), try x.required(1))
    if leadsWithRowsA { a.shape = try withRowsInside(a.shape) }
    if leadsWithRowsB { b.shape = try withRowsInside(b.shape) }
    return try MatrixExtents(a, transposesA, b, transposesB)
  }

  /// `rows×stack×columns` as `stack×rows×columns`.
  private func withRowsInside(_ shape: Shape) throws(OperatorError) -> Shape {
    guard shape.rank > 2 else { return shape }
    return try Shape(shape.dims[1..<(shape.rank - 1)] + [shape[0], shape[shape.rank - 1]])
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let left = try x.required(0).type
    return [try .tensor(result ?? left, try extents(x).output)]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    [try extents(x).contraction(try x.required(0).type)]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    var work = activation?.work ?? Work()
    if x.isGiven(2) { work.elementwise += 1 }
    return work.times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index < 3 ? .data : .setting }

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
  /// Whether one right operand serves the whole stack, so that its rows are those of one tall matrix.
  private let sharesRight: Bool

  package init(
    _ a: TensorInfo, _ transposesA: Bool = false, _ b: TensorInfo, _ transposesB: Bool = false
  ) throws(OperatorError) {
    guard a.rank >= 1, b.rank >= 1 else { throw .mismatch("a matrix product with a scalar") }
    // A vector on the left is one row, on the right one column.
    var left = a.rank == 1 ? [1, a.shape[0]] : a.dims
    var right = b.rank == 1 ? [b.shape[0], 1] : b.dims
    if transposesA, a.rank > 1 { left.swapAt(left.count - 1, left.count - 2) }
    if transposesB, b.rank > 1 { right.swapAt(right.count - 1, right.count - 2) }
    guard left[left.count - 1] == right[right.count - 2] else {
      throw .mismatch("a matrix product of \(a.shape) and \(b.shape)")
    }
    (rows, depth, columns) = (left[left.count - 2], left[left.count - 1], right[right.count - 1])
    stack = try Shape.broadcast([
      try Shape(Array(left.dropLast(2))), try Shape(Array(right.dropLast(2))),
    ]).dims
    output = stack + (a.rank == 1 ? [] : [rows]) + (b.rank == 1 ? [] : [columns])
    sharesRight = right.dropLast(2).allSatisfy { $0 == 1 }
  }

  package func contraction(_ type: ElementType) throws(OperatorError) -> Contraction {
    let batch = try product(stack)
    return sharesRight
      ? Contraction(
        rows: saturatingProduct(batch, rows), columns: columns, depth: depth, type: type)
      : Contraction(batch: batch, rows: rows, columns: columns, depth: depth, type: type)
  }
}
