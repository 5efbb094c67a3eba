/// `SoftmaxCrossEntropyLoss` and `NegativeLogLikelihoodLoss`: how far scores are from the right classes.
///
/// Scores are `N×classes×…`, targets `N×…`; the loss is one for each target, or their sum or mean.
/// https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html, onnx__NegativeLogLikelihoodLoss.html
package struct Loss: Operator {
  package static let names: [OperatorName] = [
    "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss",
  ]

  /// Whether one number is left of the losses of all targets.
  package let isReduced: Bool
  /// Whether the scores still have to become logarithms of probabilities.
  package let normalizes: Bool

  package init(_ node: Node) throws(OperatorError) {
    isReduced = try node.string("reduction") ?? "mean" != "none"
    normalizes = node.op.name == "SoftmaxCrossEntropyLoss"
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (scores, targets) = (try x.required(0), try x.required(1))
    guard scores.rank == targets.rank + 1 else {
      throw .mismatch("scores \(scores.shape) for targets \(targets.shape)")
    }
    let loss = ValueInfo.tensor(scores.type, isReduced ? .scalar : targets.shape)
    return normalizes ? [loss, .tensor(scores.type, scores.shape)] : [loss]
  }

  /// A log-softmax of the scores; for each target a negation, its weight, and its part in the reduction.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let perTarget = 1 + (x.isGiven(2) ? 1 : 0) + (isReduced ? 1 : 0)
    let losses = Work(elementwise: perTarget).times(try x.required(1).shape.count)
    guard normalizes else { return losses }
    return losses + Work(elementwise: 5, transcendentals: 1).times(try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
