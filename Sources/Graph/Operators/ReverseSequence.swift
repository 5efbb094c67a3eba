/// `ReverseSequence`: the first steps of each sequence of a batch, last one first.
///
/// https://onnx.ai/onnx/operators/onnx__ReverseSequence.html
package struct ReverseSequence: Operator {
  package static let names: [OperatorName] = ["ReverseSequence"]

  package init(_: Node) {}

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    return [.tensor(input.type, input.shape)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
