import Cost
import Graph

/// Factors and shifts of a convolution's operand, which its weights and bias can hold.
struct InputFolding {
  /// The nodes that are left out, in order.
  private(set) var nodes: [Node.ID] = []
  /// Whether channels are put into another order.
  private(set) var isReordered = false
  private let layer: Node.ID
  private var weights: Recipe
  /// What is added to the bias; nil for nothing.
  private var shift: Recipe?
  /// The nodes whose readers read another value in place of their result, and that value.
  private var bypasses: [(node: Node.ID, source: Value.ID)] = []

  /// How far before the convolution is looked: longer chains are no preprocessing.
  private static let reach = 16

  /// Nil where nothing can be folded into the convolution.
  init?(_ layer: Node.ID, _ subject: Subject) {
    let step = subject.steps[layer]
    guard let convolution = step.op(as: Convolution.self), convolution.groups == 1,
      let own = step.node.inputs[1], var value = step.node.inputs[0], let info = step.inputs[1],
      let channels = step.inputs[0]?.shape.dims[1], info.rank > 2
    else { return nil }
    self.layer = layer
    weights = .constant(own)
    let isPadded = !convolution.window.hasNoPads
    let ones = [Int](repeating: 1, count: info.rank - 2)
    var reader = layer
    // A transpose stays where it is; before it, channels lie along another axis.
    var channelAxis = 1
    for _ in 0..<Self.reach {
      guard let maker = subject.scope.producers[value], subject.onlyReader(of: maker) == reader
      else { break }
      let step = subject.steps[maker]
      if let order = step.axisOrder, order.indices.contains(channelAxis),
        let input = step.node.inputs[0]
      {
        channelAxis = order[channelAxis]
        (reader, value) = (maker, input)
        continue
      }
      if channelAxis == 1, let map = ChannelMap(maker, subject), !isPadded || map.shift == nil {
        if let number = map.shift {
          add(weights * .reshaped(number, [1, channels] + ones), info)
        }
        weights = map.weights(for: weights, rank: info.rank)
        nodes.insert(contentsOf: map.nodes, at: 0)
        bypasses.append((maker, map.source))
        isReordered = isReordered || !map.isOrdered
        // What stood before the channels were taken apart is read by each of them.
        guard let first = subject.scope.producers[map.source],
          subject.scope.readers[map.source].allSatisfy(map.nodes.contains),
          !subject.scope.isOutput(map.source)
        else { break }
        (reader, value) = (subject.scope.readers[map.source].first ?? first, map.source)
        continue
      }
      guard let factor = step.channelFactor(axis: channelAxis),
        let input = step.node.inputs[factor.operand]
      else { break }
      let constant = subject.constantRecipe(factor.constant) ?? .constant(factor.constant)
      let number = Recipe.reshaped(constant, factor.isPerChannel ? [1, channels] + ones : [])
      let op = step.node.op
      // Around the operand there are zeros, which nothing must be added to but another zero.
      let isZero = step.inputs[1 - factor.operand]?.value?.reals.allSatisfy { $0 == 0 } ?? false
      if isPadded, op != "Mul", op != "Div", !isZero { break }
      switch op {
      case "Add" where isZero, "Sub" where isZero: break
      case "Mul": weights = weights * number
      case "Div": weights = weights / number
      default:
        add(op == "Sub" ? .number(0) - weights * number : weights * number, info)
      }
      nodes.insert(maker, at: 0)
      bypasses.append((maker, input))
      (reader, value) = (maker, input)
    }
    if nodes.isEmpty { return nil }
  }

  /// Adds to the bias what each window of `products` sums up to, which has the extents of the weights.
  private mutating func add(_ products: Recipe, _ weights: TensorInfo) {
    var moved = products
    for axis in 1..<weights.rank { moved = .summed(moved, axis: axis) }
    moved = .reshaped(moved, [weights.dims[0]])
    shift = shift.map { $0 + moved } ?? moved
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
    for (id, source) in bypasses {
      rewrite.bypass(id, subject.steps[id].node, reading: source)
    }
    rewrite.removed.formUnion(nodes)
    return rewrite
  }
}
