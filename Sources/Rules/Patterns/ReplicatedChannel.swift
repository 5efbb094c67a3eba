import Cost
import Graph

/// A single channel copied into several, on its way to a convolution that adds them up.
struct ReplicatedChannel {
  /// The node that copies, and those between it and the convolution.
  let source: Node.ID
  private let between: [Node.ID]
  private let layer: Node.ID
  let channels: Int

  /// More nodes than this are no preprocessing.
  private static let longestPath = 16

  /// Nil where the convolution's operand is not one channel in several copies.
  init?(_ layer: Node.ID, _ subject: Subject) {
    let step = subject.steps[layer]
    guard step.op(as: Convolution.self)?.groups == 1, let channels = step.inputs[0]?.shape.dims[1],
      channels > 1
    else { return nil }
    var between: [Node.ID] = []
    var reader = layer
    while between.count <= Self.longestPath, let maker = subject.producer(of: reader),
      subject.onlyReader(of: maker) == reader
    {
      if subject.copiesChannel(maker) {
        source = maker
        self.between = between.reversed()
        self.layer = layer
        self.channels = channels
        return
      }
      guard subject.steps[maker].treatsChannelsAlike || Upsampling(maker, subject) != nil else {
        return nil
      }
      between.append(maker)
      reader = maker
    }
    return nil
  }

  /// The same with one channel.
  func rewrite(_ subject: Subject) -> Rewrite? {
    let body = subject.scope.body
    let step = subject.steps[layer]
    guard var value = subject.steps[source].node.inputs[0], let info = step.inputs[1],
      let own = step.node.inputs[1],
      let summed = try? TensorInfo(info.type, [info.dims[0], 1] + info.dims.dropFirst(2))
    else { return nil }
    var rewrite = Rewrite()
    rewrite.removed.insert(source)
    for id in between {
      var node = subject.steps[id].node
      if let upsampling = Upsampling(id, subject) {
        guard let narrow = upsampling.node(channels: 1, &rewrite, subject) else { return nil }
        node = narrow
      }
      node.inputs[0] = value
      value = rewrite.add("grey", to: body)
      node.outputs = [value]
      rewrite.replaced[id] = [node]
    }
    var node = step.node
    node.inputs[0] = value
    node.inputs[1] = rewrite.addConstant(
      "summed.weight", summed, .summed(.constant(own), axis: 1), to: body)
    rewrite.replaced[layer] = [node]
    return rewrite
  }
}

extension Subject {
  /// Whether the node makes several channels of one, all of them equal.
  fileprivate func copiesChannel(_ id: Node.ID) -> Bool {
    let step = steps[id]
    guard step.isCounted, let before = step.inputs[0]?.dims, let after = step.outputs[0]?.dims,
      before.count > 2,
      before.count == after.count, before[1] == 1, after[1] > 1,
      before[0] == after[0], before[2...] == after[2...]
    else { return false }
    switch step.op {
    case is Expansion, is Tiling: return true
    case is Concat:
      // Each copy may have been given its axis of channels by a node of its own.
      let first = step.node.inputs[0].flatMap(seen)
      return first != nil && step.node.inputs.allSatisfy { $0.flatMap(seen) == first }
        && step.inputs.tensors.allSatisfy { $0.dims == before }
    default: return false
    }
  }

  /// What a value shows with other axes; itself where it is no view.
  private func seen(_ value: Value.ID) -> Value.ID? {
    guard let maker = scope.producers[value], steps[maker].isView else { return value }
    return input(maker)
  }
}

extension Step {
  /// Whether equal channels stay equal, and the node can do with one.
  fileprivate var treatsChannelsAlike: Bool {
    guard isCounted, outputs.all.count(where: \.isGiven) == 1 else { return false }
    switch op {
    case is Cast: return node.op == "Cast"
    case is Pooling: return node.op == "MaxPool" || node.op == "AveragePool"
    case is Clip: return true
    case is Elementwise:
      return (1..<max(1, inputs.count)).allSatisfy {
        inputs.isConstant($0) && inputs[$0]?.shape.count == 1
          && (inputs[$0]?.rank ?? 0) <= (outputs[0]?.rank ?? 0)
      }
    default: return false
    }
  }
}
