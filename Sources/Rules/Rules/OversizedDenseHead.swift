import Cost
import Graph

package struct OversizedDenseHead: Rule {
  package static let page = Page(
    code: "NNC501",
    name: "oversized-dense-head",
    group: .architecture,
    level: .warning,
    summary: "Dense layers on a flattened feature map dominate a convolutional network.",
    why: """
      A dense layer on a flattened map has a weight for every channel at every position. At batch 1 each
      weight is read from memory for a single multiplication, so the head costs what its weights weigh: in
      VGG-16 the first dense layer holds 102.8 of 138.4 million parameters. The cost per inference falls as
      the batch grows, since a batch reads the weights once; so the finding depends on the batch. Networks
      with global average pooling and one dense layer do without: SqueezeNet reaches AlexNet's accuracy with
      a fiftieth of the parameters.
      """,
    fix: """
      Pool each channel to one number (GlobalAveragePool) and put a single dense layer from channels to
      classes behind it. Where positions matter, factor the large weight matrix into two thin ones.
      """,
    safety: "Changes the function: needs fine-tuning or retraining.",
    sources: [
      "Lin, Chen, Yan: Network In Network, 2013 (global average pooling in place of dense layers)",
      "Iandola et al.: SqueezeNet, 2016 (AlexNet's accuracy with 50 times fewer parameters)",
    ],
    triggers: [
      """
      vgg_like (float[1,3,64,64] x) => (y)
        <float[64,3,3,3] w, float[1024,262144] w1, float[1000,1024] w2> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        r = Relu(c)
        f = Flatten(r)
      ↓ h = Gemm <transB = 1> (f, w1)
        s = Relu(h)
        y = Gemm <transB = 1> (s, w2)
      }
      """,
      """
      signal (float[4,64,512] x) => (y) <float[128,64,5] k, float[65536,512] w, float[512,6] v> {
        c = Conv <pads = [2, 2]> (x, k)
        r = Relu(c)
        f = Flatten(r)
      ↓ h = Gemm(f, w)
        g = Relu(h)
        y = Gemm(g, v)
      }
      """,
      """
      channels_last (float[1,64,28,28] x) => (y) <float[128,64,3,3] k, float[100352,512] w, float[512,10] v, int64[2] s = {1, -1}> {
        c = Conv <pads = [1, 1, 1, 1]> (x, k)
        r = Relu(c)
        t = Transpose <perm = [0, 2, 3, 1]> (r)
        f = Reshape(t, s)
      ↓ h = MatMul(f, w)
        g = Relu(h)
        y = MatMul(g, v)
      }
      """,
      """
      convolved (float[1,3,56,56] x) => (y)
        <float[256,3,8,8] w, float[4096,256,7,7] w1, float[4096,4096,1,1] w2, float[100,4096] w3> {
        c = Conv <strides = [8, 8]> (x, w)
        r = Relu(c)
      ↓ h = Conv(r, w1)
        s = Relu(h)
        g = Conv(s, w2)
        t = Relu(g)
        f = Flatten(t)
        y = Gemm <transB = 1> (f, w3)
      }
      """,
    ],
    passes: [
      """
      pooled_channels_last (float[1,3,64,64] x) => (y)
        <float[64,3,3,3] w, float[64] s, float[64] b, float[1000,64] w1> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        p = GlobalAveragePool(c)
        t = Transpose <perm = [0, 2, 3, 1]> (p)
        n = LayerNormalization(t, s, b)
        u = Transpose <perm = [0, 3, 1, 2]> (n)
        f = Flatten(u)
        y = Gemm <transB = 1> (f, w1)
      }
      """,
      """
      pooled (float[1,3,64,64] x) => (y) <float[64,3,3,3] w, float[1000,64] w1> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        r = Relu(c)
        p = GlobalAveragePool(r)
        f = Flatten(p)
        y = Gemm <transB = 1> (f, w1)
      }
      """,
      """
      perceptron (float[1,784] x) => (y) <float[4096,784] w1, float[10,4096] w2> {
        h = Gemm <transB = 1> (x, w1)
        s = Relu(h)
        y = Gemm <transB = 1> (s, w2)
      }
      """,
    ]
  )

  /// A head must take this share of the energy.
  static let energyShare = 0.1
  /// Below that, a head with this share of the parameters is noted, since smaller batches pay for it.
  static let parameterShare = 0.5

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let total = subject.estimate.analysis.totals.parameters
    for output in subject.scope.body.outputs {
      guard let head = DenseHead(subject, output), total > 0 else { continue }
      let energy = subject.share(of: head.layers)
      let parameters = Double(head.parameters) / Double(total)
      let isDear = energy >= Self.energyShare && (head.positions > 1 || head.isDeepAndWide)
      let isHeavy = parameters >= Self.parameterShare && head.positions > 1
      guard isDear || isHeavy, let rewrite = head.pooled(subject) else { continue }
      let map = head.source.dims.dropFirst().map(String.init).joined(separator: "x")
      report(
        Report(
          nodes: head.layers.reversed(),
          message: """
            \(counted(head.layers.count, "dense layer")) after a \(map) feature map: \
            \(percent(parameters)) of the parameters, \(percent(energy)) of the energy
            """,
          fix: "global average pooling before one \(head.channels) -> \(head.classes) layer",
          remedy: .rewrite(rewrite), isExact: false, cap: isDear ? .error : .info,
          isNote: !isDear))
    }
  }
}

