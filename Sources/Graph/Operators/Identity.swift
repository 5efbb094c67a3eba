/// `Identity`: its operand under another name, whatever it is.
///
/// https://onnx.ai/onnx/operators/onnx__Identity.html
package struct Identity: Operator {
  package static let names: [OperatorName] = ["Identity"]

  package init(_: Node) {}

  package var layer: LayerClass { .other }
  package var viewedInput: Int? { 0 }
  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] { [try x.value(0)] }
  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
