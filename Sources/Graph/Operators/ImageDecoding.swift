/// `ImageDecoder`: a compressed picture unpacked.
///
/// Its size is written in the data, so that nothing can be told.
/// https://onnx.ai/onnx/operators/onnx__ImageDecoder.html
package struct ImageDecoding: Operator {
  package static let names: [OperatorName] = ["ImageDecoder"]

  package init(_: Node) {}

  package var layer: LayerClass { .other }
  package func outputs(_: Operands) throws(OperatorError) -> [ValueInfo?] { throw .unknownValue(0) }
  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
