import Graph

extension Subject {
  /// The layer that holds the normalisation too: with other weights and a bias, known beforehand.
  ///
  /// The normalisation is taken to go by its running mean and variance, whatever its mode. Nil where the layer
  /// bends its result, or where not all of it is known beforehand.
  func folding(_ norm: Node.ID, into id: Node.ID) -> Rewrite? {
    guard let layer = FoldableLayer(steps[id]), layer.channelAxis == 1,
      let factors = ChannelFactors(steps[norm], evenInTraining: true),
      factors.count == layer.channels, let result = output(norm)
    else { return nil }
    return layer.rewrite(
      id, scale: factors.scale, shift: factors.offset, mean: factors.mean, removing: [norm],
      into: result, self)
  }

  /// The layer that holds the normalisation of its operand too; nil where padding stands between the two.
  func folding(_ norm: Node.ID, intoNext id: Node.ID) -> Rewrite? {
    let step = steps[id]
    guard let factors = ChannelFactors(steps[norm]), step.isCounted, step.inputs.isConstant(1),
      let info = step.inputs[1], let own = step.node.inputs[1], let source = input(norm),
      input(id) == output(norm), !step.inputs.isGiven(2) || step.inputs.isConstant(2)
    else { return nil }
    // The axis of the weights along which the operand's channels lie, and that of the result's.
    let axis: (from: Int, to: Int)
    switch step.op {
    case let layer as Convolution:
      guard step.isPlainConvolution, layer.groups == 1, layer.window.hasNoPads else { return nil }
      axis = (1, 0)
    case let layer as MatrixProduct:
      guard step.node.op == "Gemm", step.node.isPlainSum, !layer.transposesA else { return nil }
      axis = layer.transposesB ? (1, 0) : (0, 1)
    default: return nil
    }
    guard info.rank >= 2, info.dims[axis.from] == factors.count,
      let biasInfo = try? TensorInfo(info.type, [info.dims[axis.to]])
    else { return nil }
    var dims = [Int](repeating: 1, count: info.rank)
    dims[axis.from] = factors.count
    var rewrite = Rewrite()
    var node = step.node
    let scaled = Recipe.constant(own) * .reshaped(factors.scale, dims)
    var shift =
      Recipe.constant(own) * .reshaped(factors.offset - factors.mean * factors.scale, dims)
    for other in info.dims.indices where other != axis.to { shift = .summed(shift, axis: other) }
    shift = .reshaped(shift, biasInfo.dims)
    if node.inputs.count > 2, let bias = node.inputs[2] { shift = .constant(bias) + shift }
    node.inputs = [
      source,
      rewrite.addConstant(
        "folded.weight", TensorInfo(info.type, info.shape), scaled, to: scope.body),
      rewrite.addConstant("folded.bias", biasInfo, shift, to: scope.body),
    ]
    rewrite.replaced[id] = [node]
    rewrite.removed.insert(norm)
    return rewrite
  }
}

extension Subject {
  /// The layers whose results are put together and then normalised, each with its part of the normalisation.
  ///
  /// Nil unless all that is put together is made by layers that can hold it, and read by nobody else.
  func folding(_ norm: Node.ID, intoAllOf id: Node.ID) -> Rewrite? {
    let step = steps[id]
    guard step.isCounted, let concat = step.op(as: Concat.self), let joined = step.outputs[0],
      (try? joined.shape.axis(concat.axis)) == 1, onlyReader(of: id) == norm,
      let factors = ChannelFactors(steps[norm]), factors.count == joined.dims[1],
      let result = output(norm), let source = output(id)
    else { return nil }
    var rewrite = Rewrite()
    var from = 0
    for case let part? in step.node.inputs {
      guard let maker = scope.producers[part], onlyReader(of: maker) == id,
        let layer = FoldableLayer(steps[maker]), layer.channelAxis == 1, layer.biasIndex != nil
      else { return nil }
      let to = saturatingSum(from, layer.channels)
      func own(_ recipe: Recipe) -> Recipe {
        .sliced(.reshaped(recipe, [factors.count]), axis: 0, from: from, to: to, step: 1)
      }
      guard
        let node = layer.node(
          maker, scale: own(factors.scale), shift: own(factors.offset), mean: own(factors.mean),
          &rewrite, self)
      else { return nil }
      rewrite.replaced[maker] = [node]
      from = to
    }
    guard from == factors.count else { return nil }
    rewrite.removed.insert(norm)
    rewrite.substitutions[result] = source
    return rewrite
  }

