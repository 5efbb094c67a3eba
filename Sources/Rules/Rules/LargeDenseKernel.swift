import Cost
import Graph

package struct LargeDenseKernel: Rule {
  package static let page = Page(
    code: "NNC511",
    name: "large-dense-kernel",
    group: .architecture,
    level: .warning,
    summary: "Convolutions over many channels have kernels of 5x5 or more.",
    why: """
      A kernel's work grows with its area. Two 3x3 convolutions see as far as one of 5x5 and take 18 in place of
      25 products for each pair of channels, 28 % less; a column and a row of n taps take 2n in place of n². On
      many devices 3x3 convolutions are faster for each product too, since Winograd's algorithm suits them.
      Inception v3 is built from such factors, and took 27 % of DenseNet-201's time to fine-tune on a T4 at
      about the same accuracy.
      """,
    fix: """
      Stack 3x3 convolutions with an activation between them, or put a column behind a row. Where a wide view
      matters, take a large depthwise kernel with a 1x1 convolution behind it.
      """,
    safety:
      "Changes the function: needs retraining. Rows and columns work badly in early layers, say the authors of Inception.",
    sources: [
      "Szegedy et al.: Rethinking the Inception Architecture, 2016, section 3",
      "Fine-tuning of six ImageNet networks on PneumoniaMNIST, one NVIDIA T4 (energy of training)",
    ],
    triggers: [
      """
      five (float[8,64,56,56] x) => (y) <float[192,64,5,5] w> {
      ↓ y = Conv <pads = [2, 2, 2, 2]> (x, w)
      }
      """
    ],
    passes: [
      """
      stem (float[1,3,224,224] x) => (y) <float[64,3,7,7] w> {
        y = Conv <pads = [3, 3, 3, 3], strides = [2, 2]> (x, w)
      }
      """,
      """
      depthwise (float[1,192,56,56] x) => (y) <float[192,1,7,7] w> {
        y = Conv <pads = [3, 3, 3, 3], group = 192> (x, w)
      }
      """,
      """
      three (float[1,64,56,56] x) => (y) <float[192,64,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
      }
      """,
    ]
  )

  /// The least height and width of a kernel that counts as large.
  static let smallest = 5
  /// With fewer channels than these it looks at a picture, and three by three would see too little.
  static let channels = 16
  /// They must take this share of the energy.
  static let share = 0.05
  /// With this share they are noted even where a library's fast algorithms leave little to save.
  static let notedShare = 0.15
  /// Larger kernels become a row and a column; a stack would be as dear.
  static let longestStack = 7

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    for (id, step) in subject.steps.enumerated() {
      guard let convolution = step.op(as: Convolution.self), convolution.groups == 1,
        step.isCounted, step.node.op == "Conv", step.inputs.isConstant(1),
        let weights = step.inputs[1], weights.rank == 4,
        min(weights.shape[2], weights.shape[3]) >= Self.smallest,
        weights.shape[1] >= Self.channels,
        (0...1).allSatisfy({ convolution.window.dilation($0) == 1 }),
        replace(id, weights, &rewrite, subject)
      else { continue }
      found.append(id)
    }
    let share = subject.share(of: found)
    guard share >= Self.share, let first = found.first, let weights = subject.steps[first].inputs[1]
    else { return }
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "convolution")) over \(weights.shape[1]) channels and more with a kernel of \
          \(weights.shape[2])x\(weights.shape[3]) \(found.count == 1 ? "takes" : "or larger take") \
          \(percent(share)) of the energy
          """,
        fix: "stack 3x3 convolutions, or put a column behind a row",
        remedy: .rewrite(rewrite), isExact: false, isNote: share >= Self.notedShare))
  }

  /// Puts smaller convolutions in the place of one; whether that can be done.
  private func replace(
    _ id: Node.ID, _ weights: TensorInfo, _ rewrite: inout Rewrite, _ subject: Subject
  ) -> Bool {
    let step = subject.steps[id]
    guard let input = subject.input(id), let output = subject.output(id),
      let result = step.outputs[0], let taps = Taps.all(of: step), taps.count == 2
    else { return false }
    let (to, from) = (weights.shape[0], weights.shape[1])
    let inner = min(to, from)
    let extents = [weights.shape[2], weights.shape[3]]
    let strides = taps.map(\.stride)
    // Each layer has its kernel, its padding before and after, and its stride; the last one steps.
    var layers: [(kernel: [Int], pads: [Int], strides: [Int])] = []
    if max(extents[0], extents[1]) <= Self.longestStack, extents[0] == extents[1] {
      let count = extents[0] / 2
      layers = (0..<count).map { index in
        ([3, 3], [1, 1, 1, 1], index == count - 1 ? strides : [1, 1])
      }
    } else {
      layers = [
        ([1, extents[1]], [0, taps[1].before, 0, taps[1].after], [1, strides[1]]),
        ([extents[0], 1], [taps[0].before, 0, taps[0].after, 0], [strides[0], 1]),
      ]
    }
    var nodes: [Node] = []
    var carried = input
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      guard
        let kernel = try? TensorInfo(
          result.type,
          [isLast ? to : inner, index == 0 ? from : inner] + layer.kernel)
      else { return false }
      let weight = rewrite.addConstant("factor", kernel, to: subject.scope.body)
      let made = isLast ? output : rewrite.add("partial", to: subject.scope.body)
      var node = Node(
        name: isLast ? step.node.name : "", "Conv", opset: step.node.opset,
        inputs: [carried, weight] + (isLast ? Array(step.node.inputs.dropFirst(2)) : []),
        outputs: [made],
        attributes: [
          Attribute("pads", .ints(layer.pads)), Attribute("strides", .ints(layer.strides)),
        ])
      node.line = step.node.line
      nodes.append(node)
      carried = made
    }
    rewrite.replaced[id] = nodes
    return true
  }
}
