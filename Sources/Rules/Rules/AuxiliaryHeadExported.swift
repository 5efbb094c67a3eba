import Cost
import Graph

package struct AuxiliaryHeadExported: Rule {
  package static let page = Page(
    code: "NNC505",
    name: "auxiliary-head-exported",
    group: .architecture,
    level: .warning,
    summary: "The model returns a second prediction that only training needs.",
    why: """
      GoogLeNet, Inception v3 and DeepLab have auxiliary classifiers in their middle, which help gradients
      through a deep network while it is trained. At inference nobody reads them. Exported in training mode they are run all the
      same.
      """,
    fix: """
      Export in evaluation mode (model.eval() in PyTorch, aux_logits=False in torchvision), or drop the output from
      the graph.
      """,
    safety: "Exact for the other outputs. An early exit that somebody reads is no auxiliary head.",
    sources: [
      "Szegedy et al.: Going Deeper with Convolutions (GoogLeNet), 2015, section 5"
    ],
    triggers: [
      """
      two_heads (float[1,64,56,56] x) => (y, aux)
        <float[256,64,3,3] a, float[256,256,3,3] b, float[10,256] c, float[128,256,5,5] d, float[10,128] e> {
        f = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, a)
        g = Relu(f)
        h = Conv <pads = [2, 2, 2, 2]> (g, d)
        i = GlobalAveragePool(h)
        j = Flatten(i)
      ↓ aux = Gemm <transB = 1> (j, e)
        k = Conv <pads = [1, 1, 1, 1]> (g, b)
        l = Conv <pads = [1, 1, 1, 1]> (k, b)
        m = Conv <pads = [1, 1, 1, 1]> (l, b)
        n = GlobalAveragePool(m)
        o = Flatten(n)
        y = Gemm <transB = 1> (o, c)
      }
      """
    ],
    passes: [
      """
      two_tasks (float[1,64,56,56] x) => (y, z)
        <float[256,64,3,3] a, float[10,256] c, float[10,256] e> {
        f = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, a)
        g = GlobalAveragePool(f)
        h = Flatten(g)
        y = Gemm <transB = 1> (h, c)
        z = Gemm <transB = 1> (h, e)
      }
      """,
      """
      one_head (float[1,64,56,56] x) => (y) <float[256,64,3,3] a, float[10,256] c> {
        f = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, a)
        g = GlobalAveragePool(f)
        h = Flatten(g)
        y = Gemm <transB = 1> (h, c)
      }
      """,
    ]
  )

  /// A head that branches off before this share of the other's energy is an early one.
  static let branching = 0.8

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let body = subject.scope.body
    guard body.outputs.count >= 2, let main = body.outputs.first(where: { !isNamed($0, subject) }),
      let whole = subject.tensor(main), whole.rank >= 2
    else { return }
    let path = nodes(behind: main, subject)
    let total = subject.joules(of: path.sorted())
    for output in body.outputs where output != main {
      guard let tensor = subject.tensor(output), tensor.shape == whole.shape,
        let last = subject.scope.producers[output]
      else { continue }
      let other = nodes(behind: output, subject)
      let own = other.subtracting(path)
      let shared = subject.joules(of: other.intersection(path).sorted())
      // Its own layers, from a map in the middle to classes.
      let hasHead =
        own.contains { subject.steps[$0].layer == .convolution }
        || own.contains { subject.steps[$0].layer == .pooling }
      guard hasHead, own.contains(where: { !subject.steps[$0].contractions.isEmpty }),
        isNamed(output, subject) || shared < Self.branching * total && path.count > other.count
      else { continue }
      var rewrite = Rewrite()
      rewrite.substitutions[output] = main
      report(
        Report(
          nodes: [last] + own.subtracting([last]).sorted().reversed(),
          message: """
            a second prediction of the same shape branches off after \
            \(percent(shared / max(total, .leastNormalMagnitude))) of the first one's energy, as heads for \
            training do
            """,
          fix: "export in evaluation mode, or drop the output",
          remedy: .rewrite(rewrite), isExact: false,
          cap: isNamed(output, subject) ? .error : .info,
          floor: isNamed(output, subject) ? .warning : .info, isNote: true))
    }
  }

  /// Whether the output is called an auxiliary one.
  private func isNamed(_ output: Value.ID, _ subject: Subject) -> Bool {
    let name = subject.scope.body.values[output].name.lowercased()
    let maker = subject.scope.producers[output].map { subject.label($0).lowercased() } ?? ""
    return name.contains("aux") || maker.contains("aux")
  }

  /// Every node that a value depends on.
  private func nodes(behind value: Value.ID, _ subject: Subject) -> Set<Node.ID> {
    var found: Set<Node.ID> = []
    var pending = [value]
    while let next = pending.popLast() {
      guard let node = subject.scope.producers[next], found.insert(node).inserted else { continue }
      pending += subject.steps[node].node.inputs.compactMap { $0 }
    }
    return found
  }
}
