import Cost
import Graph

package struct TensorCoreMisalignment: Rule {
  package static let page = Page(
    code: "NNC439",
    name: "tensor-core-misalignment",
    group: .precision,
    level: .warning,
    summary: "Layers in few bits have widths that tensor cores cannot take whole.",
    why: """
      Tensor cores work on blocks, and load them in words of 16 bytes: 8 numbers of float16, 16 of int8. A
      layer whose width is no multiple of that runs slower kernels. GPT-2's vocabulary of 50257 is the known
      case; training codes pad it to 50304. The saving is what the device's table says of such widths.
      """,
    fix: """
      Round widths up to a multiple of 8 (float16) or 16 (int8), best of 64. A layer that is trained already
      can be padded with zeros, and the additional results left unread.
      """,
    safety:
      "Padding with zeros keeps the other results as they are; who reads the output must skip the rest.",
    sources: [
      "NVIDIA: Matrix Multiplication Background User's Guide (tensor core requirements)",
      "PyTorch: Performance Tuning Guide (sizes in multiples of 8)",
      "Karpathy: nanoGPT (vocabulary padded to 50304)",
    ],
    triggers: [
      """
      vocabulary (float16[1,32,768] x) => (y) <float16[768,50257] w> {
      ↓ y = MatMul(x, w)
      }
      """
    ],
    passes: [
      """
      padded (float16[1,32,768] x) => (y) <float16[768,50304] w> {
        y = MatMul(x, w)
      }
      """,
      """
      single (float[1,32,768] x) => (y) <float[768,50257] w> {
        y = MatMul(x, w)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    var widest = (width: 0, unit: 1)
    for launch in subject.launches {
      guard let type = launch.kernel.contractions.first?.type, let unit = Self.unit(of: type) else {
        continue
      }
      for placement in launch.kernel.members.map({ subject.estimate.analysis.placements[$0] })
      where placement.scope == 0 {
        guard let width = widen(placement.node, unit, &rewrite, subject) else { continue }
        found.append(placement.node)
        if width > widest.width { widest = (width, unit) }
      }
    }
    guard !found.isEmpty else { return }
    found.sort { a, b in (subject.joules(of: [b]), a) < (subject.joules(of: [a]), b) }
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "layer")) of a width that is no multiple of \(widest.unit), such as \
          \(widest.width): \(percent(subject.share(of: found))) of the energy
          """,
        fix: "round widths up to a multiple of \(widest.unit), padding with zeros",
        remedy: .rewrite(rewrite), isExact: false, cap: .warning, isNote: true))
  }

  /// How many numbers of a type tensor cores load at once; nil where they do not take it.
  private static func unit(of type: ElementType) -> Int? {
    switch type {
    case .float16, .bfloat16: 8
    case .int8, .uint8: 16
    default: nil
    }
  }

  /// Rounds the width of a layer up; says what it was, or nil where there is nothing to do.
  private func widen(_ id: Node.ID, _ unit: Int, _ rewrite: inout Rewrite, _ subject: Subject)
    -> Int?
  {
    let step = subject.steps[id]
    guard let weights = step.inputs[1], step.inputs.isConstant(1), step.isCounted else {
      return nil
    }
    let axis: Int
    switch step.op {
    case let layer as Convolution where layer.groups == 1 && step.node.op == "Conv": axis = 0
    case let layer as MatrixProduct where weights.rank == 2: axis = layer.transposesB ? 0 : 1
    default: return nil
    }
    let width = weights.shape[axis]
    // Narrow heads, such as those for a few classes, cost nothing.
    guard width % unit != 0, width > unit else { return nil }
    var dims = weights.dims
    dims[axis] = saturatingProduct((width - 1) / unit + 1, unit)
    guard let info = try? TensorInfo(weights.type, dims) else { return nil }
    var node = step.node
    node.inputs[1] = rewrite.addConstant("padded", info, to: subject.scope.body)
    rewrite.replaced[id] = [node]
    return width
  }
}
