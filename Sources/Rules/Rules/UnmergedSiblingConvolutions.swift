import Cost
import Graph

package struct UnmergedSiblingConvolutions: Rule {
  package static let page = Page(
    code: "NNC246",
    name: "unmerged-sibling-convolutions",
    group: .redundantWork,
    level: .warning,
    summary:
      "Convolutions of the same kernel read the same tensor side by side, where one would do.",
    why: """
      Convolutions of the same kernel over the same tensor are one convolution with the channels of all of them.
      Apart, each reads the tensor anew and is launched by itself, with fewer channels than the device could do at
      once. That is how the branches of Inception blocks begin, and detection heads that predict boxes and classes
      from the same map. TensorRT merges such layers by itself; frameworks that run operator by operator do not,
      nor does ONNX Runtime 1.31 on a CPU. Weights that are in a file twice, or that nobody reads, are no finding: they take room on a disk
      and no joules.
      """,
    fix: "Concatenate the weights along the output channels, convolve once, and split the result.",
    safety: "Exact: each output channel is computed from the same numbers as before.",
    sources: [
      "https://docs.nvidia.com/deeplearning/tensorrt/latest/architecture/how-trt-works.html (merging of layers)"
    ],
    triggers: [
      """
      inception (float[1,192,7,7] x) => (y)
        <float[16,192,1,1] a, float[24,192,1,1] b, float[16,192,1,1] c, float[24] bias> {
      ↓ d = Conv(x, a)
        e = Conv(x, b, bias)
        f = Conv(x, c)
        dr = Relu(d)
        er = Relu(e)
        fr = Relu(f)
        ds = Sigmoid(dr)
        et = Tanh(er)
        g = Concat <axis = 1> (ds, et, fr)
        y = Relu(g)
      }
      """,
      """
      normalised (float[1,192,7,7] x) => (y)
        <float[16,192,1,1] a, float[24,192,1,1] b, float[16] s, float[16] o, float[16] m, float[16] v,
         float[24] t, float[24] p, float[24] n, float[24] w> {
      ↓ d = Conv(x, a)
        e = Conv(x, b)
        dn = BatchNormalization(d, s, o, m, v)
        en = BatchNormalization(e, t, p, n, w)
        dr = Relu(dn)
        er = Relu(en)
        ds = Sigmoid(dr)
        et = Tanh(er)
        g = Concat <axis = 1> (ds, et)
        y = Relu(g)
      }
      """,
    ],
    passes: [
      """
      other_kernels (float[1,192,7,7] x) => (y) <float[16,192,1,1] a, float[24,192,3,3] b> {
        d = Conv(x, a)
        e = Conv <pads = [1, 1, 1, 1]> (x, b)
        y = Concat <axis = 1> (d, e)
      }
      """,
      """
      other_operands (float[1,192,7,7] x, float[1,192,7,7] z) => (y) <float[16,192,1,1] a, float[24,192,1,1] b> {
        d = Conv(x, a)
        e = Conv(z, b)
        y = Concat <axis = 1> (d, e)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    // An engine merges them by itself.
    guard subject.estimate.scenario.runtime == .eager else { return }
    for siblings in SiblingConvolutions.all(in: subject) {
      guard let rewrite = siblings.rewrite(subject) else { continue }
      report(
        Report(
          nodes: siblings.layers,
          message: "\(siblings.layers.count) convolutions of the same kernel read the same tensor",
          fix: "make them one convolution and split its result",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }
}
