import Cost
import Graph

/// Factors and shifts of a convolution's operand, which its weights and bias can hold.
struct InputFolding {
  /// The nodes that are left out, in order.
  private(set) var nodes: [Node.ID] = []
  private let layer: Node.ID
  private var weights: Recipe
  /// What is added to the bias; nil for nothing.
  private var shift: Recipe?
  private var source: Value.ID

  /// Nil where nothing can be folded into the convolution.
  init?(_ layer: Node.ID, _ subject: Subject) {
    let step = subject.steps[layer]
    guard let convolution = step.op(as: Convolution.self), convolution.groups == 1,
      let own = step.node.inputs[1], let input = step.node.inputs[0], let info = step.inputs[1],
      let channels = step.inputs[0]?.shape.dims[1], info.rank > 2
    else { return nil }
    self.layer = layer
    source = input
    weights = .constant(own)
    let isPadded = !convolution.window.hasNoPads
    let ones = [Int](repeating: 1, count: info.rank - 2)
    var reader = layer
    while let maker = subject.scope.producers[source], subject.onlyReader(of: maker) == reader,
      let factor = subject.steps[maker].factor(channels: channels, rank: info.rank),
      let input = subject.steps[maker].node.inputs[factor.operand]
    {
      let number =
        factor.isPerChannel ? Recipe.reshaped(factor.number, [1, channels] + ones) : factor.number
      switch subject.steps[maker].node.op {
      case "Mul": weights = weights * number
      case "Div": weights = weights / number
      default:
        // Around the operand there are zeros, which nothing must be added to.
        guard !isPadded else { return }
        var moved = weights * number
        for axis in 1..<info.rank { moved = .summed(moved, axis: axis) }
        moved = .reshaped(moved, [info.dims[0]])
        if subject.steps[maker].node.op == "Sub" { moved = .number(0) - moved }
        shift = shift.map { $0 + moved } ?? moved
      }
      nodes.insert(maker, at: 0)
      source = input
      reader = maker
    }
    if nodes.isEmpty { return nil }
  }

  /// The convolution with other weights, and without what stood before it.
  func rewrite(_ subject: Subject) -> Rewrite? {
    let step = subject.steps[layer]
    let body = subject.scope.body
    guard !nodes.isEmpty, let info = step.inputs[1],
      let biasInfo = try? TensorInfo(info.type, [info.dims[0]])
    else { return nil }
    var rewrite = Rewrite()
    var node = step.node
    node.inputs[0] = source
    node.inputs[1] = rewrite.addConstant(
      "folded.weight", TensorInfo(info.type, info.shape), weights, to: body)
    if let shift {
      var bias = shift
      if node.inputs.count > 2, let own = node.inputs[2] { bias = .constant(own) + shift }
      node.inputs =
        Array(node.inputs.prefix(2)) + [
          rewrite.addConstant("folded.bias", biasInfo, bias, to: body)
        ]
    }
    rewrite.replaced[layer] = [node]
    rewrite.removed = Set(nodes)
    return rewrite
  }
}

extension Step {
  /// The number that the node scales or shifts its operand by, for each channel or for all.
  fileprivate func factor(channels: Int, rank: Int) -> (
    operand: Int, number: Recipe, isPerChannel: Bool
  )? {
    guard isCounted, inputs.count == 2, node.inputs.count == 2,
      outputs[0]?.type.isFloatingPoint ?? false
    else { return nil }
    let places: [Int]
    switch node.op {
    case "Add", "Mul": places = [1, 0]
    case "Div", "Sub": places = [1]
    default: return nil
    }
    for place in places where inputs.isConstant(place) && !inputs.isConstant(1 - place) {
      guard let info = inputs[place], let constant = node.inputs[place],
        inputs[1 - place]?.shape == outputs[0]?.shape
      else { continue }
      if info.shape.count == 1 { return (1 - place, .reshaped(.constant(constant), []), false) }
      // Along any axis but that of the channels there must be one number.
      var dims = info.dims
      let axis = 1 - (rank - dims.count)
      guard dims.indices.contains(axis), dims[axis] == channels else { continue }
      dims[axis] = 1
      if dims.allSatisfy({ $0 == 1 }) { return (1 - place, .constant(constant), true) }
    }
    return nil
  }
}