  /// The dense layer whose rows are counted along another axis before they are normalised, with the normalisation.
  func folding(_ norm: Node.ID, throughViewBy view: Node.ID) -> Rewrite? {
    guard steps[view].isView, onlyComputingReader(of: view) == norm, let id = producer(of: view),
      onlyComputingReader(of: id) == view, let before = steps[view].inputs[0],
      let after = steps[view].outputs[0], after.rank == 2, before.dims.last == after.dims[1],
      let layer = FoldableLayer(steps[id]), layer.channelAxis == before.rank - 1,
      let factors = ChannelFactors(steps[norm]), factors.count == layer.channels,
      let result = output(norm), let seen = output(view), let made = output(id)
    else { return nil }
    var rewrite = Rewrite()
    guard
      var node = layer.node(
        id, scale: factors.scale, shift: factors.offset, mean: factors.mean, &rewrite, self)
    else { return nil }
    rewrite.replaced[id] = [node]
    if layer.biasIndex == nil {
      // A product has no bias; a sum stands behind it.
      guard let bias = node.inputs.popLast() else { return nil }
      let product = rewrite.add("product", to: scope.body)
      node.outputs = [product]
      rewrite.replaced[id] = [
        node, Node("Add", opset: node.opset, inputs: [product, bias], outputs: [made]),
      ]
    }
    rewrite.removed.insert(norm)
    rewrite.substitutions[result] = seen
    return rewrite
  }
}

/// A layer whose weights can be scaled channel by channel of its result.
struct FoldableLayer {
  let weights: TensorInfo
  let channels: Int
  /// The axis of the result along which the channels lie.
  let channelAxis: Int
  /// The operand that is added to each channel; nil where the operator has none.
  let biasIndex: Int?
  /// The axes that the weights are looked at with, and those that the factors need to go with them.
  private let axes: [Int]
  private let factorAxes: [Int]

  /// Nil where the operator bends its result, or where weights or bias are not known beforehand.
  init?(_ step: Step) {
    guard step.isCounted, step.outputs.count == 1, step.inputs.isConstant(1),
      let weights = step.inputs[1], let output = step.outputs[0],
      output.rank >= 2, weights.rank >= 2, weights.type.isFloatingPoint
    else { return nil }
    channelAxis = step.node.op == "MatMul" ? output.rank - 1 : 1
    let channels = output.shape[channelAxis]
    guard !step.inputs.isGiven(2) || step.inputs.isConstant(2) && step.inputs[2]?.dims == [channels]
    else { return nil }
    let ones = [Int](repeating: 1, count: weights.rank - 2)
    switch (step.node.op, step.op) {
    case ("Conv", _):
      (axes, factorAxes, biasIndex) = (weights.dims, [channels, 1] + ones, 2)
    case ("ConvTranspose", let layer as TransposedConvolution):
      // The second axis counts the channels within a group; the groups are parts of the first.
      let groups = max(1, layer.groups)
      axes = [groups, weights.shape[0] / groups] + weights.dims.dropFirst()
      factorAxes = [groups, 1, weights.shape[1]] + ones
      biasIndex = 2
    case ("Gemm", let layer as MatrixProduct):
      guard step.node.isPlainSum else { return nil }
      (axes, biasIndex) = (weights.dims, 2)
      factorAxes = layer.transposesB ? [channels, 1] : [1, channels]
    case ("MatMul", _):
      guard weights.rank == 2 else { return nil }
      (axes, factorAxes, biasIndex) = (weights.dims, [1, channels], nil)
    default: return nil
    }
    self.weights = weights
    self.channels = channels
  }

