import Cost
import Graph

package struct FullResolutionCompute: Rule {
  package static let page = Page(
    code: "NNC514",
    name: "full-resolution-compute",
    group: .architecture,
    level: .warning,
    summary: "Much of the energy is spent on maps nearly as large as the picture.",
    why: """
      A layer at full resolution costs four times what it costs after one halving, for the same weights, and
      its maps are too large for any cache, so that memory sets the pace. Networks made for devices halve the
      picture in their first layer. VGG-16 takes a fifth of its energy on maps of at least half of
      the picture's side, a U-Net nearly half, ResNet-50 a fiftieth (this program's estimates for a T4, batch 1).
      """,
    fix: """
      Give the first convolution a stride of 2 and leave out the halving that follows; or fold 2x2 pixels into
      channels first. Where the result has the picture's size, predict at half of it and enlarge the
      prediction. Thin the layers at full resolution.
      """,
    safety:
      "Changes the function: needs retraining. Fine borders and small objects may get worse.",
    sources: [
      "Howard et al.: Searching for MobileNetV3, 2019 (a first layer of 16 filters in place of 32 saves 2 ms)",
      "Shi et al.: Efficient Sub-Pixel Convolution (ESPCN), 2016 (compute at low resolution, enlarge last)",
      "Estimates of this program for networks of torchvision, T4, float32, batch 1",
    ],
    triggers: [
      """
      early (float[1,3,256,256] x) => (y)
        <float[64,3,3,3] w, float[64,64,3,3] v, float[128,64,3,3] u, float[10,128] k> {
      ↓ a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = Relu(a)
        c = Conv <pads = [1, 1, 1, 1]> (b, v)
        d = Relu(c)
        p = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (d)
        q = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (p)
        e = Conv <pads = [1, 1, 1, 1]> (q, u)
        g = GlobalAveragePool(e)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """
    ],
    passes: [
      """
      stem (float[1,3,224,224] x) => (y)
        <float[32,3,3,3] w, float[512,32,3,3] u, float[512,512,3,3] v, float[10,512] k> {
        a = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (x, w)
        b = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
        c = Conv <pads = [1, 1, 1, 1], strides = [2, 2]> (b, u)
        d = Conv <pads = [1, 1, 1, 1]> (c, v)
        e = Conv <pads = [1, 1, 1, 1]> (d, v)
        g = GlobalAveragePool(e)
        f = Flatten(g)
        y = Gemm <transB = 1> (f, k)
      }
      """,
      """
      small_picture (float[1,3,32,32] x) => (y) <float[64,3,3,3] w, float[64,64,3,3] v> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        y = Conv <pads = [1, 1, 1, 1]> (a, v)
      }
      """,
    ]
  )

  /// Smaller pictures are no larger than what others compute on after halving.
  static let smallestSide = 96
  /// Maps with more than this share of the picture's side count as full resolution: those halved once too.
  static let side = 1.0 / 3
  /// They must take this share of the energy.
  static let share = 0.2
  /// Where the picture is halved by the first layer already, they must take this much.
  static let halvedShare = 0.3
  /// From this share on, it is worth a warning.
  static let warningShare = 0.3

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let image = Image(subject), min(image.height, image.width) >= Self.smallestSide else {
      return
    }
    let maps = FeatureMaps(image, subject)
    func isLarge(_ id: Node.ID, _ side: Double) -> Bool {
      subject.output(id).map { maps.isLarge($0, side, image) } ?? false
    }
    // A result larger than the picture is what super-resolution is for.
    guard
      !subject.scope.body.outputs.contains(where: { output in
        maps.sizes[output].map { $0.height > image.height && $0.width > image.width } ?? false
      })
    else { return }
    let large = subject.steps.indices.filter { isLarge($0, Self.side) }
    let share = subject.share(of: large)
    guard share >= Self.share else { return }
    // Most of it lies at full or at half resolution: that is where one more halving helps.
    let whole = large.filter { isLarge($0, 2 * Self.side) }
    let level = subject.share(of: whole) >= share / 2 ? 2 * Self.side : Self.side
    guard level > Self.side || share >= Self.halvedShare,
      let halving = Halving(level, image, maps, subject), let first = halving.stems.first
    else { return }
    report(
      Report(
        nodes: [first] + large.filter { $0 != first && !subject.steps[$0].contractions.isEmpty },
        message: """
          \(percent(share)) of the energy is spent on maps of at least half of the picture's \
          \(image.height)x\(image.width)
          """,
        fix: halving.enlargesOutput
          ? "halve the picture in the first convolution and enlarge the prediction"
          : "halve the picture in the first convolution and leave out the next halving",
        remedy: .rewrite(halving.rewrite), isExact: false,
        cap: share >= Self.warningShare ? .error : .info))
  }
}

