/// ONNX Runtime's `MoE` and `QMoE`: each token goes through a few of many small networks.
///
/// Tokens are `…×hidden`, scores `tokens×experts`, the weights `experts×columns×rows`, packed in `QMoE`.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MoE
package struct MixtureOfExperts: Operator {
  package static let names: [OperatorName] = ["com.microsoft::MoE", "com.microsoft::QMoE"]

  /// Experts that each token goes through.
  package let active: Int
  package let activation: FusedActivation
  /// Weights in one byte; nil where they are not packed.
  private let perByte: Int?

  package init(_ node: Node) throws(OperatorError) {
    active = max(1, try node.int("k", default: 1))
    activation =
      switch try node.string("activation_type") ?? "relu" {
      case "gelu": FusedActivation("Gelu")
      case "silu", "swiglu": FusedActivation("Swish")
      case "identity": FusedActivation("")
      default: FusedActivation("Relu")
      }
    let bits = try node.int("expert_weight_bits", default: 4)
    guard (1...8).contains(bits) else {
      throw .wrongAttribute("expert_weight_bits", expected: "from 1 to 8")
    }
    perByte = node.op.name == "QMoE" ? 8 / bits : nil
  }

  package var layer: LayerClass { .dense }

  /// The operands that hold weights: the first layer, the second, and one beside the first.
  private var weights: [Int] { perByte == nil ? [2, 4, 6] : [2, 5, 8] }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    return [.tensor(input.type, input.shape)]
  }

  private struct Extents {
    var tokens: Int, hidden: Int, experts: Int
  }

  private func extents(_ x: Operands) throws(OperatorError) -> Extents {
    let (input, scores) = (try x.required(0), try x.required(1))
    guard let hidden = input.dims.last, hidden > 0, scores.rank == 2 else {
      throw .mismatch("tokens \(input.shape) with scores \(scores.shape)")
    }
    return Extents(
      tokens: input.shape.count / hidden, hidden: hidden, experts: max(1, scores.shape[1]))
  }

  /// The weights of one expert in the tensor at `index`; 0 where it is left out.
  private func perExpert(_ x: Operands, _ index: Int) throws(OperatorError) -> Int {
    guard let tensor = try x.optional(index), tensor.rank == 3 else { return 0 }
    return saturatingProduct(try product(tensor.dims.dropFirst()), perByte ?? 1)
  }

  /// Every weight of an expert meets each of its tokens once.
  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (e, type) = (try extents(x), try x.required(0).type)
    let rows = saturatingProduct(e.tokens, active)
    var contractions: [Contraction] = []
    for (layer, index) in weights.enumerated() where x.isGiven(index) {
      let inner = try perExpert(x, index) / e.hidden
      contractions.append(
        layer == 1
          ? Contraction(rows: rows, columns: e.hidden, depth: inner, type: type)
          : Contraction(rows: rows, columns: inner, depth: e.hidden, type: type))
    }
    return contractions
  }

  /// A softmax of the scores, the activation, the weighted sum, and packed weights made real.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let e = try extents(x)
    let inner = try perExpert(x, weights[0]) / e.hidden
    let routed = saturatingProduct(e.tokens, active)
    var work = Work(elementwise: 5, transcendentals: 1).times(
      saturatingProduct(e.tokens, e.experts))
    work += activation.work.times(saturatingProduct(routed, inner))
    work += Work(elementwise: 2).times(saturatingProduct(routed, e.hidden))
    guard perByte != nil else { return work }
    for index in weights {
      work += Work(elementwise: 2).times(
        saturatingProduct(try perExpert(x, index), min(e.experts, routed)))
    }
    return work
  }

  /// Experts that no token goes through are not read.
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    guard let e = try? extents(x) else { return (x.byteCount, y.byteCount) }
    let used = min(e.experts, saturatingProduct(e.tokens, active))
    var read = 0
    for index in x.all.indices {
      let bytes = x[index]?.byteCount ?? 0
      let isPerExpert = index > 1 && x[index]?.dims.first == e.experts
      read = saturatingSum(read, isPerExpert ? bytes / e.experts * used : bytes)
    }
    return (read, y.byteCount)
  }

  package func role(_ index: Int, _ x: Operands) -> OperandRole {
    guard let perByte else { return .data }
    if weights.contains(index), let tensor = x[index] {
      return .packed(elements: saturatingProduct(tensor.shape.count, perByte))
    }
    return [0, 1, 4, 7, 10].contains(index) ? .data : .setting
  }
}