/// The dense layers between a feature map and an output, with only activations and views between them.
private struct DenseHead {
  /// The layers, the last first.
  let layers: [Node.ID]
  /// The feature map, `N×C×h×w`, and the value that holds it.
  let source: TensorInfo
  let sourceID: Value.ID
  /// The results of the last layer, and those of the layers before it.
  let classes: Int
  let hidden: [Int]
  let parameters: Int

  var channels: Int { source.shape[1] }
  var positions: Int { source.dims.dropFirst(2).reduce(1, saturatingProduct) }
  var isDeepAndWide: Bool { hidden.contains { $0 / 2 >= classes } }

  init?(_ subject: Subject, _ output: Value.ID) {
    var layers: [Node.ID] = []
    var widths: [Int] = []
    var parameters = 0
    var value = output
    var isChannelsLast = false
    let scope = subject.scope
    while true {
      if subject.isFeatureMap(value) {
        guard let dense = ConvolvedHead(value, subject) else { break }
        layers += dense.layers
        for id in dense.layers {
          guard let weights = subject.steps[id].inputs[1] else { return nil }
          widths.append(weights.dims[0])
          parameters = saturatingSum(parameters, weights.shape.count)
        }
        value = dense.source
        break
      }
      guard let id = scope.producers[value] else { return nil }
      let step = subject.steps[id]
      // Maps with their channels last are flattened in that order; the layers behind mix all of it anyway.
      if let order = step.axisOrder, let next = step.node.inputs[0] {
        if order == [0, 3, 1, 2] { isChannelsLast = true }
        if order == [0, 2, 3, 1] { isChannelsLast = false }
        value = next
        continue
      }
      if step.op is MatrixProduct, step.inputs.isConstant(1), let weights = step.inputs[1],
        let width = step.contractions.first?.columns
      {
        layers.append(id)
        widths.append(width)
        parameters = saturatingSum(parameters, weights.shape.count)
      } else if !step.isTransparent {
        return nil
      }
      guard let next = step.dataInput else { return nil }
      value = next
    }
    guard !isChannelsLast, let source = scope.infos[value]?.tensor, let classes = widths.first,
      let first = layers.last,
      subject.steps[..<first].contains(where: { $0.layer == .convolution })
    else { return nil }
    self.layers = layers
    self.source = source
    self.sourceID = value
    self.classes = classes
    self.hidden = Array(widths.dropFirst())
    self.parameters = parameters
  }

