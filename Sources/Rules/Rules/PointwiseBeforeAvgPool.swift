import Cost
import Graph

package struct PointwiseBeforeAvgPool: Rule {
  package static let page = Page(
    code: "NNC217",
    name: "pointwise-before-avgpool",
    group: .redundantWork,
    level: .warning,
    summary: "A 1×1 convolution runs at full resolution, and its result is averaged right after.",
    why: """
      A 1×1 convolution mixes channels, an average pool mixes pixels, and both are linear: the order does not
      matter to the result. Averaged first, the convolution has a quarter of the pixels to go over, or a single
      one where the pool is global. The transitions of DenseNet are in the dear order: there, swapping saves
      8 to 9 % of all multiply-accumulates. Optimisers do not swap the two.
      """,
    fix:
      "Swap the two: the average pool first, then the convolution. The weights stay as they are.",
    safety:
      "Exact up to rounding: relative error below 1e-6 in float32. Not offered where padding would take part in the mean.",
    sources: [
      "Huang et al.: Densely Connected Convolutional Networks, 2017 (the transition layers)",
      "the share of multiply-accumulates: this tool's own count over DenseNet-121, 169 and 201",
    ],
    triggers: [
      """
      transition (float[1,256,56,56] x) => (y) <float[128,256,1,1] w, float[128] b> {
        r = Relu(x)
      ↓ c = Conv(r, w, b)
        y = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (c)
      }
      """,
      """
      classifier (float[1,512,13,13] x) => (y) <float[1000,512,1,1] w> {
      ↓ c = Conv(x, w)
        y = GlobalAveragePool(c)
      }
      """,
    ],
    passes: [
      """
      relu_between (float[1,512,13,13] x) => (y) <float[1000,512,1,1] w> {
        c = Conv(x, w)
        r = Relu(c)
        y = GlobalAveragePool(r)
      }
      """,
      """
      largest (float[1,256,56,56] x) => (y) <float[128,256,1,1] w> {
        c = Conv(x, w)
        y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (c)
      }
      """,
      """
      padding_in_the_mean (float[1,256,56,56] x) => (y) <float[128,256,1,1] w, float[128] b> {
        c = Conv(x, w, b)
        y = AveragePool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1], count_include_pad = 1> (c)
      }
      """,
      """
      wide_first (float[1,16,56,56] x) => (y) <float[512,16,1,1] w> {
        p = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (x)
        y = Conv(p, w)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (id, step) in subject.steps.enumerated() {
      guard step.isPlainConvolution, step.isCounted,
        let kernel = step.inputs[1]?.dims.dropFirst(2), kernel.allSatisfy({ $0 == 1 }),
        step.slidingWindow?.window.takesEachElement ?? false,
        let next = subject.onlyReader(of: id)
      else { continue }
      // A normalisation between the two scales and shifts channels, as the convolution does.
      let between = subject.steps[next].isAffinePerChannel ? [next] : []
      guard let pool = between.isEmpty ? next : subject.onlyReader(of: next),
        subject.steps[pool].averages(
          ignoringPadding: step.inputs.isGiven(2) || !between.isEmpty)
      else { continue }
      report(
        Report(
          nodes: [id],
          message: "a 1×1 convolution computes every pixel that an average pool then averages",
          fix: "pool first, then convolve",
          remedy: .rewrite(rewrite([id] + between, pool, subject)), isExact: true))
    }
  }

  /// The pool first, where the convolution stood, and then what stood before it.
  private func rewrite(_ chain: [Node.ID], _ pool: Node.ID, _ subject: Subject) -> Rewrite {
    var rewrite = Rewrite()
    let body = subject.scope.body
    var first = subject.steps[pool].node
    let result = first.outputs
    var nodes = chain.map { subject.steps[$0].node }
    first.inputs[0] = nodes[0].inputs[0]
    let pooled = rewrite.add("pooled", to: body)
    first.outputs = [pooled]
    nodes[0].inputs[0] = pooled
    for index in nodes.indices {
      let isLast = index == nodes.count - 1
      nodes[index].outputs = isLast ? result : [rewrite.add("narrow", to: body)]
      if !isLast { nodes[index + 1].inputs[0] = nodes[index].outputs[0] }
    }
    rewrite.replaced[pool] = [first] + nodes
    rewrite.removed.formUnion(chain)
    return rewrite
  }
}

extension Step {
  /// Whether the node averages windows of pixels, or all of them, and keeps the axes.
  ///
  /// `ignoringPadding` asks that no padding takes part in a mean, since a bias would not be added to it.
  fileprivate func averages(ignoringPadding: Bool) -> Bool {
    switch op {
    case is GlobalPooling: return node.op == "GlobalAveragePool"
    case let pool as Pooling:
      guard node.op == "AveragePool", !pool.window.roundsUp, pool.kernel.contains(where: { $0 > 1 })
      else { return false }
      let countsPadding = (try? node.flag("count_include_pad")) ?? true
      return !ignoringPadding || !countsPadding || pool.window.hasNoPads
    case let reduction as Reduction:
      guard reduction.name == "ReduceMean", reduction.keepsAxes, let rank = inputs[0]?.rank,
        rank > 2,
        let axes = try? reduction.reducedAxes(inputs)
      else { return false }
      return axes == Array(2..<rank)
    default: return false
    }
  }
}
