import Cost
import Graph

/// Convolutions of the same kernel over the same tensor.
struct SiblingConvolutions {
  let layers: [Node.ID]
  /// What follows each of them alike, one after the other: normalisations, and activations that are the same.
  private let followers: [[Node.ID]]

  /// More nodes than these behind a convolution are no part of its layer.
  private static let reach = 4

  private struct Key: Hashable {
    var source: Value.ID
    var kernel: [Int]
    var window: Window
    var type: ElementType
  }

  /// Every group of at least two, in order of the first of each.
  static func all(in subject: Subject) -> [SiblingConvolutions] {
    var groups: [Key: [Node.ID]] = [:]
    var order: [Key] = []
    for (id, step) in subject.steps.enumerated() {
      guard step.isPlainConvolution, step.isCounted, let layer = step.op(as: Convolution.self),
        layer.groups == 1, let source = step.node.inputs[0], let weights = step.inputs[1],
        weights.rank > 2, let output = step.node.outputs.first, let output,
        !subject.scope.isOutput(output)
      else { continue }
      let key = Key(
        source: source, kernel: Array(weights.dims.dropFirst()), window: layer.window,
        type: weights.type)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(id)
    }
    return order.compactMap { key in
      let layers = groups[key] ?? []
      return layers.count > 1 ? SiblingConvolutions(layers, subject) : nil
    }
  }

  private init(_ layers: [Node.ID], _ subject: Subject) {
    self.layers = layers
    var followers: [[Node.ID]] = []
    var last = layers
    while followers.count < Self.reach {
      let readers = last.compactMap { subject.onlyReader(of: $0) }
      let steps = readers.map { subject.steps[$0] }
      guard readers.count == layers.count, Set(readers).count == layers.count,
        let first = steps.first,
        steps.allSatisfy({
          first.isAffinePerChannel ? $0.normalises(like: first) : $0.acts(like: first)
        }),
        steps.allSatisfy({ step in
          (step.node.outputs.first ?? nil).map { !subject.scope.isOutput($0) } ?? false
        })
      else { break }
      followers.append(readers)
      last = readers
    }
    self.followers = followers
  }

  /// One convolution in the place of the first, and its result split.
  func rewrite(_ subject: Subject) -> Rewrite? {
    let body = subject.scope.body
    let steps = layers.map { subject.steps[$0] }
    var parts: [Recipe] = []
    var shifts: [Recipe] = []
    var channels: [Int] = []
    for step in steps {
      guard let own = step.node.inputs[1], let info = step.inputs[1] else { return nil }
      parts.append(.constant(own))
      channels.append(info.dims[0])
      if step.inputs.isGiven(2), let bias = step.node.inputs[2] {
        shifts.append(.constant(bias))
      } else {
        shifts.append(.filled(0, dims: [info.dims[0]]))
      }
    }
    let all = channels.reduce(0, saturatingSum)
    guard let first = layers.first, let weights = steps[0].inputs[1],
      let info = try? TensorInfo(weights.type, [all] + weights.dims.dropFirst()),
      let biasInfo = try? TensorInfo(weights.type, [all])
    else { return nil }
    var rewrite = Rewrite()
    var node = steps[0].node
    node.inputs = [node.inputs[0]]
    node.inputs.append(
      rewrite.addConstant("joined.weight", info, .concatenated(parts, axis: 0), to: body))
    if steps.contains(where: { $0.inputs.isGiven(2) }) {
      node.inputs.append(
        rewrite.addConstant("joined.bias", biasInfo, .concatenated(shifts, axis: 0), to: body))
    }
    let joined = rewrite.add("joined", to: body)
    node.outputs = [joined]
    var nodes = [node]
    var results = steps.map { $0.node.outputs.first ?? nil }
    var value = joined
    for level in followers {
      guard var next = level.first.map({ subject.steps[$0].node }) else { continue }
      if next.op == "BatchNormalization" {
        for index in 1...4 {
          let own = level.compactMap { subject.steps[$0].node.inputs[index] }
          guard own.count == level.count, let type = subject.steps[level[0]].inputs[index]?.type,
            let info = try? TensorInfo(type, [all])
          else { return nil }
          next.inputs[index] = rewrite.addConstant(
            "joined.norm", info, .concatenated(own.map { .constant($0) }, axis: 0), to: body)
        }
      }
      next.inputs[0] = value
      value = rewrite.add("joined", to: body)
      next.outputs = [value]
      nodes.append(next)
      results = level.map { subject.steps[$0].node.outputs.first ?? nil }
      rewrite.removed.formUnion(level)
    }
    guard let split = rewrite.split(value, channels, axis: 1, subject.opset, into: results, body)
    else {
      return nil
    }
    rewrite.removed.formUnion(layers.dropFirst())
    rewrite.replaced[first] = nodes + [split]
    return rewrite
  }
}

extension Step {
  /// Whether both nodes have the same attributes, in whatever order.
  private func hasAttributes(of other: Step) -> Bool {
    func texts(_ step: Step) -> [String]? {
      let texts = step.node.attributes.compactMap { attribute in
        attribute.value.comparable.map { "\(attribute.name)=\($0)" }
      }
      return texts.count == step.node.attributes.count ? texts.sorted() : nil
    }
    guard let own = texts(self) else { return false }
    return own == texts(other)
  }

  /// Whether both normalise each channel by constants, in the same way.
  fileprivate func normalises(like other: Step) -> Bool {
    guard isAffinePerChannel, node.op == "BatchNormalization", other.node.op == node.op,
      outputs.all.count(where: \.isGiven) == 1, (1...4).allSatisfy({ inputs[$0]?.rank == 1 })
    else { return false }
    return hasAttributes(of: other)
      && (1...4).allSatisfy { inputs[$0]?.type == other.inputs[$0]?.type }
  }

  /// Whether both do the same to each element, whatever its channel.
  fileprivate func acts(like other: Step) -> Bool {
    guard isCounted, op(is: Elementwise.self) || op(is: Clip.self), node.op == other.node.op,
      hasAttributes(of: other), inputs.count == other.inputs.count,
      outputs.all.count(where: \.isGiven) == 1
    else { return false }
    return (1..<max(1, inputs.count)).allSatisfy { index in
      guard inputs.isGiven(index) else { return !other.inputs.isGiven(index) }
      return inputs.isConstant(index) && other.inputs.isConstant(index)
        && inputs[index]?.shape.count == 1 && inputs[index]?.value != nil
        && inputs[index]?.value == other.inputs[index]?.value
    }
  }
}

extension Rewrite {
  /// A node that splits `value` along an axis, as the operator set wants it.
  mutating func split(
    _ value: Value.ID, _ sizes: [Int], axis: Int, _ opset: Int, into results: [Value.ID?],
    _ body: Body
  ) -> Node? {
    var node = Node(
      "Split", opset: opset, inputs: [value], outputs: results,
      attributes: [Attribute("axis", .int(axis))])
    if opset > 0, opset < 13 {
      node.set("split", .ints(sizes))
    } else {
      guard let list = integers(sizes, "split", body) else { return nil }
      node.inputs.append(list)
    }
    return node
  }
}