  /// The graph with pooling and one layer in the place of the last; the layers before are read no more.
  func pooled(_ subject: Subject) -> Rewrite? {
    guard let last = layers.first, let output = subject.steps[last].node.outputs.first, let output,
      let ones = subject.tensor(output).map({ [Int](repeating: 1, count: $0.rank - 2) }),
      let weights = try? TensorInfo(source.type, [classes, channels] + ones),
      let bias = try? TensorInfo(source.type, [classes])
    else { return nil }
    let opset = subject.steps[last].node.opset
    let base = subject.scope.body.values.count
    var rewrite = Rewrite()
    rewrite.added = [
      Value("pooled"), Value("features"),
      Value("head.weight", initializer: Literal(weights)),
      Value("head.bias", initializer: Literal(bias)),
    ]
    if subject.steps[last].op is Convolution {
      rewrite.replaced[last] = [
        Node("GlobalAveragePool", opset: opset, inputs: [sourceID], outputs: [base]),
        Node("Conv", opset: opset, inputs: [base, base + 2, base + 3], outputs: [output]),
      ]
      return rewrite
    }
    rewrite.replaced[last] = [
      Node("GlobalAveragePool", opset: opset, inputs: [sourceID], outputs: [base]),
      Node("Flatten", opset: opset, inputs: [base], outputs: [base + 1]),
      Node(
        "Gemm", opset: opset, inputs: [base + 1, base + 2, base + 3], outputs: [output],
        attributes: [Attribute("transB", .int(1))]),
    ]
    return rewrite
  }
}

/// Dense layers written as convolutions: the first with a kernel as large as the map, those behind it with one tap.
private struct ConvolvedHead {
  /// The layers, the last first, and the map that the first of them sees.
  let layers: [Node.ID]
  let source: Value.ID

  /// Nil unless `value` is what such layers make: one place, with activations between them.
  init?(_ value: Value.ID, _ subject: Subject) {
    var value = value
    var layers: [Node.ID] = []
    for _ in 0..<16 {
      guard subject.tensor(value)?.dims.dropFirst(2).allSatisfy({ $0 == 1 }) ?? false,
        let id = subject.scope.producers[value], let next = subject.steps[id].dataInput
      else { return nil }
      let step = subject.steps[id]
      if step.isPlainConvolution, step.op(as: Convolution.self)?.groups == 1,
        let weights = step.inputs[1]
      {
        layers.append(id)
        if weights.dims.dropFirst(2).contains(where: { $0 > 1 }) {
          guard weights.dims.dropFirst(2) == subject.tensor(next)?.dims.dropFirst(2)
          else { return nil }
          (self.layers, source) = (layers, next)
          return
        }
      } else if !step.isTransparent {
        return nil
      }
      value = next
    }
    return nil
  }
}

extension Subject {
  /// Whether the value is a map with channels first: of a picture, or of a signal or volume behind a convolution.
  fileprivate func isFeatureMap(_ value: Value.ID) -> Bool {
    guard let rank = tensor(value)?.rank, (3...5).contains(rank) else { return false }
    if let maker = scope.producers[value], steps[maker].op is Transpose { return false }
    if rank == 4 { return true }
    var value = value
    for _ in 0..<8 {
      guard let maker = scope.producers[value], steps[maker].outputs[0]?.rank == rank,
        let next = steps[maker].dataInput
      else { return false }
      switch steps[maker].layer {
      case .convolution: return true
      case .pooling, .activation, .normalization, .add, .multiply, .dropout: value = next
      default: return false
      }
    }
    return false
  }
}

extension Step {
  /// Whether the node only renames, scales or bends its one operand, element by element.
  fileprivate var isTransparent: Bool {
    if op?.viewedInput(inputs) == 0 { return true }
    // The mean of one place is that place.
    if op is GlobalPooling || node.op == "ReduceMean",
      inputs[0]?.shape.count == outputs[0]?.shape.count
    {
      return true
    }
    guard inputs.all.count(where: { $0.isGiven && !$0.isConstant }) == 1 else { return false }
    switch layer {
    case .activation, .dropout, .add, .multiply, .rescaling, .reshape: return true
    default: return false
    }
  }

  /// The operand that is no constant.
  fileprivate var dataInput: Value.ID? {
    zip(node.inputs, inputs.all).first { $1.isGiven && !$1.isConstant }?.0
  }
}
