import Cost
import Graph

/// The dense layers between a feature map and an output, with only activations and views between them.
struct DenseHead {
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
      if step.op(is: MatrixProduct.self), step.inputs.isConstant(1), let weights = step.inputs[1],
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
    guard let last = layers.first, let output = subject.output(last) else { return nil }
    // A layer that is a convolution has taps, one along each axis of the map.
    let isConvolution = subject.steps[last].op(is: Convolution.self)
    let ones = isConvolution ? source.dims.dropFirst(2).map { _ in 1 } : []
    guard
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
    if isConvolution {
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
    if let maker = scope.producers[value], steps[maker].op(is: Transpose.self) { return false }
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
    if op(is: GlobalPooling.self) || node.op == "ReduceMean",
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
