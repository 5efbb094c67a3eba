import Cost
import Graph

package struct OversizedDenseHead: Rule {
  package static let page = Page(
    code: "NNC501",
    name: "oversized-dense-head",
    group: .architecture,
    level: .warning,
    summary: "Dense layers on a flattened feature map dominate a convolutional network.",
    why: """
      A dense layer on a flattened map has a weight for every channel at every position. At batch 1 each
      weight is read from memory for a single multiplication, so the head costs what its weights weigh: in
      VGG-16 the first dense layer holds 102.8 of 138.4 million parameters. The cost per inference falls as
      the batch grows, since a batch reads the weights once; so the finding depends on the batch. Networks
      with global average pooling and one dense layer do without: SqueezeNet reaches AlexNet's accuracy with
      a fiftieth of the parameters.
      """,
    fix: """
      Pool each channel to one number (GlobalAveragePool) and put a single dense layer from channels to
      classes behind it. Where positions matter, factor the large weight matrix into two thin ones.
      """,
    safety: "Changes the function: needs fine-tuning or retraining.",
    sources: [
      "Lin, Chen, Yan: Network In Network, 2013 (global average pooling in place of dense layers)",
      "Iandola et al.: SqueezeNet, 2016 (AlexNet's accuracy with 50 times fewer parameters)",
    ],
    triggers: [
      """
      vgg_like (float[1,3,64,64] x) => (y)
        <float[64,3,3,3] w, float[1024,262144] w1, float[1000,1024] w2> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        r = Relu(c)
        f = Flatten(r)
      ↓ h = Gemm <transB = 1> (f, w1)
        s = Relu(h)
        y = Gemm <transB = 1> (s, w2)
      }
      """,
      """
      signal (float[4,64,512] x) => (y) <float[128,64,5] k, float[65536,512] w, float[512,6] v> {
        c = Conv <pads = [2, 2]> (x, k)
        r = Relu(c)
        f = Flatten(r)
      ↓ h = Gemm(f, w)
        g = Relu(h)
        y = Gemm(g, v)
      }
      """,
      """
      channels_last (float[1,64,28,28] x) => (y) <float[128,64,3,3] k, float[100352,512] w, float[512,10] v, int64[2] s = {1, -1}> {
        c = Conv <pads = [1, 1, 1, 1]> (x, k)
        r = Relu(c)
        t = Transpose <perm = [0, 2, 3, 1]> (r)
        f = Reshape(t, s)
      ↓ h = MatMul(f, w)
        g = Relu(h)
        y = MatMul(g, v)
      }
      """,
      """
      convolved (float[1,3,56,56] x) => (y)
        <float[256,3,8,8] w, float[4096,256,7,7] w1, float[4096,4096,1,1] w2, float[100,4096] w3> {
        c = Conv <strides = [8, 8]> (x, w)
        r = Relu(c)
      ↓ h = Conv(r, w1)
        s = Relu(h)
        g = Conv(s, w2)
        t = Relu(g)
        f = Flatten(t)
        y = Gemm <transB = 1> (f, w3)
      }
      """,
    ],
    passes: [
      """
      pooled_channels_last (float[1,3,64,64] x) => (y)
        <float[64,3,3,3] w, float[64] s, float[64] b, float[1000,64] w1> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        p = GlobalAveragePool(c)
        t = Transpose <perm = [0, 2, 3, 1]> (p)
        n = LayerNormalization(t, s, b)
        u = Transpose <perm = [0, 3, 1, 2]> (n)
        f = Flatten(u)
        y = Gemm <transB = 1> (f, w1)
      }
      """,
      """
      pooled (float[1,3,64,64] x) => (y) <float[64,3,3,3] w, float[1000,64] w1> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        r = Relu(c)
        p = GlobalAveragePool(r)
        f = Flatten(p)
        y = Gemm <transB = 1> (f, w1)
      }
      """,
      """
      perceptron (float[1,784] x) => (y) <float[4096,784] w1, float[10,4096] w2> {
        h = Gemm <transB = 1> (x, w1)
        s = Relu(h)
        y = Gemm <transB = 1> (s, w2)
      }
      """,
    ]
  )

  /// A head must take this share of the energy.
  static let energyShare = 0.1
  /// Below that, a head with this share of the parameters is noted, since smaller batches pay for it.
  static let parameterShare = 0.5

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let total = subject.estimate.analysis.totals.parameters
    // Heads may share their first layers, which are places of one of them.
    var told: Set<Node.ID> = []
    for output in subject.scope.body.outputs {
      guard let head = DenseHead(subject, output), total > 0 else { continue }
      let energy = subject.share(of: head.layers)
      let parameters = Double(head.parameters) / Double(total)
      let isDear = energy >= Self.energyShare && (head.positions > 1 || head.isDeepAndWide)
      let isHeavy = parameters >= Self.parameterShare && head.positions > 1
      guard isDear || isHeavy, let rewrite = head.pooled(subject) else { continue }
      let nodes = head.layers.reversed().filter { !told.contains($0) }
      guard !nodes.isEmpty else { continue }
      let map = head.source.dims.dropFirst().map(String.init).joined(separator: "x")
      report(
        Report(
          nodes: nodes,
          message: """
            \(counted(head.layers.count, "dense layer")) after a \(map) feature map: \
            \(percent(parameters)) of the parameters, \(percent(energy)) of the energy
            """,
          fix: "global average pooling before one \(head.channels) -> \(head.classes) layer",
          remedy: .rewrite(rewrite), isExact: false, cap: isDear ? .error : .info,
          isNote: !isDear))
      told.formUnion(head.layers)
    }
  }
}
