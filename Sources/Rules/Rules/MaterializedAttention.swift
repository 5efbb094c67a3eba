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
      """
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
  /// More nodes than this between a product and the softmax are not looked at.
  private static let reach = 6

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
    where step.op is Softmax && !joined.contains(id) {
      if let attention = Attention(id, subject), attention.fuse(&rewrite, subject) {
        found.append(id)
      }
    }
    guard let first = found.first, let scores = subject.steps[first].outputs[0] else { return }
    // Whether an engine has a kernel for this attention depends on the board, so a small saving is a note.
    let saved = subject.saving([.rewrite(rewrite)]).value / subject.estimate.joules.value
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
        remedy: .rewrite(rewrite), isExact: true, cap: saved >= Ladder.tradeOffInfo ? .error : .info
      ))
  }

  /// Two products of computed matrices with a softmax between them, and what scales and masks the scores.
  private struct Attention {
    let first: Node.ID
    let last: Node.ID
    /// Everything between the two.
    let between: [Node.ID]

    init?(_ softmax: Node.ID, _ subject: Subject) {
      guard let scores = subject.steps[softmax].outputs[0], scores.rank >= 2,
        scores.shape[scores.rank - 2] >= MaterializedAttention.shortest,
        scores.shape[scores.rank - 1] >= MaterializedAttention.shortest
      else { return nil }
      var between = [softmax]
      var first: Node.ID?
      var current = softmax
      while between.count < MaterializedAttention.reach {
        let makers = subject.steps[current].node.inputs.compactMap { $0 }
          .compactMap { subject.scope.producers[$0] }
          .filter { subject.onlyReader(of: $0) == current }
        if let product = makers.first(where: { Self.isProduct($0, subject) }) {
          first = product
          break
        }
        guard
          let next = makers.first(where: { subject.steps[$0].outputs[0]?.shape == scores.shape })
        else { return nil }
        between.append(next)
        current = next
      }
      current = softmax
      var last: Node.ID?
      while between.count < 2 * MaterializedAttention.reach,
        let next = subject.onlyReader(of: current)
      {
        if Self.isProduct(next, subject) {
          last = subject.input(next) == subject.output(current) ? next : nil
          break
        }
        guard subject.steps[next].outputs[0]?.shape == scores.shape else { return nil }
        between.append(next)
        current = next
      }
      guard let first, let last else { return nil }
      self.first = first
      self.last = last
      self.between = between
    }

    /// Whether the node is one matrix product of two matrices that are both computed.
    private static func isProduct(_ id: Node.ID, _ subject: Subject) -> Bool {
      let step = subject.steps[id]
      return step.isCounted && step.op is MatrixProduct
        && (0...1).allSatisfy { !step.inputs.isConstant($0) }
    }

    /// What is added to the scores before the softmax.
    private func mask(_ subject: Subject) -> Value.ID? {
      let inner = Set((between + [first]).compactMap(subject.output))
      return between.first { subject.steps[$0].layer == .add }.flatMap { sum in
        subject.steps[sum].node.inputs.compactMap { $0 }.first { !inner.contains($0) }
      }
    }

    /// Puts one operator in the place of all of them; whether the operands allow it.
    func fuse(_ rewrite: inout Rewrite, _ subject: Subject) -> Bool {
      let (scores, result) = (subject.steps[first], subject.steps[last])
      guard let query = scores.inputs[0], let key = scores.inputs[1], let value = result.inputs[1],
        let product = scores.op(as: MatrixProduct.self), query.rank == key.rank,
        query.rank == value.rank, (3...4).contains(query.rank), !product.transposesA,
        let output = subject.output(last), let whole = result.outputs[0],
        let q = subject.input(first), let k = subject.input(first, 1),
        let v = subject.input(last, 1)
      else { return false }
      let rank = query.rank
      let heads = rank == 4 ? query.shape[1] : query.shape[0]
      let depth = key.shape[product.transposesB ? rank - 1 : rank - 2]
      let keys = key.shape[product.transposesB ? rank - 2 : rank - 1]
      guard depth == query.shape[rank - 1] else { return false }
      // Only extents change: no runtime would move anything for these.
      let batch = rank == 4 ? query.shape[0] : 1
      let shapes = [
        [batch, heads, query.shape[rank - 2], depth],
        [batch, rank == 4 ? key.shape[1] : key.shape[0], keys, depth],
        [batch, rank == 4 ? value.shape[1] : value.shape[0], keys, value.shape[rank - 1]],
        whole.dims,
      ]
      let opset = max(23, result.node.opset)
      let base = subject.scope.body.values.count + rewrite.added.count
      var nodes: [Node] = []
      for (index, dims) in shapes.enumerated() {
        guard
          let info = try? TensorInfo(.int64, [dims.count], value: .integers(dims))
        else { return false }
        rewrite.added += [
          Value("extents", initializer: Literal(info)), Value("operand"),
        ]
        let source = index < 3 ? [q, k, v][index] : base + 8
        nodes.append(
          Node(
            "Reshape", opset: opset, inputs: [source, base + 2 * index],
            outputs: [index < 3 ? base + 2 * index + 1 : output]))
      }
      rewrite.added.append(Value("attention"))
      var node = Node(
        name: result.node.name, "Attention", opset: opset,
        inputs: [base + 1, base + 3, base + 5] + [mask(subject)].compactMap { $0 },
        outputs: [base + 8])
      node.line = result.node.line
      nodes.insert(node, at: 3)
      rewrite.removed.formUnion(between)
      rewrite.removed.insert(first)
      rewrite.replaced[last] = nodes
      return true
    }
  }
}
