import Cost
import Graph

package struct DeadTokenPositions: Rule {
  package static let page = Page(
    code: "NNC226",
    name: "dead-token-positions",
    group: .redundantWork,
    level: .warning,
    summary: "The last layers compute rows for every position, and one position is used.",
    why: """
      A classifier on a transformer reads the first token, a generator the last one. Attention needs the keys
      and values of all positions, but everything after it works row by row: in the last block, the queries, the
      scores, the projection, the feed-forward layers and the normalisations of all other positions are computed
      for nobody. The shorter the network, the larger that share: it is one block of however many there are,
      less its key and value projections: an estimated 9 % of DistilBERT's energy and 5 % of ViT-B/16's on a
      T4. Where logits over a vocabulary are computed before the last one is
      picked, the whole head is wasted but for one row. Inference engines do not move a selection upwards; ONNX
      Runtime does so for training alone.
      """,
    fix: """
      Select the position before the last block's query projection and its residual, not after the network:
      compute keys and values of all positions, and everything else of the one that is used.
      """,
    safety:
      "Exact: rows that nobody reads are left out, the others are computed from the same numbers.",
    sources: [
      "https://github.com/microsoft/onnxruntime/pull/13672 (the same for training: upstream_gather)",
      "the shares: this tool's own estimates for one input on a T4, in float32",
    ],
    triggers: [
      """
      first_token (float[1,128,256] x) => (y)
        <float[256,256] q, float[256,256] k, float[256,256] v, float[256,1024] up, float[1024,256] down, int64 i = {0}> {
      ↓ a = MatMul(x, q)
        b = MatMul(x, k)
        c = MatMul(x, v)
        bt = Transpose <perm = [0, 2, 1]> (b)
        s = MatMul(a, bt)
        p = Softmax <axis = -1> (s)
        o = MatMul(p, c)
        r = Add(o, x)
        f = MatMul(r, up)
        g = Relu(f)
        h = MatMul(g, down)
        z = Add(h, r)
        y = Gather <axis = 1> (z, i)
      }
      """,
      """
      last_logits (float[1,sequence,256] x) => (y)
        <float[256,8000] w, int64[1] s = {-1}, int64[1] e = {9223372036854775807}, int64[1] axis = {1}> {
        h = Relu(x)
      ↓ l = MatMul(h, w)
        y = Slice(l, s, e, axis)
      }
      """,
    ],
    passes: [
      """
      mean_of_all (float[1,128,256] x) => (y) <float[256,256] w, int64 i = {0}> {
        h = MatMul(x, w)
        m = ReduceMean <axes = [1]> (h)
        y = Gather <axis = 1> (m, i)
      }
      """,
      """
      all_positions (float[1,128,256] x) => (y, first) <float[256,256] w, int64 i = {0}> {
        y = MatMul(x, w)
        first = Gather <axis = 1> (y, i)
      }
      """,
      """
      over_positions (float[1,128,256] x) => (y) <float[256,256] w, int64 i = {0}> {
        h = MatMul(x, w)
        t = Softmax <axis = 1> (h)
        y = Gather <axis = 1> (t, i)
      }
      """,
      """
      batch_and_sequence_in_one (float[n,128,256] x) => (y)
        <float[256,256] w, int64[2] flat = {-1, 256}, int64[3] apart = {-1, 128, 256}, int64 i = {0}> {
        m = Reshape(x, flat)
        h = MatMul(m, w)
        r = Reshape(h, apart)
        y = Gather <axis = 1> (r, i)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (narrowing, rewrite) in Narrowing.all(in: subject, .places) {
      guard let (used, all) = narrowing.extents else { continue }
      let layers = counted(narrowing.layers.count, "layer")
      report(
        Report(
          nodes: narrowing.layers,
          message: "\(layers) \(narrowing.layers.count == 1 ? "computes" : "compute") \(all) "
            + "positions of which \(used) \(used == 1 ? "is" : "are") used",
          fix: "select before these layers what is selected after them",
          remedy: .rewrite(rewrite), isExact: true))
    }
  }
}

extension Narrowing {
  /// How many elements of an axis the first layer has to make, and how many it makes.
  var extents: (used: Int, all: Int)? {
    guard let layer = layers.first, let output = demand.subject.steps[layer].node.outputs.first,
      let output, let shape = demand.subject.scope.infos[output]?.tensor?.shape,
      let axis = demand.made[output].firstIndex(where: { $0 != nil }),
      let range = demand.made[output][axis]
    else { return nil }
    return (range.count, shape[axis])
  }
}
