import Graph

extension Subject {
  /// The layer that holds the normalisation too: with other weights and a bias, known beforehand.
  ///
  /// The normalisation is taken to go by its running mean and variance, whatever its mode. Nil where the layer
  /// bends its result, or where not all of it is known beforehand.
  func folding(_ norm: Node.ID, into id: Node.ID) -> Rewrite? {
    let step = steps[id]
    let body = scope.body
    guard step.outputs.count == 1, let layer = FoldableLayer(step),
      let input = steps[norm].node.inputs[0],
      let factors = ChannelFactors(steps[norm], evenInTraining: true),
      factors.count == layer.channels,
      let weights = step.node.inputs[1]
    else { return nil }
    var rewrite = Rewrite()
    var node = step.node
    let bias = layer.biasIndex.flatMap { index in
      step.inputs.isGiven(index) ? node.inputs[index] : nil
    }
    node.inputs[1] = rewrite.addConstant(
      "folded.weight", TensorInfo(layer.weights.type, layer.weights.shape),
      layer.scaled(.constant(weights), by: factors.scale), to: body)
    let shift = bias.map { .constant($0) - factors.mean } ?? .number(0) - factors.mean
    guard let info = try? TensorInfo(layer.weights.type, [layer.channels]) else { return nil }
    let folded = rewrite.addConstant(
      "folded.bias", info, shift * factors.scale + factors.offset, to: body)
    guard let index = layer.biasIndex else {
      // A product has no bias; a sum takes the normalisation's place.
      guard let output = steps[norm].node.outputs[0] else { return nil }
      rewrite.replaced[id] = [node]
      rewrite.replaced[norm] = [
        Node("Add", opset: node.opset, inputs: [input, folded], outputs: [output])
      ]
      return rewrite
    }
    node.inputs = Array(node.inputs.prefix(index)) + [folded]
    rewrite.replaced[id] = [node]
    rewrite.bypass(norm, steps[norm].node, reading: input)
    return rewrite
  }
}

/// A layer whose weights can be scaled channel by channel of its result.
private struct FoldableLayer {
  let weights: TensorInfo
  let channels: Int
  /// The operand that is added to each channel; nil where the operator has none.
  let biasIndex: Int?
  /// The axes that the weights are looked at with, and those that the factors need to go with them.
  private let axes: [Int]
  private let factorAxes: [Int]

  /// Nil where the operator bends its result, or where weights or bias are not known beforehand.
  init?(_ step: Step) {
    guard step.inputs.isConstant(1), let weights = step.inputs[1], let output = step.outputs[0],
      output.rank >= 2, weights.rank >= 2,
      !step.inputs.isGiven(2)
        || step.inputs.isConstant(2)
          && step.inputs[2]?.dims == [output.shape[1]]
    else { return nil }
    let channels = output.shape[1]
    let ones = [Int](repeating: 1, count: weights.rank - 2)
    switch (step.node.op, step.op) {
    case ("Conv", _):
      (axes, factorAxes, biasIndex) = (weights.dims, [channels, 1] + ones, 2)
    case ("ConvTranspose", let layer as TransposedConvolution):
      // The second axis counts the channels within a group; the groups are parts of the first.
      let groups = max(1, layer.groups)
      axes = [groups, weights.shape[0] / groups] + weights.dims.dropFirst()
      factorAxes = [groups, 1, weights.shape[1]] + ones
      biasIndex = 2
    case ("Gemm", let layer as MatrixProduct):
      guard step.node.isPlainSum else { return nil }
      (axes, biasIndex) = (weights.dims, 2)
      factorAxes = layer.transposesB ? [channels, 1] : [1, channels]
    case ("MatMul", _):
      guard weights.rank == 2, output.rank == 2 else { return nil }
      (axes, factorAxes, biasIndex) = (weights.dims, [1, channels], nil)
    default: return nil
    }
    self.weights = weights
    self.channels = channels
  }

  /// The weights times a factor for each channel of the result.
  func scaled(_ weights: Recipe, by factors: Recipe) -> Recipe {
    .reshaped(.reshaped(weights, axes) * .reshaped(factors, factorAxes), self.weights.dims)
  }
}

extension Node {
  /// Whether a `Gemm` adds product and bias as they are, without factors.
  fileprivate var isPlainSum: Bool {
    attributes.allSatisfy { attribute in
      guard case .float(let factor) = attribute.value else { return true }
      return factor == 1
    }
  }
}
