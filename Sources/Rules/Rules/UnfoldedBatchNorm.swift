import Cost
import Graph

package struct UnfoldedBatchNorm: Rule {
  package static let page = Page(
    code: "NNC228",
    name: "unfolded-batchnorm",
    group: .redundantWork,
    level: .warning,
    summary: "A batch normalisation follows a convolution or dense layer that could hold it.",
    why: """
      At inference a batch normalisation multiplies each channel by one constant and adds another. So does
      the layer before it, which can take both into its weights and bias. Left apart, each one reads and
      writes a whole feature map: under a framework that launches operator by operator that is a tenth to a
      third of a convolutional network's energy. A compiled engine folds them when it loads the model, and
      then there is nothing to save.
      """,
    fix: """
      Export in evaluation mode (torch.onnx does it by default), or run a graph optimiser:
      onnxsim, onnxoptimizer's fuse_bn_into_conv, ONNX Runtime's offline optimisation.
      """,
    safety: "Exact up to rounding: relative error about 1e-6 in float32.",
    sources: [
      "https://onnx.ai/onnx/operators/onnx__BatchNormalization.html",
      "Jacob et al.: Quantization and Training of Neural Networks, 2018, section 3.2 (folding)",
    ],
    triggers: [
      """
      conv (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ n = BatchNormalization(c, s, b, m, v)
        y = Relu(n)
      }
      """
    ],
    passes: [
      """
      dense_net (float[1,64,56,56] x) => (y)
        <float[64] s, float[64] b, float[64] m, float[64] v, float[64,64,3,3] w> {
        n = BatchNormalization(x, s, b, m, v)
        r = Relu(n)
        y = Conv <pads = [1, 1, 1, 1]> (r, w)
      }
      """,
      """
      two_readers (float[1,64,56,56] x) => (y, z)
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        y = BatchNormalization(c, s, b, m, v)
        z = Relu(c)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (id, step) in subject.steps.enumerated() {
      guard let norm = step.op(as: BatchNormalization.self), !norm.isTraining,
        (1...4).allSatisfy({ step.inputs.isConstant($0) }),
        let producer = subject.producer(of: id), subject.onlyReader(of: producer) == id,
        let rewrite = folding(id, into: producer, subject)
      else { continue }
      report(
        Report(
          nodes: [id], message: "a batch normalisation could be folded into the layer before",
          fix: "fold it when exporting: onnxsim, or evaluation mode in torch.onnx",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }

  /// The layer that holds the normalisation too: with other weights and a bias, known beforehand.
  private func folding(_ norm: Node.ID, into id: Node.ID, _ subject: Subject) -> Rewrite? {
    let step = subject.steps[id]
    let body = subject.scope.body
    guard step.outputs.count == 1, let layer = FoldableLayer(step),
      let input = subject.steps[norm].node.inputs[0],
      let factors = ChannelFactors(subject.steps[norm]), factors.count == layer.channels,
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
      guard let output = subject.steps[norm].node.outputs[0] else { return nil }
      rewrite.replaced[id] = [node]
      rewrite.replaced[norm] = [
        Node("Add", opset: node.opset, inputs: [input, folded], outputs: [output])
      ]
      return rewrite
    }
    node.inputs = Array(node.inputs.prefix(index)) + [folded]
    rewrite.replaced[id] = [node]
    rewrite.bypass(norm, subject.steps[norm].node, reading: input)
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
