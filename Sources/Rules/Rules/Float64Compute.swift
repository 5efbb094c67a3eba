import Cost
import Graph

package struct Float64Compute: Rule {
  package static let page = Page(
    code: "NNC436",
    name: "float64-compute",
    group: .precision,
    level: .error,
    summary: "The model computes in float64.",
    why: """
      Networks gain nothing from 53 bits of precision. Numbers of eight bytes move twice as many bytes, and
      boards for inference hardly multiply them at all: for one float64 product a T4 does 32 in float32 and an L4 64;
      a V100, an A100 and an H100 do 2. Mostly it is an accident, NumPy's default type that found its way into the
      export.
      """,
    fix: """
      Cast the weights and the inputs to float32 before exporting: model.float() in PyTorch, dtype="float32" in
      NumPy.
      """,
    safety:
      "Changes results by rounding, about 1e-7 in relation. Sums of millions of terms and clocks may need float64.",
    sources: [
      "NVIDIA: CUDA C++ Programming Guide, throughput of arithmetic instructions by compute capability (7.0, 7.5, 8.0, 8.9, 9.0)"
    ],
    triggers: [
      """
      doubles (double[64,1024] x) => (y) <double[1024,1024] w> {
      ↓ h = MatMul(x, w)
        y = Relu(h)
      }
      """
    ],
    passes: [
      """
      singles (float[64,1024] x) => (y) <float[1024,1024] w> {
        h = MatMul(x, w)
        y = Relu(h)
      }
      """,
      """
      one_number (float[64,1024] x, double s) => (y) <float[1024,1024] w> {
        t = Sqrt(s)
        u = Cast <to = 1> (t)
        h = MatMul(x, w)
        y = Mul(h, u)
      }
      """,
    ]
  )

  /// Smaller tensors are settings, which cost nothing.
  static let smallestBytes = 1024

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard subject.estimate.scenario.precision == nil else { return }
    let found = subject.steps.indices.filter { id in
      let step = subject.steps[id]
      return step.isCounted && !step.op(is: Cast.self)
        && step.outputs.tensors.contains {
          $0.type == .float64 && $0.byteCount > Self.smallestBytes
        }
    }
    guard !found.isEmpty else { return }
    var scenario = subject.estimate.scenario
    scenario.precision = .fp32
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "operator")) \(found.count == 1 ? "computes" : "compute") in float64: \
          \(percent(subject.share(of: found))) of the energy
          """,
        fix: "cast weights and inputs to float32 before exporting",
        remedy: .scenario(scenario), isExact: false))
  }
}
