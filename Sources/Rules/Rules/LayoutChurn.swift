import Cost
import Graph

package struct LayoutChurn: Rule {
  package static let page = Page(
    code: "NNC341",
    name: "layout-churn",
    group: .memoryTraffic,
    level: .warning,
    summary: "Two transposes undo each other.",
    why: """
      A transpose computes nothing, yet it reads and writes every byte of its operand, often in an order that
      memory serves badly. Two that cancel out, with nothing between them that minds the order of axes, leave
      the tensor as it was. They come from converters that wrap each layer of a channels-last network into a
      transpose there and one back. An engine drops them when it is built, as ONNX Runtime's basic optimisations do at
      load, also around activations (1.31), so that nothing is reported for one.
      """,
    fix: "Drop both; graph optimisers such as onnxsim and ONNX Runtime's transpose optimiser do.",
    safety: "Exact: the same numbers in the same places.",
    sources: ["https://onnx.ai/onnx/operators/onnx__Transpose.html"],
    triggers: [
      """
      pair (float[8,64,128,128] x) => (y) {
        a = Relu(x)
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (a)
        u = Transpose <perm = [0, 3, 1, 2]> (t)
        y = Sigmoid(u)
      }
      """,
      """
      around_an_activation (float[8,64,128,128] x) => (y) {
        a = Relu(x)
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (a)
        s = Sigmoid(t)
        u = Transpose <perm = [0, 3, 1, 2]> (s)
        y = Relu(u)
      }
      """,
      """
      around_a_residual (float[8,64,128,128] x, float[8,64,128,128] z) => (y) <float[64] scale> {
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (x)
        s = Mul(t, scale)
        r = Transpose <perm = [0, 2, 3, 1]> (z)
        a = Add(s, r)
        g = Sigmoid(a)
        m = Mul(a, g)
        u = Transpose <perm = [0, 3, 1, 2]> (m)
        y = Relu(u)
      }
      """,
      """
      squeeze_and_excitation (float[8,64,128,128] x) => (y) <float[64,64,1,1] w, float[64,64,3,3] v,
        int64[8] border = {0, 0, 0, 0, 0, 1, 1, 0}> {
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (x)
        m = ReduceMean <axes = [1, 2]> (t)
        n = Transpose <perm = [0, 3, 1, 2]> (m)
        c = Conv(n, w)
        o = Transpose <perm = [0, 2, 3, 1]> (c)
        p = Mul(t, o)
        q = Pad(p, border)
        u = Transpose <perm = [0, 3, 1, 2]> (q)
        y = Conv(u, v)
      }
      """,
      """
      read_elsewhere (float[8,64,128,128] x, float[8,64,128,128] z) => (y, h) <float[64] scale> {
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (x)
        s = Transpose <perm = [0, 2, 3, 1]> (z)
        a = Add(t, s)
        g = Relu(a)
        u = Transpose <perm = [0, 3, 1, 2]> (g)
        y = Relu(u)
        h = LayerNormalization(g, scale)
      }
      """,
    ],
    passes: [
      """
      other_order (float[8,64,128,128] x) => (y) {
        a = Relu(x)
        t = Transpose <perm = [0, 2, 3, 1]> (a)
        u = Transpose <perm = [0, 2, 1, 3]> (t)
        y = Sigmoid(u)
      }
      """,
      """
      read_in_that_order (float[8,64,128,128] x) => (y, z) {
        a = Relu(x)
        t = Transpose <perm = [0, 2, 3, 1]> (a)
        z = Sigmoid(t)
        y = Relu(z)
      }
      """,
      """
      something_between (float[8,64,128,128] x) => (y) <float[64] scale> {
        a = Relu(x)
        t = Transpose <perm = [0, 2, 3, 1]> (a)
        s = LayerNormalization(t, scale)
        u = Transpose <perm = [0, 3, 1, 2]> (s)
        y = Sigmoid(u)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard subject.estimate.scenario.runtime == .eager else { return }
    var used: Set<Node.ID> = []
    for (first, step) in subject.steps.enumerated() {
      guard step.axisOrder != nil, !used.contains(first),
        let region = LayoutRegion(first, subject)
      else { continue }
      // From another of its transposes the same region would be found.
      used.formUnion(region.openings)
      guard region.isWorthwhile, used.isDisjoint(with: region.inner + region.closings),
        let rewrite = region.rewrite()
      else { continue }
      used.formUnion(region.inner + region.closings)
      let isClosed = region.entries.isEmpty && region.exits.isEmpty
      report(
        Report(
          nodes: [first],
          message: isClosed
            ? "a pair of transposes that undo each other"
            : "transposes around nodes that could work on the order of axes before them",
          fix: isClosed
            ? "drop both"
            : "let those nodes work on that order, and transpose only what others read of them",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }
}
