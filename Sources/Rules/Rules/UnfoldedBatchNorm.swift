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
        let rewrite = subject.folding(id, into: producer)
      else { continue }
      report(
        Report(
          nodes: [id], message: "a batch normalisation could be folded into the layer before",
          fix: "fold it when exporting: onnxsim, or evaluation mode in torch.onnx",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }
}
