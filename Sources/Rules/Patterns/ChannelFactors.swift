import Graph

/// What a batch normalisation does to each channel: `(x - mean) · scale + offset`.
struct ChannelFactors {
  let scale: Recipe
  let mean: Recipe
  let offset: Recipe
  /// The number of channels.
  let count: Int

  /// Nil unless the node normalises by constants, or would if it were not in training mode.
  init?(_ step: Step, evenInTraining: Bool = false) {
    guard let norm = step.op(as: BatchNormalization.self), evenInTraining || !norm.isTraining,
      (1...4).allSatisfy({ step.inputs.isConstant($0) }), step.node.inputs.count > 4,
      let info = step.inputs[1],
      let gamma = step.node.inputs[1], let beta = step.node.inputs[2],
      let mean = step.node.inputs[3], let variance = step.node.inputs[4]
    else { return nil }
    scale = .constant(gamma) / .squareRoot(.constant(variance) + .number(norm.epsilon))
    self.mean = .constant(mean)
    offset = .constant(beta)
    count = info.shape.count
  }
}
