import Cost
import Graph

/// Channels of a tensor that are scaled and shifted one by one, or put into another order.
///
/// Frameworks write so what turns pictures normalised one way into those that a network was trained with.
struct ChannelMap {
  /// What the channels are of.
  let source: Value.ID
  /// The nodes that take the channels apart, work on them, and put them together, the last last.
  let nodes: [Node.ID]
  /// For each channel of the result, which channel of the source it comes from.
  let order: [Int]
  /// What each channel of the result was multiplied by, and what was then added; nil for nothing.
  private(set) var scale: Recipe?
  private(set) var shift: Recipe?

  /// More channels than these are no picture's.
  private static let largest = 16
  /// More nodes for a channel than these are no preprocessing.
  private static let reach = 8

  var isOrdered: Bool { order == Array(order.indices) }

  /// Nil unless the node puts together as many channels as its source has, each of them once.
  init?(_ last: Node.ID, _ subject: Subject) {
    let step = subject.steps[last]
    guard step.isCounted, let result = step.outputs[0], result.rank > 2, !result.isEstimated,
      2...Self.largest ~= result.dims[1], result.type.isFloatingPoint
    else { return nil }
    let channels = result.dims[1]
    if let gather = step.op(as: Gather.self) {
      guard step.inputs[0]?.shape == result.shape, let input = subject.input(last),
        (try? result.shape.axis(gather.axis)) == 1, step.inputs.isConstant(1),
        let places = step.inputs[1]?.value?.integers, step.inputs[1]?.rank == 1
      else { return nil }
      (source, nodes) = (input, [last])
      order = places.map { $0 < 0 ? $0 + channels : $0 }
    } else {
      guard let concat = step.op(as: Concat.self), (try? result.shape.axis(concat.axis)) == 1,
        step.node.inputs.count == channels
      else { return nil }
      var parts: [Part] = []
      for case let input? in step.node.inputs {
        guard let part = Part(input, subject) else { return nil }
        parts.append(part)
      }
      guard let first = parts.first, parts.count == channels,
        parts.allSatisfy({ $0.source == first.source }),
        subject.tensor(first.source)?.shape == result.shape
      else { return nil }
      source = first.source
      nodes = parts.flatMap(\.nodes) + [last]
      order = parts.map(\.channel)
      if parts.contains(where: { $0.scale != nil }) {
        scale = Self.vector(parts.map { $0.scale ?? .number(1) })
      }
      if parts.contains(where: { $0.shift != nil }) {
        shift = Self.vector(parts.map { $0.shift ?? .number(0) })
      }
    }
    guard order.sorted() == Array(0..<channels), !isOrdered || scale != nil || shift != nil else {
      return nil
    }
  }

  private static func vector(_ numbers: [Recipe]) -> Recipe {
    .concatenated(numbers.map { .reshaped($0, [1]) }, axis: 0)
  }

  /// Weights that make of the source what `weights` make of the result, whose channels are along axis 1.
  func weights(for weights: Recipe, rank: Int) -> Recipe {
    let ones = [Int](repeating: 1, count: max(0, rank - 2))
    let scaled = scale.map { weights * .reshaped($0, [1, order.count] + ones) } ?? weights
    guard !isOrdered else { return scaled }
    let places = order.indices.map { channel in order.firstIndex(of: channel) ?? channel }
    return .concatenated(
      places.map { .sliced(scaled, axis: 1, from: $0, to: $0 + 1, step: 1) }, axis: 1)
  }

  /// One channel on its way.
  private struct Part {
    let source: Value.ID
    let channel: Int
    let nodes: [Node.ID]
    private(set) var scale: Recipe?
    private(set) var shift: Recipe?

    init?(_ value: Value.ID, _ subject: Subject) {
      var value = value
      var chain: [Node.ID] = []
      while chain.count < ChannelMap.reach, let maker = subject.scope.producers[value] {
        let step = subject.steps[maker]
        if let split = step.op(as: Split.self), let input = subject.input(maker),
          let shape = subject.tensor(input)?.shape, (try? shape.axis(split.axis)) == 1,
          step.outputs.tensors.count == shape[1],
          let place = step.node.outputs.firstIndex(of: value)
        {
          (source, channel, nodes) = (input, place, chain.reversed())
          apply(subject)
          return
        }
        guard subject.onlyReader(of: maker) != nil else { return nil }
        chain.append(maker)
        if let range = step.selects(1, .places, isFixed: false), let input = subject.input(maker),
          let whole = subject.tensor(input), let cut = step.outputs[0]
        {
          guard range.count == 1, whole.rank > 2,
            cut.shape.count == whole.shape.count / max(1, whole.dims[1])
          else { return nil }
          let place = range.start < 0 ? range.start + whole.dims[1] : range.start
          (source, channel, nodes) = (input, place, chain.reversed())
          apply(subject)
          return
        }
        let operand: Int
        if step.isView {
          operand = 0
        } else if let factor = step.channelFactor(axis: 0), !factor.isPerChannel {
          operand = factor.operand
        } else {
          return nil
        }
        guard let input = step.node.inputs[operand] else { return nil }
        value = input
      }
      return nil
    }

    /// Adds up what the nodes do to the channel.
    private mutating func apply(_ subject: Subject) {
      for id in nodes {
        let step = subject.steps[id]
        guard !step.isView, let factor = step.channelFactor(axis: 0) else { continue }
        let own = subject.constantRecipe(factor.constant) ?? .constant(factor.constant)
        let number = Recipe.reshaped(own, [])
        switch step.node.op {
        case "Mul":
          scale = scale.map { $0 * number } ?? number
          shift = shift.map { $0 * number }
        case "Div":
          scale = (scale ?? .number(1)) / number
          shift = shift.map { $0 / number }
        case "Sub": shift = (shift ?? .number(0)) - number
        default: shift = shift.map { $0 + number } ?? number
        }
      }
    }
  }
}

extension ChannelMap {
  /// All channels scaled and shifted at once; nil where they are put into another order, or where that is no less.
  func rewrite(_ subject: Subject) -> Rewrite? {
    let body = subject.scope.body
    guard isOrdered, let last = nodes.last, let output = subject.output(last),
      let result = subject.tensor(output),
      let info = try? TensorInfo(
        result.type, [order.count] + [Int](repeating: 1, count: result.rank - 2))
    else { return nil }
    var rewrite = Rewrite()
    var made: [Node] = []
    var value = source
    for (op, recipe) in [("Mul", scale), ("Add", shift)] {
      guard let recipe else { continue }
      let constant = rewrite.addConstant(
        "channels", info, .reshaped(recipe, info.dims), to: body)
      let next = rewrite.add("channels", to: body)
      made.append(
        Node(OperatorName(op), opset: subject.opset, inputs: [value, constant], outputs: [next]))
      value = next
    }
    guard !made.isEmpty, made.count + 1 < nodes.count(where: { !subject.steps[$0].isView }) else {
      return nil
    }
    made[made.count - 1].outputs = [output]
    made[made.count - 1].name = subject.steps[last].node.name
    rewrite.replaced[last] = made
    rewrite.removed.formUnion(nodes.dropLast())
    return rewrite
  }
}
