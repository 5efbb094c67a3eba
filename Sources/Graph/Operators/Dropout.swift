/// `Dropout`: nothing at inference; in training, elements set to zero at random and the others scaled up.
///
/// The ratio is an attribute before opset 12; from then on an operand says whether to train.
/// https://onnx.ai/onnx/operators/onnx__Dropout.html
package struct Dropout: Operator {
  package static let names: [OperatorName] = ["Dropout"]

  /// Whether the mask is of truth values; before opset 10 it has the type of the input.
  private let hasTruthMask: Bool

  package init(_ node: Node) { hasTruthMask = !node.precedes(10) }

  package var layer: LayerClass { .dropout }
  package var viewedInput: Int? { 0 }

  package func viewedInput(_ x: Operands) -> Int? { isTraining(x) ? nil : 0 }

  /// Whether the node is known to train; one that nobody tells to does not.
  package func isTraining(_ x: Operands) -> Bool { x[2]?.value?.integers?.first == 1 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let isTraining = isTraining(x)
    let mask = hasTruthMask ? ElementType.bool : input.type
    let kept = TensorValue(1, as: mask)
    return [
      .tensor(input.type, input.shape, value: isTraining ? nil : input.value),
      .tensor(
        mask, input.shape, value: isTraining ? nil : kept?.picking(input.shape) { _ in 0 }),
    ]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    // A comparison with the ratio, and a product with the mask and the scale.
    isTraining(x) ? Work(elementwise: 2).times(try x.required(0).shape.count) : Work()
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
