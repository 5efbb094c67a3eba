import Cost
import Graph

package struct UnfoldableNormalization: Rule {
  package static let page = Page(
    code: "NNC330",
    name: "unfoldable-normalization",
    group: .memoryTraffic,
    level: .warning,
    summary: "Batch normalisations stand where no layer can hold them.",
    why: """
      A batch normalisation behind a convolution costs nothing, since the convolution's weights take it up. One
      that reads a concatenation, a sum or a pool has no such layer before it, and with an activation behind it none after it: it reads
      and writes a whole map, for two operations per element. DenseNets and residual networks with
      pre-activation are built that way; half of DenseNet-121's 121 normalisations cannot be folded.
      """,
    fix: """
      Order convolution, normalisation, activation (post-activation), so that what is put together is
      normalised already.
      """,
    safety:
      "Changes the function: needs retraining. Very deep residual networks train better with pre-activation.",
    sources: [
      "He et al.: Identity Mappings in Deep Residual Networks, 2016 (pre-activation)",
      "Huang et al.: Densely Connected Convolutional Networks, 2017",
    ],
    triggers: [
      """
      dense_layer (float[1,256,56,56] x, float[1,256,56,56] z) => (y)
        <float[512] s, float[512] b, float[512] m, float[512] v, float[64,512,1,1] w> {
        c = Concat <axis = 1> (x, z)
      ↓ n = BatchNormalization(c, s, b, m, v)
        r = Relu(n)
        y = Conv(r, w)
      }
      """,
      """
      written_by_a_converter (float[1,256,56,56] x, float[1,256,56,56] z) => (y)
        <float[1,512,1,1] s, float[1,512,1,1] b, float[64,512,1,1] w> {
        c = Concat <axis = 1> (x, z)
      ↓ m = Mul(c, s)
        n = Add(m, b)
        r = Relu(n)
        y = Conv(r, w)
      }
      """,
    ],
    passes: [
      """
      behind_convolutions_put_together (float[1,64,56,56] x, float[1,64,56,56] z) => (y)
        <float[64,64,1,1] a, float[64,64,3,3] c, float[128] s, float[128] b, float[128] m, float[128] v> {
        d = Conv(x, a)
        e = Conv <pads = [1, 1, 1, 1]> (z, c)
        f = Concat <axis = 1> (d, e)
        n = BatchNormalization(f, s, b, m, v)
        y = Relu(n)
      }
      """,
      """
      post_activation (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        n = BatchNormalization(c, s, b, m, v)
        y = Relu(n)
      }
      """,
      """
      scaled_parts (float[1,64,56,56] x, float[1,64,56,56] z) => (y)
        <float[64,64,1,1] a, float[64,64,3,3] c, float[1,128,1,1] s> {
        d = Conv(x, a)
        e = Conv <pads = [1, 1, 1, 1]> (z, c)
        f = Concat <axis = 1> (d, e)
        m = Mul(f, s)
        y = Relu(m)
      }
      """,
      """
      absorbed (float[1,256,56,56] x, float[1,256,56,56] z) => (y)
        <float[512] s, float[512] b, float[512] m, float[512] v, float[64,512,1,1] w> {
        c = Concat <axis = 1> (x, z)
        n = BatchNormalization(c, s, b, m, v)
        y = Conv(n, w)
      }
      """,
    ]
  )

  /// They must take this share of the energy, activations included that could be joined.
  static let share = 0.08

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    var members: [Node.ID] = []
    // A tensor that is normalised and added to convolutions of it goes into their weights.
    var merged: Set<Node.ID> = []
    let standing = subject.steps.indices.compactMap { StandingNormalization($0, subject) }
    guard !standing.isEmpty else { return }
    for id in subject.steps.indices {
      guard let sum = BranchSum(id, subject), let together = sum.merged(subject) else { continue }
      merged.formUnion(together.layers)
    }
    for norm in standing {
      let (id, producer) = (norm.nodes[0], norm.producer)
      guard !holdsNormalization(producer, subject), !norm.isHeldByParts(subject),
        !merged.contains(id), subject.folding(id, intoAllOf: producer) == nil,
        subject.folding(id, throughViewBy: producer) == nil
      else { continue }
      let next = norm.nodes.last.flatMap { subject.onlyReader(of: $0) }
      // A convolution of one tap right behind takes the normalisation up, without error at borders.
      if let next, isPointwiseProduct(next, subject) { continue }
      for node in norm.nodes { rewrite.bypass(node, subject.steps[node].node, reading: norm.input) }
      found.append(id)
      members += norm.nodes
      // With the normalisation, its activation moves into the kernels that make the map.
      if subject.estimate.scenario.runtime == .fused, let next, subject.steps[next].isActivation {
        rewrite.bypass(next, subject.steps[next].node, reading: norm.input)
        members.append(next)
      }
    }
    let share = subject.share(of: members)
    guard share >= Self.share else { return }
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "batch normalisation")) behind concatenations, sums or pools cannot be \
          folded: \(percent(share)) of the energy
          """,
        fix: "normalise behind each convolution, before results are put together",
        remedy: .rewrite(rewrite), isExact: false))
  }

  /// Whether the node is a layer whose weights can take up a normalisation of its result.
  private func holdsNormalization(_ id: Node.ID, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    return !step.contractions.isEmpty || step.op(is: BatchNormalization.self)
  }

  private func isPointwiseProduct(_ id: Node.ID, _ subject: Subject) -> Bool {
    guard let weights = subject.steps[id].inputs[1], subject.steps[id].op(is: Convolution.self)
    else {
      return subject.steps[id].op(is: MatrixProduct.self)
    }
    return weights.dims.dropFirst(2).allSatisfy { $0 == 1 }
  }
}
