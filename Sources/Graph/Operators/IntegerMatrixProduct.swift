/// Matrix products of integers: `MatMulInteger`, `QLinearMatMul` and ONNX Runtime's quantised kin.
///
/// Scales and zero points lie between the operands, so each operator says where its operands are.
/// https://onnx.ai/onnx/operators/onnx__MatMulInteger.html, onnx__QLinearMatMul.html;
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
package struct IntegerMatrixProduct: Operator {
  /// Where the operands of one operator are, and what it does beside the product.
  struct Signature: Sendable {
    var left = 0
    var right: Int
    var bias: Int?
    /// Whether the left operand is real and quantised on the way in.
    var quantizesLeft = false
    var result: Result

    enum Result: Sendable {
      case type(ElementType)
      /// That of the operand at the index, `otherwise` where it is left out.
      case like(Int, otherwise: ElementType)
    }
  }

  static let table: [OperatorName: Signature] = [
    "MatMulInteger": Signature(right: 1, result: .type(.int32)),
    "QLinearMatMul": Signature(right: 3, result: .like(7, otherwise: .uint8)),
    "com.microsoft::DynamicQuantizeMatMul": Signature(
      right: 1, bias: 4, quantizesLeft: true, result: .like(0, otherwise: .float32)),
    "com.microsoft::MatMulInteger16": Signature(right: 1, result: .type(.int32)),
    "com.microsoft::MatMulIntegerToFloat": Signature(
      right: 1, bias: 6, result: .like(2, otherwise: .float32)),
    "com.microsoft::QGemm": Signature(right: 3, bias: 6, result: .like(8, otherwise: .float32)),
    "com.microsoft::QOrderedMatMul": Signature(right: 2, bias: 5, result: .type(.int8)),
  ]

  package static var names: [OperatorName] { table.keys.sorted() }

  package let transposesA: Bool
  package let transposesB: Bool
  private let signature: Signature

  package init(_ node: Node) throws(OperatorError) {
    guard let signature = Self.table[node.op] else { throw .unsupported(node.op) }
    self.signature = signature
    transposesA = try node.flag("transA")
    transposesB = try node.flag("transB")
  }

  package var layer: LayerClass { .dense }

  private func extents(_ x: Operands) throws(OperatorError) -> MatrixExtents {
    try MatrixExtents(
      try x.required(signature.left), transposesA, try x.required(signature.right), transposesB)
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let type: ElementType
    switch signature.result {
    case .type(let always): type = always
    case .like(let index, let otherwise): type = try x.optional(index)?.type ?? otherwise
    }
    return [try .tensor(type, try extents(x).output)]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    // A left operand quantised on the way in is multiplied in the type of the right one.
    let source = signature.quantizesLeft ? signature.right : signature.left
    return [try extents(x).contraction(try x.required(source).type)]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let result = try y.required(0)
    var perResult = 0
    if let bias = signature.bias, x.isGiven(bias) { perResult += 1 }
    // Sums of 32 bits are left as they are, scaled to real numbers, or scaled and rounded to few bits.
    if result.type.isFloatingPoint {
      perResult += 1
    } else if result.type != .int32 {
      perResult += 2
    }
    var work = Work(elementwise: saturatingProduct(perResult, result.shape.count))
    if signature.quantizesLeft {
      work += Quantization.dynamic.times(try x.required(signature.left).shape.count)
    }
    return work
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    [signature.left, signature.right, signature.bias].contains(index) ? .data : .setting
  }
}
