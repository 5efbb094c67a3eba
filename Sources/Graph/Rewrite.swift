/// A change to a model's graph, as a value: nodes removed, added, and values read in place of others.
///
/// Applying it gives a new model, whose estimate shows what the change is worth. Several can be joined
/// and applied at once; where two touch the same node, the earlier one holds.
package struct Rewrite: Sendable {
  /// Nodes to leave out.
  package var removed: Set<Node.ID> = []
  /// Values whose readers read another value instead.
  package var substitutions: [Value.ID: Value.ID] = [:]
  /// Nodes replaced by others in the same place.
  package var replaced: [Node.ID: [Node]] = [:]
  /// Values added, numbered on from the last of the model's own.
  package var added: [Value] = []

  package init() {}

  package var isEmpty: Bool { removed.isEmpty && substitutions.isEmpty && replaced.isEmpty }

  /// Leaves `node` out, and lets its readers read `value` in place of its first result.
  package mutating func bypass(_ id: Node.ID, _ node: Node, reading value: Value.ID) {
    removed.insert(id)
    if let output = node.outputs.first, let output { substitutions[output] = value }
  }

  /// This rewrite and then `other`, where both were made for the same model.
  package func joined(with other: Rewrite, valueCount: Int) -> Rewrite {
    var joined = self
    // The values that `other` adds come after those added here.
    let shift = added.count
    func moved(_ id: Value.ID) -> Value.ID { id < valueCount ? id : id + shift }
    joined.added += other.added
    joined.removed.formUnion(other.removed)
    for (old, new) in other.substitutions where joined.substitutions[old] == nil {
      joined.substitutions[moved(old)] = moved(new)
    }
    for (id, nodes) in other.replaced where joined.replaced[id] == nil && !removed.contains(id) {
      joined.replaced[id] = nodes.map { node in
        var node = node
        node.inputs = node.inputs.map { $0.map(moved) }
        node.outputs = node.outputs.map { $0.map(moved) }
        return node
      }
    }
    return joined
  }
}

extension Model {
  /// The model after `rewrite`, without the nodes that only what was changed had read.
  ///
  /// Nodes that nothing read before stay: leaving those out is a rewrite of its own.
  package func applying(_ rewrite: Rewrite) -> Model {
    guard !rewrite.isEmpty else { return self }
    var model = self
    model.body.values += rewrite.added
    let wasLive = body.liveNodes()
    var nodes: [(node: Node, wasLive: Bool)] = []
    for (id, node) in body.nodes.enumerated() {
      if let replacement = rewrite.replaced[id] {
        nodes += replacement.map { ($0, true) }
      } else if !rewrite.removed.contains(id) {
        nodes.append((node, wasLive[id]))
      }
    }
    model.body.nodes = nodes.map(\.node)
    model.body.substitute(rewrite.substitutions)
    let isLive = model.body.liveNodes()
    model.body.nodes = nodes.indices.filter { isLive[$0] || !nodes[$0].wasLive }
      .map { model.body.nodes[$0] }
    return model
  }
}

extension Body {
  /// Lets every reader of a key read its value instead, following chains.
  fileprivate mutating func substitute(_ substitutions: [Value.ID: Value.ID]) {
    guard !substitutions.isEmpty else { return }
    func target(_ id: Value.ID) -> Value.ID {
      var id = id
      // A chain is at most as long as there are substitutions; a circle ends there too.
      for _ in 0...substitutions.count {
        guard let next = substitutions[id] else { break }
        id = next
      }
      return id
    }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0.map(target) }
      for attribute in nodes[index].attributes.indices {
        if case .graph(var inner) = nodes[index].attributes[attribute].value {
          for capture in inner.captures.indices {
            inner.captures[capture].outer = target(inner.captures[capture].outer)
          }
          nodes[index].attributes[attribute].value = .graph(inner)
        }
      }
    }
    outputs = outputs.map(target)
  }

  /// For each node, whether an output of the body can be reached from it.
  package func liveNodes() -> [Bool] {
    let (_, producers) = edges()
    var isLive = [Bool](repeating: false, count: nodes.count)
    var pending = outputs.compactMap { producers[$0] }
    while let id = pending.popLast() {
      guard !isLive[id] else { continue }
      isLive[id] = true
      var read = nodes[id].inputs.compactMap { $0 }
      for case .graph(let inner) in nodes[id].attributes.map(\.value) {
        read += inner.captures.map(\.outer)
      }
      pending += read.compactMap { producers[$0] }
    }
    return isLive
  }
}
