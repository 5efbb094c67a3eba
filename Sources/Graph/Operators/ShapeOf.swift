/// `Shape` and `Size`: the extents of a tensor as numbers, or their product.
///
/// https://onnx.ai/onnx/operators/onnx__Shape.html
package struct ShapeOf: Operator {
  package static let names: [OperatorName] = ["Shape", "Size"]

  package let isProduct: Bool
  /// The first axis told, and the one after the last; out of range is cut off.
  package let start: Int
  package let end: Int?

  package init(_ node: Node) throws(OperatorError) {
    isProduct = node.op.name == "Size"
    start = try node.int("start", default: 0)
    end = try node.int("end")
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    if isProduct { return [.tensor(.int64, .scalar, value: .integers([input.shape.count]))] }
    let first = clamped(start, input.rank)
    let last = max(first, clamped(end ?? input.rank, input.rank))
    let dims = Array(input.dims[first..<last])
    return [try .tensor(.int64, [dims.count], value: .integers(dims))]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_: Operands, _ y: Operands) -> (read: Int, written: Int) { (0, y.byteCount) }
  package func role(_: Int, _: Operands) -> OperandRole { .setting }

  private func clamped(_ axis: Int, _ rank: Int) -> Int {
    min(rank, max(0, axis < 0 ? axis + rank : axis))
  }
}
