/// `QuantizeLinear`, `DequantizeLinear`, `DynamicQuantizeLinear`: real numbers to few bits and back.
///
/// Scales and zero points, one for the tensor, an axis or a block, change no shape.
/// https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html, onnx__DequantizeLinear.html
package struct Quantization: Operator {
  package static let names: [OperatorName] = [
    "DequantizeLinear", "DynamicQuantizeLinear", "QuantizeLinear",
    "com.microsoft::DequantizeLinear", "com.microsoft::QuantizeLinear",
  ]

  package enum Direction: Hashable, Sendable { case quantize, dequantize, quantizeDynamically }

  package let direction: Direction
  /// The type of the result, where the node says it.
  package let result: ElementType?

  /// What one element takes that is quantised by the range found in its tensor: minimum, maximum, scale, round.
  static let dynamic = Work(elementwise: 4)

  package init(_ node: Node) throws(OperatorError) {
    direction =
      switch node.op.name {
      case "QuantizeLinear": .quantize
      case "DequantizeLinear": .dequantize
      default: .quantizeDynamically
      }
    result = try node.elementType("output_dtype")
  }

  package var layer: LayerClass { .quantization }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    switch direction {
    case .quantize:
      return [.tensor(try x.optional(2)?.type ?? result ?? .uint8, input.shape)]
    case .dequantize:
      let scale = try x.required(1).type
      return [.tensor(result ?? scale, input.shape)]
    case .quantizeDynamically:
      return [
        .tensor(.uint8, input.shape), .tensor(.float32, .scalar), .tensor(.uint8, .scalar),
      ]
    }
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let perElement = direction == .quantizeDynamically ? Self.dynamic : Work(elementwise: 2)
    return perElement.times(try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
