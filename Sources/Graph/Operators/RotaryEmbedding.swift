/// `RotaryEmbedding`: pairs of elements turned by an angle that tells their position.
///
/// https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html;
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RotaryEmbedding
package struct RotaryEmbedding: Operator {
  package static let names: [OperatorName] = [
    "RotaryEmbedding", "com.microsoft::MRotaryEmbedding", "com.microsoft::RotaryEmbedding",
  ]

  package let heads: Int?
  /// Elements of each head that are turned; nil for all.
  package let width: Int?

  package init(_ node: Node) throws(OperatorError) {
    heads = try node.int("num_heads").flatMap { $0 > 0 ? $0 : nil }
    width = try node.int("rotary_embedding_dim").flatMap { $0 > 0 ? $0 : nil }
  }

  package var layer: LayerClass { .attention }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    return [.tensor(input.type, input.shape)]
  }

  /// Each element turned takes two products and a sum.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let input = try x.required(0)
    var turned = input.shape.count
    let last = input.dims.last ?? 1
    let head = input.rank == 4 ? last : heads.map { last / $0 } ?? last
    if let width, head > 0, width < head { turned = saturatingProduct(turned / head, width) }
    return Work(elementwise: 3).times(turned)
  }

  /// Of the tables of sines and cosines, only the rows of the positions are read.
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    let tables = x.tensors.dropFirst().filter { $0.type.isFloatingPoint }
    let read = tables.reduce(x.byteCount) { $0 - max(0, $1.byteCount - y.byteCount) }
    return (max(0, read), y.byteCount)
  }

  /// Positions, and tables made of nothing but positions.
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
