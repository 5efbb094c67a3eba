import Cost
import Graph

package struct LargeDenseKernel: Rule {
  package static let page = Page(
    code: "NNC511",
    name: "large-dense-kernel",
    group: .architecture,
    level: .warning,
    summary:
      "Convolutions over many channels have kernels of 5x5 or more, or as many places in a row or a volume.",
    why: """
      A kernel's work grows with its area. Two 3x3 convolutions see as far as one of 5x5 and take 18 in place of
      25 products for each pair of channels, 28 % less; a column and a row of n taps take 2n in place of n². On
      many devices 3x3 convolutions are faster for each product too, since Winograd's algorithm suits them. Over
      volumes, two kernels of 3x3x3 take 54 products in place of 125. A series has no second axis to take apart: there
      a kernel of 9 and more goes over each channel by itself, and a convolution of one place mixes the channels.
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
      """,
      """
      series (float[8,64,4000] x) => (y) <float[128,64,31] w> {
      ↓ y = Conv <pads = [15, 15]> (x, w)
      }
      """,
      """
      volume (float[1,32,32,32,32] x) => (y) <float[64,32,5,5,5] w> {
      ↓ y = Conv <pads = [2, 2, 2, 2, 2, 2]> (x, w)
      }
      """,
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
      short_series (float[8,64,4000] x) => (y) <float[128,64,5] w> {
        y = Conv <pads = [2, 2]> (x, w)
      }
      """,
      """
      three (float[1,64,56,56] x) => (y) <float[192,64,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
      }
      """,
    ]
  )

  /// The least extents of a kernel that counts as large, over two axes or three.
  static let smallest = 5
  /// The least length of a kernel over one axis that does: as many places as 3x3 sees.
  static let smallestRow = 9
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
        let weights = step.inputs[1], 3...5 ~= weights.rank,
        let least = weights.dims.dropFirst(2).min(),
        least >= (weights.rank == 3 ? Self.smallestRow : Self.smallest),
        weights.shape[1] >= Self.channels,
        (0..<(weights.rank - 2)).allSatisfy({ convolution.window.dilation($0) == 1 }),
        replace(id, weights, &rewrite, subject)
      else { continue }
      found.append(id)
    }
    let share = subject.share(of: found)
    guard share >= Self.share, let first = found.first,
      let weights = subject.steps[first].inputs[1],
      let channels = found.compactMap({ subject.steps[$0].inputs[1]?.dims[1] }).min()
    else { return }
    let smallest =
      found.compactMap { subject.steps[$0].inputs[1]?.dims.dropFirst(2) }
      .min { $0.reduce(1, saturatingProduct) < $1.reduce(1, saturatingProduct) }
    let kernel = (smallest ?? []).map { "\($0)" }.joined(separator: "x")
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "convolution")) over \(channels) channels and more with a kernel of \
          \(kernel) \(found.count == 1 ? "takes" : "or larger take") \
          \(percent(share)) of the energy
          """,
        fix: Self.fix(weights.rank - 2), remedy: .rewrite(rewrite), isExact: false,
        isNote: share >= Self.notedShare))
  }

  /// What to do about kernels over so many axes.
  private static func fix(_ axes: Int) -> String {
    switch axes {
    case 1:
      "let the kernel go over each channel by itself, with a convolution of one place behind it"
    case 2: "stack 3x3 convolutions, or put a column behind a row"
    default: "stack 3x3x3 convolutions, or give each axis a kernel of its own"
    }
  }

  /// A convolution of those that take the place of one.
  private struct Layer {
    var kernel: [Int]
    var pads: [Int]
    var strides: [Int]
    var isDepthwise = false
  }

  /// The smaller convolutions that see as far as one with these taps.
  private func layers(_ taps: [Taps]) -> [Layer] {
    let extents = taps.map(\.kernel)
    let ones = extents.map { _ in 1 }
    let zeros = extents.map { _ in 0 }
    let strides = taps.map(\.stride)
    if taps.count == 1 {
      let pads = [taps[0].before, taps[0].after]
      return [
        Layer(kernel: extents, pads: pads, strides: strides, isDepthwise: true),
        Layer(kernel: ones, pads: zeros + zeros, strides: ones),
      ]
    }
    if let extent = extents.first, extent <= Self.longestStack, extents.allSatisfy({ $0 == extent })
    {
      // The last one steps.
      let count = extent / 2
      return (0..<count).map { index in
        Layer(
          kernel: ones.map { _ in 3 }, pads: ones + ones,
          strides: index == count - 1 ? strides : ones)
      }
    }
    return extents.indices.reversed().map { axis in
      var layer = Layer(kernel: ones, pads: zeros + zeros, strides: ones)
      layer.kernel[axis] = extents[axis]
      layer.strides[axis] = strides[axis]
      layer.pads[axis] = taps[axis].before
      layer.pads[extents.count + axis] = taps[axis].after
      return layer
    }
  }

  /// Puts smaller convolutions in the place of one; whether that can be done.
  private func replace(
    _ id: Node.ID, _ weights: TensorInfo, _ rewrite: inout Rewrite, _ subject: Subject
  ) -> Bool {
    let step = subject.steps[id]
    guard let input = subject.input(id), let output = subject.output(id),
      let result = step.outputs[0], let taps = Taps.all(of: step), taps.count == weights.rank - 2,
      // At a single place it is a dense layer, which sees the whole map.
      taps.contains(where: { $0.positions > 1 })
    else { return false }
    let (to, from) = (weights.shape[0], weights.shape[1])
    let layers = layers(taps)
    var nodes: [Node] = []
    var (carried, channels) = (input, from)
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let made = isLast ? to : layer.isDepthwise ? from : min(to, from)
      guard
        let kernel = try? TensorInfo(
          result.type, [made, layer.isDepthwise ? 1 : channels] + layer.kernel)
      else { return false }
      let weight = rewrite.addConstant("factor", kernel, to: subject.scope.body)
      let value = isLast ? output : rewrite.add("partial", to: subject.scope.body)
      var node = Node(
        name: isLast ? step.node.name : "", "Conv", opset: step.node.opset,
        inputs: [carried, weight] + (isLast ? Array(step.node.inputs.dropFirst(2)) : []),
        outputs: [value],
        attributes: [
          Attribute("group", .int(layer.isDepthwise ? from : 1)),
          Attribute("pads", .ints(layer.pads)), Attribute("strides", .ints(layer.strides)),
        ])
      node.line = step.node.line
      nodes.append(node)
      (carried, channels) = (value, made)
    }
    rewrite.replaced[id] = nodes
    return true
  }
}
