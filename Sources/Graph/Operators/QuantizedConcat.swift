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
    // Two operands describe the result; then come a tensor, its scale and its zero point, again and again.
    var parts = [try x.required(2)]
    for index in stride(from: 5, to: x.count, by: 3) { parts.append(try x.required(index)) }
    return [.tensor(parts[0].type, try Concat.joined(parts, along: axis).shape)]
  }

  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    Work(elementwise: 4).times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index % 3 == 2 ? .data : .setting
  }
}
