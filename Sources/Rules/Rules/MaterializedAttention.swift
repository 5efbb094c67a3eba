import Cost
import Graph

package struct MaterializedAttention: Rule {
  package static let page = Page(
    code: "NNC322",
    name: "materialized-attention",
    group: .memoryTraffic,
    level: .warning,
    summary: "Attention writes its matrix of scores to memory and reads it again.",
    why: """
      Scores have an element for each pair of tokens. Run as two matrix products with a softmax between them, they
      cross the memory four times or more, and all of that is waiting. One kernel that keeps them on chip gives the
      same result: FlashAttention moved 4.4 GB in place of 40.3 GB for GPT-2 medium at 1024 tokens, and took 7.3 ms in
      place of 41.7. The share grows with the length of the sequence; below a hundred tokens there is little
      to gain.
      """,
    fix: """
      Export scaled_dot_product_attention as one operator (ONNX Attention, opset 23), fuse it with ONNX
      Runtime's transformer optimiser, or build an engine that does. FlashAttention 2 needs compute capability
      8.0; for a T4, which has 7.5, FlashAttention 1 has kernels.
      """,
    safety: "Exact up to rounding.",
    sources: [
      "Dao et al.: FlashAttention, 2022 (figure 2)",
      "https://github.com/Dao-AILab/flash-attention (version 1 for Turing and Ampere, version 2 from Ampere on)",
      "https://onnx.ai/onnx/operators/onnx__Attention.html",
    ],
    triggers: [
      """
      spelled_out (float[1,12,1024,64] q, float[1,12,64,1024] k, float[1,12,1024,64] v) => (y) {
        s = MatMul(q, k)
      ↓ p = Softmax <axis = -1> (s)
        y = MatMul(p, v)
      }
      """,
      """
      as_sums (float[2,512,8,64] q, float[2,512,8,64] k, float[2,512,8,64] v) => (y) {
        s = Einsum <equation = "bqhd,bkhd->bhqk"> (q, k)
      ↓ p = Softmax <axis = -1> (s)
        y = Einsum <equation = "bhqk,bkhd->bqhd"> (p, v)
      }
      """,
      """
      looked_at_otherwise (float[4,512,32] q, float[4,32,512] k, float[4,512,32] v) => (y)
        <int64[5] s = {1, 4, 512, 512, 1}, int64[1] last = {-1}, float h = {0.2}> {
        a = MatMul(q, k)
        b = Reshape(a, s)
        c = Squeeze(b, last)
        d = Mul(c, h)
      ↓ p = Softmax <axis = -1> (d)
        u = Unsqueeze(p, last)
        e = Shape <start = 1, end = 4> (u)
        r = Reshape(u, e)
        y = MatMul(r, v)
      }
      """,
      """
      over_pixels (float[1,2304,16] q, float[1,16,2304] k, float[1,64,2304] v) => (y) {
        s = MatMul(q, k)
      ↓ p = Softmax <axis = -1> (s)
        t = Transpose <perm = [0, 2, 1]> (p)
        y = MatMul(v, t)
      }
      """,
    ],
    passes: [
      """
      short (float[1,12,32,64] q, float[1,12,64,32] k, float[1,12,32,64] v) => (y) {
        s = MatMul(q, k)
        p = Softmax <axis = -1> (s)
        y = MatMul(p, v)
      }
      """,
      """
      over_channels (float[1,64,2304] q, float[1,2304,64] k, float[1,64,2304] v) => (y) {
        s = MatMul(q, k)
        p = Softmax <axis = -1> (s)
        y = MatMul(p, v)
      }
      """,
      """
      classes (float[1,512] x) => (y) <float[512,1000] w> {
        h = MatMul(x, w)
        y = Softmax(h)
      }
      """,
      """
      scores_wanted (float[1,12,1024,64] q, float[1,12,64,1024] k, float[1,12,1024,64] v) => (y, p) {
        s = MatMul(q, k)
        p = Softmax <axis = -1> (s)
        y = MatMul(p, v)
      }
      """,
    ],
    runtime: .eager
  )

  /// Shorter sequences have few scores.
  static let shortest = 64

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    let joined = Set(
      subject.launches.filter { $0.kernel.operation == .attention }
        .flatMap { launch in launch.kernel.members.map { subject.estimate.analysis.placements[$0] }
        }
        .filter { $0.scope == 0 }.map(\.node))
    for (id, step) in subject.steps.enumerated()
    where step.op(is: Softmax.self) && !joined.contains(id) {
      if let attention = WrittenAttention(id, subject, atLeast: Self.shortest),
        attention.fuse(&rewrite, subject)
      {
        found.append(id)
      }
    }
    guard subject.isWhole(rewrite), let first = found.first,
      let scores = subject.steps[first].outputs[0]
    else { return }
    // Whether an engine has a kernel for this attention depends on the board, so a small saving is a note.
    let after = subject.estimate(after: [.rewrite(rewrite)])
    let saved = (after.map(subject.saving(by:))?.value ?? 0) / subject.estimate.joules.value
    guard saved >= Ladder.exactWarning else { return }
    let length = "\(scores.shape[scores.rank - 2])x\(scores.shape[scores.rank - 1])"
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "attention layer")) \(found.count == 1 ? "writes its" : "write their") \
          \(length) scores to memory
          """,
        fix: "run attention as one kernel: the Attention operator, or an engine that fuses it",
        remedy: .rewrite(rewrite), after: after, isExact: true,
        cap: saved >= Ladder.tradeOffInfo ? .error : .info
      ))
  }
}
