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
  /// For inputs of the model that become others, the extents along some of their axes.
  package var extents: [Value.ID: [Int: Int]] = [:]
  /// How the elements of the constants among them are made, where their literals do not hold them.
  package var recipes: [Value.ID: Recipe] = [:]

  package init() {}

  package var isEmpty: Bool {
    removed.isEmpty && substitutions.isEmpty && replaced.isEmpty && extents.isEmpty
  }

  /// Whether the elements of every constant added are known or can be made, so that a file can hold them.
  ///
  /// `valueCount` is the number of the model's own values.
  /// Inputs that are others need weights that are others, which nobody has.
  package func isComplete(valueCount: Int) -> Bool {
    extents.isEmpty
      && added.indices.allSatisfy { index in
        added[index].initializer.map { $0.info.elements != nil } ?? true
          || recipes[valueCount + index] != nil
      }
  }

  /// Leaves `node` out, and lets its readers read `value` in place of its first result.
  package mutating func bypass(_ id: Node.ID, _ node: Node, reading value: Value.ID) {
    removed.insert(id)
    if let output = node.outputs.first, let output { substitutions[output] = value }
  }

  /// Adds a value that one of the nodes added computes, and returns its number.
  package mutating func add(_ name: String, to body: Body) -> Value.ID {
    added.append(Value(name))
    return body.values.count + added.count - 1
  }

  /// Adds a constant, and returns its number.
  ///
  /// `recipe` says how its elements follow from the model's own; it is not needed where `info` holds them.
  package mutating func addConstant(
    _ name: String, _ info: TensorInfo, _ recipe: Recipe? = nil, to body: Body
  ) -> Value.ID {
    let id = add(name, to: body)
    added[added.count - 1].initializer = Literal(info)
    recipes[id] = recipe
    return id
  }

  /// The nodes that this changes, leaves out or puts others in the place of.
  package var touched: Set<Node.ID> { removed.union(replaced.keys) }

  /// Whether the two change the same node, or let the readers of a value read different others.
  ///
  /// Takes time linear in the size of `other`.
  package func conflicts(with other: Rewrite) -> Bool {
    func isTouched(_ id: Node.ID) -> Bool { removed.contains(id) || replaced[id] != nil }
    return other.removed.contains(where: isTouched)
      || other.replaced.keys.contains(where: isTouched)
      || other.substitutions.contains { old, new in
        substitutions[old].map { $0 != new } ?? false
      }
  }

  /// Adds `other`, where both were made for the same model, which has `valueCount` values.
  ///
  /// What both change stays as it is here.
  package mutating func join(_ other: Rewrite, valueCount: Int) {
    // The values that `other` adds come after those added here.
    let shift = added.count
    func moved(_ id: Value.ID) -> Value.ID { id < valueCount ? id : id + shift }
    for (id, nodes) in other.replaced where replaced[id] == nil && !removed.contains(id) {
      replaced[id] = nodes.map { node in
        var node = node
        node.inputs = node.inputs.map { $0.map(moved) }
        node.outputs = node.outputs.map { $0.map(moved) }
        return node
      }
    }
    added += other.added
    for (id, recipe) in other.recipes { recipes[moved(id)] = recipe.renumbered(moved) }
    removed.formUnion(other.removed)
    extents.merge(other.extents) { own, _ in own }
    for (old, new) in other.substitutions where substitutions[moved(old)] == nil {
      substitutions[moved(old)] = moved(new)
    }
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
    for (id, extents) in rewrite.extents {
      model.body.values[id].declared = model.body.values[id].declared?.setting(extents)
    }
    model.body.nodes = body.rewritten(by: rewrite).map(\.node)
    model.body.outputs = body.outputs.map(rewrite.target)
    return model
  }
}

extension DeclaredType {
  /// The type of tensors with other extents along some axes.
  fileprivate func setting(_ extents: [Int: Int]) -> DeclaredType {
    guard case .tensor(let type, var dims?) = self else { return self }
    for (axis, extent) in extents where dims.indices.contains(axis) { dims[axis] = .fixed(extent) }
    return .tensor(type, dims: dims)
  }
}

extension ValueInfo {
  /// The same of a tensor with other extents along some axes.
  func setting(_ extents: [Int: Int]) -> ValueInfo {
    guard let tensor else { return self }
    var dims = tensor.dims
    for (axis, extent) in extents where dims.indices.contains(axis) { dims[axis] = extent }
    guard let shape = try? Shape(dims) else { return self }
    return .tensor(TensorInfo(tensor.type, shape))
  }
}

/// A node of a body after a rewrite.
package struct RewrittenNode: Sendable {
  package var node: Node
  /// The node of the body before that this one is, or whose place it takes.
  package var origin: Node.ID
  /// Whether the rewrite put it there, so that more than its operands may differ from the one before.
  package var isNew: Bool
}

extension Body {
  /// The nodes that remain after `rewrite` and those that it adds, in order.
  package func rewritten(by rewrite: Rewrite) -> [RewrittenNode] {
    let wasLive = liveNodes()
    var after = self
    after.values += rewrite.added
    var entries: [RewrittenNode] = []
    entries.reserveCapacity(nodes.count)
    for (id, node) in nodes.enumerated() {
      if let replacement = rewrite.replaced[id] {
        entries += replacement.map { RewrittenNode(node: $0, origin: id, isNew: true) }
      } else if !rewrite.removed.contains(id) {
        entries.append(RewrittenNode(node: node, origin: id, isNew: false))
      }
    }
    if !rewrite.substitutions.isEmpty {
      for index in entries.indices { entries[index].node.substitute(rewrite) }
      after.outputs = outputs.map(rewrite.target)
    }
    after.nodes = entries.map(\.node)
    // Nodes that nothing read before stay, and what they read with them.
    let unread = entries.indices.filter { !entries[$0].isNew && !wasLive[entries[$0].origin] }
    let isLive = after.liveNodes(and: unread)
    return entries.indices.filter { isLive[$0] }.map { entries[$0] }
  }
}

extension Rewrite {
  /// The value that readers of `id` read instead, following chains.
  package func target(_ id: Value.ID) -> Value.ID {
    var id = id
    // A chain is at most as long as there are substitutions; a circle ends there too.
    for _ in 0...substitutions.count {
      guard let next = substitutions[id] else { break }
      id = next
    }
    return id
  }
}

extension Node {
  /// Lets the node and its subgraphs read what `rewrite` puts in the place of values.
  fileprivate mutating func substitute(_ rewrite: Rewrite) {
    for index in inputs.indices { inputs[index] = inputs[index].map(rewrite.target) }
    for index in attributes.indices {
      guard case .graph(var inner) = attributes[index].value else { continue }
      for capture in inner.captures.indices {
        inner.captures[capture].outer = rewrite.target(inner.captures[capture].outer)
      }
      attributes[index].value = .graph(inner)
    }
  }
}

extension Body {
  /// For each node, whether an output of the body can be reached from it, or one of `others`.
  package func liveNodes(and others: [Node.ID] = []) -> [Bool] {
    let producers = producers()
    var isLive = [Bool](repeating: false, count: nodes.count)
    var pending = outputs.compactMap { producers[$0] } + others
    while let id = pending.popLast() {
      guard !isLive[id] else { continue }
      isLive[id] = true
      for case let input? in nodes[id].inputs {
        if let maker = producers[input], !isLive[maker] { pending.append(maker) }
      }
      for attribute in nodes[id].attributes {
        guard case .graph(let inner) = attribute.value else { continue }
        pending += inner.captures.compactMap { producers[$0.outer] }
      }
    }
    return isLive
  }
}
