import Cost
import Graph

/// Nodes behind a layer that scale and shift each channel of its result by constants: a batch normalisation
/// written out, one with frozen statistics, a layer scale, a bias of its own.
struct AffineChain {
  /// The nodes, in order; normalisations among them.
  private(set) var nodes: [Node.ID] = []
  private let layer: FoldableLayer
  private let id: Node.ID
  /// What each channel is multiplied by, and what is then added; nil for nothing.
  private var scale: Recipe?
  private var shift: Recipe?
  /// Whether a channel is multiplied by a number of its own, and whether one is added.
  private var scalesChannels = false
  private var shiftsChannels = false
  private var hasNorm = false

  /// More nodes than these are none of a normalisation's.
  private static let reach = 12

  /// Nil unless the node is a layer with weights, and there is more behind it than a normalisation, which is
  /// told of by itself, or a dense layer's bias.
  init?(_ id: Node.ID, _ subject: Subject) {
    guard let layer = FoldableLayer(subject.steps[id]) else { return nil }
    self.id = id
    self.layer = layer
    var reader = subject.onlyReader(of: id)
    while let next = reader, nodes.count < Self.reach, take(next, subject) {
      nodes.append(next)
      reader = subject.onlyReader(of: next)
    }
    let isWorthIt =
      layer.biasIndex == nil ? scalesChannels : scalesChannels || shiftsChannels
    guard isWorthIt else { return nil }
  }

  /// What to say of it.
  var message: String {
    if hasNorm {
      return
        "a batch normalisation and what scales its result could be folded into the layer before"
    }
    return scalesChannels
      ? "what scales each channel could be in the weights of the layer before"
      : "a bias is added apart from the layer that could add it"
  }

  /// Adds what the node does to each channel; whether it does no more.
  private mutating func take(_ next: Node.ID, _ subject: Subject) -> Bool {
    let step = subject.steps[next]
    let count = layer.channels
    if step.isCounted, step.op(is: BatchNormalization.self) {
      // Channels are along the second axis.
      guard layer.channelAxis == 1, let factors = ChannelFactors(step), factors.count == count
      else { return false }
      multiply(by: factors.scale)
      add(factors.offset - factors.mean * factors.scale)
      hasNorm = true
      return true
    }
    guard let factor = step.channelFactor(axis: layer.channelAxis) else { return false }
    let own = subject.constantRecipe(factor.constant) ?? .constant(factor.constant)
    let number = Recipe.reshaped(own, factor.isPerChannel ? [count] : [])
    switch step.node.op {
    case "Mul": multiply(by: number)
    case "Div": multiply(by: .number(1) / number)
    case "Sub": add(.number(0) - number)
    default: add(number)
    }
    let multiplies = step.node.op == "Mul" || step.node.op == "Div"
    if factor.isPerChannel, multiplies { scalesChannels = true }
    if factor.isPerChannel, !multiplies { shiftsChannels = true }
    return true
  }

  private mutating func multiply(by number: Recipe) {
    scale = scale.map { $0 * number } ?? number
    shift = shift.map { $0 * number }
  }

  private mutating func add(_ number: Recipe) { shift = shift.map { $0 + number } ?? number }

  /// The layer with other weights and bias, and without the nodes behind it.
  func rewrite(_ subject: Subject) -> Rewrite? {
    guard let last = nodes.last, let result = subject.output(last) else { return nil }
    return layer.rewrite(id, scale: scale, shift: shift, removing: nodes, into: result, subject)
  }
}
