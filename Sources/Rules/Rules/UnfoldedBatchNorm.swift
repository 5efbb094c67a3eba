import Cost
import Graph

package struct UnfoldedBatchNorm: Rule {
  package static let page = Page(
    code: "NNC228",
    name: "unfolded-batchnorm",
    group: .redundantWork,
    level: .warning,
    summary:
      "A batch normalisation or a factor for each channel stands beside a layer that could hold it.",
    why: """
      At inference a batch normalisation multiplies each channel by one constant and adds another. So does
      the layer before it, which can take both into its weights and bias. Left apart, each one reads and
      writes a whole feature map. So does one that is written out as a product and a sum, as frozen
      normalisations and layer scales are, or one that stands before a 1×1 convolution or dense layer. Under
      a framework that launches operator by operator that is a tenth to a third of a convolutional network's
      energy. A compiled engine folds what stands behind a convolution when it loads the model, and then there
      is nothing to save; what stands before one, or behind a dense layer, ONNX Runtime 1.31 leaves.
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
      """,
      """
      frozen (float[1,64,56,56] x) => (y) <float[64,64,3,3] w, float[1,64,1,1] s, float[1,64,1,1] b> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ m = Mul(c, s)
        a = Add(m, b)
        y = Relu(a)
      }
      """,
      """
      layer_scale (float[8,196,384] x) => (y) <float[384,384] w, float[384] b, float[384] gamma> {
        m = MatMul(x, w)
      ↓ a = Add(b, m)
        s = Mul(gamma, a)
        y = Add(x, s)
      }
      """,
      """
      before_a_layer (float[1,256,56,56] x) => (y)
        <float[256] s, float[256] b, float[256] m, float[256] v, float[256,256,1,1] w> {
        p = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x)
      ↓ n = BatchNormalization(p, s, b, m, v)
        y = Conv(n, w)
      }
      """,
      """
      put_together (float[1,64,56,56] x, float[1,64,56,56] z) => (y)
        <float[64,64,1,1] a, float[64,1,5,5] c, float[128] s, float[128] b, float[128] m, float[128] v> {
        d = Conv(x, a)
        e = Conv <group = 64, pads = [2, 2, 2, 2]> (z, c)
        f = Concat <axis = 1> (d, e)
      ↓ n = BatchNormalization(f, s, b, m, v)
        y = Relu(n)
      }
      """,
      """
      rows_in_one (float[4,196,128] x) => (y)
        <float[128,256] w, float[256] s, float[256] b, float[256] m, float[256] v, int64[2] rows = {784, 256},
         int64[3] apart = {4, 196, 256}> {
        p = MatMul(x, w)
        r = Reshape(p, rows)
      ↓ n = BatchNormalization(r, s, b, m, v)
        y = Reshape(n, apart)
      }
      """,
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
      """
      bias_of_a_product (float[8,196,384] x) => (y) <float[384,384] w, float[384] b> {
        m = MatMul(x, w)
        y = Add(m, b)
      }
      """,
      """
      padded_after (float[1,64,56,56] x) => (y)
        <float[64] s, float[64] b, float[64] m, float[64] v, float[64,64,1,1] w> {
        p = MaxPool <kernel_shape = [3, 3], strides = [1, 1], pads = [1, 1, 1, 1]> (x)
        n = BatchNormalization(p, s, b, m, v)
        y = Conv <pads = [1, 1, 1, 1]> (n, w)
      }
      """,
      """
      scaled_as_a_whole (float[1,64,56,56] x) => (y) <float[64,64,3,3] w, float tenth = {0.1}> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        s = Mul(c, tenth)
        y = Add(x, s)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var told: Set<Node.ID> = []
    for (id, step) in subject.steps.enumerated() {
      // Behind a convolution, an engine folds factors and shifts when it is built (ONNX Runtime 1.31).
      let isFolded = subject.estimate.scenario.runtime == .fused && step.node.op == "Conv"
      if !isFolded, let chain = AffineChain(id, subject), let rewrite = chain.rewrite(subject) {
        report(
          Report(
            nodes: chain.nodes, message: chain.message,
            fix: "fold it when exporting: onnxsim, or multiply it into the weights before",
            remedy: .rewrite(rewrite), isExact: true))
        told.formUnion(chain.nodes)
      }
      guard !told.contains(id), let norm = step.op(as: BatchNormalization.self), step.isCounted,
        !norm.isTraining,
        (1...4).allSatisfy({ step.inputs.isConstant($0) })
      else { continue }
      if let producer = subject.producer(of: id), subject.onlyReader(of: producer) == id,
        let rewrite = subject.folding(id, into: producer)
      {
        report(
          Report(
            nodes: [id], message: "a batch normalisation could be folded into the layer before",
            fix: "fold it when exporting: onnxsim, or evaluation mode in torch.onnx",
            remedy: .rewrite(rewrite), isExact: true))
      } else if let producer = subject.producer(of: id),
        let rewrite = subject.folding(id, intoAllOf: producer)
      {
        report(
          Report(
            nodes: [id],
            message:
              "a batch normalisation could be folded into the layers whose results are put together before it",
            fix: "fold each layer's part of it into that layer",
            remedy: .rewrite(rewrite), isExact: true))
      } else if let producer = subject.producer(of: id),
        let rewrite = subject.folding(id, throughViewBy: producer)
      {
        report(
          Report(
            nodes: [id], message: "a batch normalisation could be folded into the layer before",
            fix: "fold it when exporting, or multiply it into the weights before",
            remedy: .rewrite(rewrite), isExact: true))
      } else if let next = subject.onlyReader(of: id),
        let rewrite = subject.folding(id, intoNext: next)
      {
        report(
          Report(
            nodes: [id], message: "a batch normalisation could be folded into the layer after",
            fix: "multiply it into the weights of that layer, and add the rest to its bias",
            remedy: .rewrite(rewrite), isExact: true))
      }
    }
  }
}