  /// The layer with each channel of its result less `mean`, times `scale`, plus `shift`; what is added comes last of
  /// its operands, even where the operator has no bias.
  func node(
    _ id: Node.ID, scale: Recipe, shift: Recipe, mean: Recipe, _ rewrite: inout Rewrite,
    _ subject: Subject
  ) -> Node? {
    let step = subject.steps[id]
    var node = step.node
    guard let own = node.inputs[1], let info = try? TensorInfo(weights.type, [channels]) else {
      return nil
    }
    node.inputs[1] = rewrite.addConstant(
      "folded.weight", TensorInfo(weights.type, weights.shape),
      scaled(subject.constantRecipe(own) ?? .constant(own), by: scale), to: subject.scope.body)
    var sum = Recipe.number(0)
    if let biasIndex, step.inputs.isGiven(biasIndex), let bias = node.inputs[biasIndex] {
      sum = .constant(bias)
    }
    sum = (sum - mean) * scale + shift
    node.inputs =
      Array(node.inputs.prefix(2)) + [
        rewrite.addConstant("folded.bias", info, sum, to: subject.scope.body)
      ]
    return node
  }

  /// The layer with each channel of its result less `mean`, times `scale`, plus `shift`, without the nodes behind it
  /// that did so.
  func rewrite(
    _ id: Node.ID, scale: Recipe?, shift: Recipe?, mean: Recipe? = nil, removing nodes: [Node.ID],
    into result: Value.ID, _ subject: Subject
  ) -> Rewrite? {
    let step = subject.steps[id]
    let body = subject.scope.body
    guard let own = step.node.inputs[1], let made = step.node.outputs[0], let last = nodes.last,
      let info = try? TensorInfo(weights.type, [channels])
    else { return nil }
    var rewrite = Rewrite()
    var node = step.node
    if let scale {
      node.inputs[1] = rewrite.addConstant(
        "folded.weight", TensorInfo(weights.type, weights.shape),
        scaled(subject.constantRecipe(own) ?? .constant(own), by: scale), to: body)
    }
    var sum: Recipe?
    if let biasIndex, step.inputs.isGiven(biasIndex), let bias = node.inputs[biasIndex] {
      sum = .constant(bias)
    }
    if let mean { sum = (sum ?? .number(0)) - mean }
    if let scale { sum = sum.map { $0 * scale } }
    if let shift { sum = sum.map { $0 + shift } ?? shift }
    rewrite.removed.formUnion(nodes)
    if let sum {
      let folded = rewrite.addConstant("folded.bias", info, sum, to: body)
      guard let biasIndex else {
        // A product has no bias; a sum takes the place of the last node.
        rewrite.replaced[id] = [node]
        rewrite.removed.remove(last)
        rewrite.replaced[last] = [
          Node("Add", opset: node.opset, inputs: [made, folded], outputs: [result])
        ]
        return rewrite
      }
      node.inputs = Array(node.inputs.prefix(biasIndex)) + [folded]
    }
    rewrite.replaced[id] = [node]
    rewrite.substitutions[result] = made
    return rewrite
  }

  /// The weights times a factor for each channel of the result, or one for all.
  private func scaled(_ weights: Recipe, by factors: Recipe) -> Recipe {
    let spread = Recipe.filled(0, dims: [channels]) + factors
    return .reshaped(.reshaped(weights, axes) * .reshaped(spread, factorAxes), self.weights.dims)
  }
}

extension Node {
  /// Whether a `Gemm` adds product and bias as they are, without factors.
  var isPlainSum: Bool {
    attributes.allSatisfy { attribute in
      guard case .float(let factor) = attribute.value else { return true }
      return factor == 1
    }
  }
}