extension FeatureMaps {
  /// Whether the value is a map with more than `side` of the image's height and width.
  func isLarge(_ value: Value.ID, _ side: Double, _ image: Image) -> Bool {
    guard let size = sizes[value] else { return false }
    return Double(size.height) > side * Double(image.height)
      && Double(size.width) > side * Double(image.width)
  }
}

/// The network with its largest maps halved, and everything behind them as it was.
private struct Halving {
  private(set) var rewrite = Rewrite()
  /// The convolutions that halve now.
  private(set) var stems: [Node.ID] = []
  private(set) var enlargesOutput = false

  /// Halves the maps with more than `side` of the image's height; nil where the graph does not allow it.
  init?(_ side: Double, _ image: Image, _ maps: FeatureMaps, _ subject: Subject) {
    var isHalved = [Bool](repeating: false, count: subject.scope.infos.count)
    for (id, step) in subject.steps.enumerated() {
      guard let output = subject.output(id), step.isCounted || step.op(is: Identity.self),
        step.node.inputs.contains(where: { $0.map { maps.sizes[$0] != nil } ?? false })
      else { continue }
      let isLarge = maps.isLarge(output, side, image)
      let data = step.node.inputs.compactMap { $0 }.filter { maps.sizes[$0] != nil }
      let halved = data.filter { isHalved[$0] }
      guard halved.isEmpty || halved.count == data.count else {
        // Small maps that are enlarged meet those that were halved: only where both have the same size. What is
        // added to a picture is enlarged for that.
        guard isLarge, let half = halved.first, data.count == 2, halved.count == 1,
          data.allSatisfy({ subject.tensor($0)?.shape == step.outputs[0]?.shape }),
          subject.tensor(half)?.dims[1] ?? .max <= 4, enlarge(half, before: id, subject)
        else { return nil }
        enlargesOutput = true
        continue
      }
      switch (halved.isEmpty, isLarge) {
      case (true, false): continue
      case (true, true):
        let isStem = data.contains { maps.isLarge($0, side, image) || $0 == image.value }
        if isStem {
          guard step.op(is: Convolution.self) else { continue }
          guard stride(id, by: 2, subject) else { return nil }
          stems.append(id)
        } else {
          guard leaveOutEnlarging(id, subject) else { return nil }
        }
        isHalved[output] = true
      case (false, true):
        isHalved[output] = true
      case (false, false):
        if maps.sizes[output] != nil, !leaveOutHalving(id, subject) { return nil }
      }
    }
    guard !stems.isEmpty else { return nil }
    for output in Set(subject.scope.body.outputs).sorted() where isHalved[output] {
      guard enlarge(output, subject) else { return nil }
      enlargesOutput = true
    }
  }

  /// Multiplies the strides of a convolution or pool.
  private mutating func stride(_ id: Node.ID, by factor: Int, subject: Subject, _ axes: Int) {
    let window = subject.steps[id].op(as: Convolution.self)?.window
    let strides = (0..<axes).map { saturatingProduct(window?.stride($0) ?? 1, factor) }
    rewrite.replaced[id] = [subject.steps[id].node.setting("strides", .ints(strides))]
  }

  private mutating func stride(_ id: Node.ID, by factor: Int, _ subject: Subject) -> Bool {
    guard subject.steps[id].inputs[0]?.rank == 4 else { return false }
    stride(id, by: factor, subject: subject, 2)
    return true
  }

