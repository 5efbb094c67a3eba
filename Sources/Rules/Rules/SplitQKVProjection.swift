import Cost
import Graph

package struct SplitQKVProjection: Rule {
  package static let page = Page(
    code: "NNC625",
    name: "split-qkv-projection",
    group: .deployment,
    level: .info,
    summary:
      "Several dense layers read the same tensor, each with weights that could be part of one.",
    why: """
      Queries, keys and values are three products of the same tensor. Apart, each reads it anew and is launched
      by itself, and at one inference a small product does not fill a board. One product with the columns of all
      three does the same arithmetic. Compiled engines join such layers by themselves, and ONNX Runtime's
      optimiser for transformers does; frameworks that run operator by operator do not. Splitting the result moves bytes as well, which long
      sequences do not win back: those are not reported.
      """,
    fix: "Concatenate the weights along the output features, multiply once, and split the result.",
    safety: "Exact: each output feature is computed from the same numbers as before.",
    sources: [
      "https://onnxruntime.ai/docs/performance/transformers-optimization.html (attention fusion)"
    ],
    triggers: [
      """
      attention (float[1,16,512] x) => (a, b, c)
        <float[512,512] q, float[512,512] k, float[512,512] v> {
        h = Relu(x)
      ↓ l = MatMul(h, q)
        m = MatMul(h, k)
        n = MatMul(h, v)
        a = Sigmoid(l)
        b = Sigmoid(m)
        c = Sigmoid(n)
      }
      """
    ],
    passes: [
      """
      cross_attention (float[1,16,512] x, float[1,16,512] z) => (a, b)
        <float[512,512] q, float[512,512] k> {
        l = MatMul(x, q)
        m = MatMul(z, k)
        a = Sigmoid(l)
        b = Sigmoid(m)
      }
      """,
      """
      one_already (float[1,16,512] x) => (y) <float[512,1536] w> {
        l = MatMul(x, w)
        y = Sigmoid(l)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    // An engine joins them by itself.
    guard subject.estimate.scenario.runtime == .eager else { return }
    for siblings in SiblingProducts.all(in: subject) {
      guard let rewrite = siblings.rewrite(subject) else { continue }
      report(
        Report(
          nodes: siblings.layers,
          message: "\(siblings.layers.count) dense layers read the same tensor",
          fix: "make them one dense layer and split its result", remedy: .rewrite(rewrite),
          isExact: true, cap: .info))
    }
  }
}
