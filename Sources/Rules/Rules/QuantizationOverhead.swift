import Cost
import Graph

package struct QuantizationOverhead: Rule {
  package static let page = Page(
    code: "NNC438",
    name: "quantization-overhead",
    group: .precision,
    level: .warning,
    summary: "Numbers are turned into few bits and back where that costs more than it saves.",
    why: """
      Each QuantizeLinear and DequantizeLinear goes over a whole tensor. An engine lets the layers around them do that work; a
      framework launches each one. A pair that only changes from few bits to the same few bits does nothing.
      Around operators that an engine runs in floating point anyway, pairs split what it would have joined. NonGEMM Bench
      finds that quantising raises the share of everything that is no matrix product. Weights alone in few bits make
      no finding: they move fewer bytes at any batch, which is worth less and less as the batch grows, and never a loss here.
      """,
    fix: """
      Run the model in an engine that takes Q/DQ graphs (TensorRT, ONNX Runtime); drop pairs of equal scales;
      quantise inputs and weights of matrix products alone.
      """,
    safety:
      "Dropping a pair of equal scales is exact; leaving other tensors unquantised raises accuracy, if anything.",
    sources: [
      "Karami et al.: NonGEMM Bench, 2024, arXiv 2404.11788",
      "NVIDIA: TensorRT developer guide, placement of Q/DQ operators",
    ],
    triggers: [
      """
      split (float[8,64,112,112] x) => (y) <float s, uint8 z> {
        a = Tanh(x)
      ↓ b = QuantizeLinear(a, s, z)
      ↓ c = DequantizeLinear(b, s, z)
        d = QuantizeLinear(c, s, z)
        e = DequantizeLinear(d, s, z)
        y = Softmax(e)
      }
      """
    ],
    passes: [
      """
      once (float[8,1024,56,56] x) => (y) <float[1024,1024,3,3] w, float s, uint8 z> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = QuantizeLinear(a, s, z)
        y = DequantizeLinear(b, s, z)
      }
      """,
      """
      other_scale (float[8,1024,56,56] x) => (y) <float[1024,1024,3,3] w, float s, uint8 z, float t, uint8 u> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = QuantizeLinear(a, s, z)
        c = DequantizeLinear(b, s, z)
        d = QuantizeLinear(c, t, u)
        e = DequantizeLinear(d, t, u)
        y = Conv <pads = [1, 1, 1, 1]> (e, w)
      }
      """,
    ],
    runtime: .eager
  )

  /// Under a framework, quantising must take this share of the energy.
  static let share = 0.05

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var pairs: [Node.ID] = []
    var all: [Node.ID] = []
    for (id, step) in subject.steps.enumerated() where step.isCounted {
      guard let quantization = step.op(as: Quantization.self) else { continue }
      all.append(id)
      guard quantization.direction == .quantize, let back = subject.producer(of: id),
        subject.steps[back].isCounted,
        subject.steps[back].op(as: Quantization.self)?.direction == .dequantize,
        let source = subject.input(back), subject.tensor(source)?.type == step.outputs[0]?.type,
        subject.steps[back].node.inputs.dropFirst() == step.node.inputs.dropFirst(),
        attributes(back, subject) == attributes(id, subject)
      else { continue }
      rewrite.bypass(id, step.node, reading: source)
      pairs.append(back)
    }
    // An engine drops them when it is built, as ONNX Runtime's basic optimisations do at load.
    if !pairs.isEmpty, subject.estimate.scenario.runtime == .eager {
      report(
        Report(
          nodes: pairs,
          message: """
            \(counted(pairs.count, "tensor")) dequantised and quantised again with the same scale
            """,
          fix: "drop the pair", remedy: .rewrite(rewrite), isExact: true))
    }
    let share = subject.share(of: all)
    guard subject.estimate.scenario.runtime == .eager, share >= Self.share else { return }
    var scenario = subject.estimate.scenario
    scenario.runtime = .fused
    report(
      Report(
        nodes: all,
        message: """
          \(counted(all.count, "operator")) that only \(all.count == 1 ? "changes" : "change") the number of \
          bits \(all.count == 1 ? "takes" : "take") \(percent(share)) of the energy
          """,
        fix: "an engine that lets the layers around them do it",
        remedy: .scenario(scenario), isExact: false))
  }

  /// The axis and the size of blocks that scales belong to.
  private func attributes(_ id: Node.ID, _ subject: Subject) -> [Int?] {
    ["axis", "block_size"].map { name in
      subject.steps[id].node.attributes.first { $0.name == name }.flatMap {
        if case .int(let number) = $0.value { number } else { nil }
      }
    }
  }
}
