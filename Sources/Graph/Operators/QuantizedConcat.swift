/// `QLinearConcat`: quantised tensors side by side, each brought to the scale of the result.
///
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConcat
package struct QuantizedConcat: Operator {
  package static let names: [OperatorName] = ["com.microsoft::QLinearConcat"]

  package let axis: Int

  package init(_ node: Node) throws(OperatorError) {
    guard let axis = try node.int("axis") else { throw .missingAttribute("axis") }
    self.axis = axis
  }

  package var layer: LayerClass { .concatenate }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let first = try x.required(2)
    let axis = try first.shape.axis(axis)
    var dims = first.dims
    // Two operands describe the result; then come a tensor, its scale and its zero point, again and again.
    for index in stride(from: 5, to: x.count, by: 3) {
      let part = try x.required(index)
      guard part.rank == first.rank else {
        throw .mismatch("\(first.shape) beside \(part.shape)")
      }
      dims[axis] = saturatingSum(dims[axis], part.shape[axis])
    }
    return [try .tensor(first.type, dims)]
  }

  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    Work(elementwise: 4).times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index % 3 == 2 ? .data : .setting
  }
}