  /// Lets a node that halved its map keep the size; whether it can.
  private mutating func leaveOutHalving(_ id: Node.ID, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    let window: Window
    switch step.op {
    case let convolution as Convolution: window = convolution.window
    case let pooling as Pooling: window = pooling.window
    case is Resampling:
      guard let input = subject.input(id) else { return false }
      rewrite.bypass(id, step.node, reading: input)
      return true
    default: return false
    }
    let strides = window.strides
    guard !strides.isEmpty, strides.allSatisfy({ $0 >= 2 && $0 % 2 == 0 }) else { return false }
    if step.op(is: Pooling.self), strides.allSatisfy({ $0 == 2 }), let input = subject.input(id) {
      rewrite.bypass(id, step.node, reading: input)
    } else {
      rewrite.replaced[id] = [step.node.setting("strides", .ints(strides.map { $0 / 2 }))]
    }
    return true
  }

  /// Lets a node that doubled its map keep the size; whether it can.
  private mutating func leaveOutEnlarging(_ id: Node.ID, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    guard let input = subject.input(id), let before = step.inputs[0], let after = step.outputs[0],
      before.rank == 4, after.rank == 4,
      (2...3).allSatisfy({ after.shape[$0] == saturatingProduct(2, before.shape[$0]) })
    else { return false }
    switch step.op {
    case is Resampling:
      rewrite.bypass(id, step.node, reading: input)
      return true
    case is TransposedConvolution:
      // Without enlarging it is a convolution of one tap.
      guard let weights = try? TensorInfo(before.type, [after.shape[1], before.shape[1], 1, 1])
      else { return false }
      rewrite.added.append(Value("pointwise", initializer: Literal(weights)))
      let value = subject.scope.body.values.count + rewrite.added.count - 1
      var node = Node(
        name: step.node.name, "Conv", opset: step.node.opset,
        inputs: [input, value] + Array(step.node.inputs.dropFirst(2)), outputs: step.node.outputs)
      node.line = step.node.line
      rewrite.replaced[id] = [node]
      return true
    default: return false
    }
  }

  /// Doubles what has become half as large for a sum, a difference or the like; whether it can.
  private mutating func enlarge(_ half: Value.ID, before id: Node.ID, _ subject: Subject) -> Bool {
    let step = subject.steps[id]
    guard step.op(is: Elementwise.self),
      let scales = try? TensorInfo(.float32, [4], value: .reals([1, 1, 2, 2]))
    else { return false }
    let factor = rewrite.addConstant("scales", scales, to: subject.scope.body)
    let whole = rewrite.add("whole", to: subject.scope.body)
    var node = step.node
    node.inputs = node.inputs.map { $0 == half ? whole : $0 }
    rewrite.replaced[id] = [
      Node(
        "Resize", opset: max(13, node.opset), inputs: [half, nil, factor], outputs: [whole],
        attributes: [Attribute("mode", .string("linear"))]), node,
    ]
    return true
  }

  /// Doubles an output that has become half as large; whether it can.
  private mutating func enlarge(_ output: Value.ID, _ subject: Subject) -> Bool {
    guard let producer = subject.scope.producers[output], subject.scope.readers[output].isEmpty,
      let scales = try? TensorInfo(.float32, [4], value: .reals([1, 1, 2, 2]))
    else { return false }
    let base = subject.scope.body.values.count + rewrite.added.count
    rewrite.added += [Value("half"), Value("scales", initializer: Literal(scales))]
    var nodes = rewrite.replaced[producer] ?? [subject.steps[producer].node]
    guard var last = nodes.popLast() else { return false }
    last.outputs = last.outputs.map { $0 == output ? base : $0 }
    nodes.append(last)
    nodes.append(
      Node(
        "Resize", opset: max(13, last.opset), inputs: [base, nil, base + 1], outputs: [output],
        attributes: [Attribute("mode", .string("linear"))]))
    rewrite.replaced[producer] = nodes
    return !rewrite.removed.contains(producer)
  }
}
