/// `BatchNormalization`: each channel shifted and scaled, by what training found or by the batch's own mean and variance.
///
/// https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
package struct BatchNormalization: Operator {
  package static let names: [OperatorName] = ["BatchNormalization"]

  package let epsilon: Double
  /// Whether mean and variance are those of the batch.
  package let isTraining: Bool
  private let isFormer: Bool

  package init(_ node: Node) throws(OperatorError) {
    epsilon = try node.float("epsilon") ?? 1e-5
    // Before version 14 a node that wants the batch's own mean was one in training.
    isFormer = node.precedes(14)
    isTraining =
      isFormer
      ? node.outputs.dropFirst().contains { $0 != nil } : try node.flag("training_mode")
  }

  package var layer: LayerClass { .normalization }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, mean, variance) = (try x.required(0), try x.required(3), try x.required(4))
    let statistics: [ValueInfo?] = [
      .tensor(mean.type, mean.shape), .tensor(variance.type, variance.shape),
    ]
    let result: ValueInfo? = .tensor(input.type, input.shape)
    return isFormer ? [result] + statistics + statistics : [result] + statistics
  }

  /// In training: a mean (n), a variance (3n), and the new running ones, which are few.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: isTraining ? 6 : 2).times(try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index < 3 ? .data : .buffer }

  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], input.rank >= 2 else { return x }
    return (1...4).reduce(x) { $0.resizing($1, to: [input.shape[1]]) }
  }
}
