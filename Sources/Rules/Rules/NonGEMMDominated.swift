import Cost
import Graph

package struct NonGEMMDominated: Rule {
  package static let page = Page(
    code: "NNC332",
    name: "non-gemm-dominated",
    group: .memoryTraffic,
    level: .warning,
    summary: "More energy goes to moving and bending numbers than to multiplying matrices.",
    why: """
      Activations, normalisations, sums and copies hold next to no arithmetic: each reads and writes a whole tensor,
      and a framework launches a kernel for each. Measured over many networks they take 11 to 74 % of the time of an inference, and 15 to 48 % even after fusion.
      Removing a network's ReLUs and shortcuts has been measured to make it a fifth faster. FLOPs show nothing of this.
      """,
    fix: """
      Run the model in an engine that joins these operators with the products before them: TensorRT, ONNX
      Runtime with all optimisations, torch.compile.
      """,
    safety: "Exact up to rounding.",
    sources: [
      "Karami et al.: NonGEMM Bench, 2024, arXiv 2404.11788 (11.3 to 73.6 %, and 15 to 48 % after fusion)",
      "Ma et al.: ShuffleNet V2, 2018 (guideline 4: elementwise operations)",
    ],
    triggers: [
      """
      light (float[16,64,112,112] x) => (y) <float[64,1,3,3] w, float[64] b, float[64] c> {
        a = Sigmoid(x)
        d = Mul(x, a)
        e = Conv <pads = [1, 1, 1, 1], group = 64> (d, w)
        f = Sigmoid(e)
        g = Mul(e, f)
      ↓ h = Add(g, x)
        i = Tanh(h)
        j = Softplus(i)
        y = Mul(j, x)
      }
      """
    ],
    passes: [
      """
      heavy (float[1,256,56,56] x) => (y) <float[256,256,3,3] w> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        y = Relu(a)
      }
      """
    ],
    runtime: .eager
  )

  /// What is no matrix product must take this share of the energy.
  static let share = 0.5

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    // An engine has joined what can be joined.
    guard subject.estimate.scenario.runtime == .eager else { return }
    let products = subject.steps.indices.filter { !subject.steps[$0].contractions.isEmpty }
    guard !products.isEmpty else { return }
    let others = subject.steps.indices.filter {
      subject.steps[$0].contractions.isEmpty && subject.steps[$0].branches.isEmpty
    }
    let share = subject.share(of: others)
    guard share >= Self.share else { return }
    let dearest = others.max { subject.joules(of: [$0]) < subject.joules(of: [$1]) }
    var scenario = subject.estimate.scenario
    scenario.runtime = .fused
    report(
      Report(
        nodes: [dearest].compactMap { $0 },
        message: """
          \(percent(share)) of the energy goes to operators that multiply no matrices: \
          \(words(others, subject))
          """,
        fix: "an engine that joins them with the products before them",
        remedy: .scenario(scenario), isExact: false))
  }

  /// The three dearest kinds of layer among `nodes`, each with its share of the energy.
  private func words(_ nodes: [Node.ID], _ subject: Subject) -> String {
    let kinds = LayerClass.allCases.map { kind in
      (kind, subject.share(of: nodes.filter { subject.steps[$0].layer == kind }))
    }
    // Equal shares keep the order of the kinds, since sorting is stable.
    return kinds.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }.prefix(3)
      .map { "\($0.0.rawValue) \(percent($0.1))" }.joined(separator: ", ")
  }
}
