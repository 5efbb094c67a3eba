import Cost
import Graph

/// A batch normalisation as it stands in a graph to be run: the operator, or the product and the sum that converters
/// write in its place.
struct StandingNormalization {
  /// In order, one or two.
  let nodes: [Node.ID]
  let input: Value.ID
  /// The node that makes what is normalised.
  let producer: Node.ID

  /// Nil where none begins with `id`.
  ///
  /// A product that scales channels is taken for one where a map was put together, added up or pooled before it and an
  /// activation follows: others scale what an attention or a residual branch gives.
  init?(_ id: Node.ID, _ subject: Subject) {
    let step = subject.steps[id]
    if let norm = step.op(as: BatchNormalization.self) {
      guard !norm.isTraining, step.isCounted, let input = subject.input(id),
        let producer = subject.producer(of: id)
      else { return nil }
      (nodes, self.input, self.producer) = ([id], input, producer)
      return
    }
    guard step.node.op == "Mul", let factor = step.channelFactor(axis: 1), factor.isPerChannel,
      (step.outputs[0]?.rank ?? 0) > 2, let input = step.node.inputs[factor.operand],
      let producer = subject.scope.producers[input], subject.steps[producer].joinsMaps
    else { return nil }
    var nodes = [id]
    if let next = subject.onlyReader(of: id), subject.steps[next].node.op == "Add",
      subject.steps[next].channelFactor(axis: 1)?.isPerChannel == true
    {
      nodes.append(next)
    }
    guard let last = nodes.last, let reader = subject.onlyReader(of: last),
      subject.steps[reader].isActivation
    else { return nil }
    (self.nodes, self.input, self.producer) = (nodes, input, producer)
  }

  /// Whether the map is put together from results of layers that nobody else reads, whose weights could hold the scale.
  func isHeldByParts(_ subject: Subject) -> Bool {
    guard nodes.first.map({ subject.steps[$0].node.op == "Mul" }) == true,
      subject.steps[producer].op(is: Concat.self)
    else { return false }
    return subject.steps[producer].node.inputs.allSatisfy { part in
      guard let part, let maker = subject.scope.producers[part] else { return false }
      return !subject.steps[maker].contractions.isEmpty && subject.onlyReader(of: maker) == producer
    }
  }
}

extension Step {
  /// Whether the node puts maps together, adds them up or pools one.
  fileprivate var joinsMaps: Bool {
    op(is: Concat.self) || layer == .pooling
      || layer == .add && inputs.count == 2 && !inputs.isConstant(0) && !inputs.isConstant(1)
  }
}
