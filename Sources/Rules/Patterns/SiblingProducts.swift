import Graph

/// Products of one tensor with constant matrices of as many rows.
struct SiblingProducts {
  let layers: [Node.ID]

  private struct Key: Hashable {
    var source: Value.ID
    var rows: Int
    var type: ElementType
  }

  /// Every group of at least two, in order of the first of each.
  static func all(in subject: Subject) -> [SiblingProducts] {
    var groups: [Key: [Node.ID]] = [:]
    var order: [Key] = []
    for (id, step) in subject.steps.enumerated() {
      guard step.node.op == "MatMul", step.isCounted, step.inputs.isConstant(1),
        !step.inputs.isConstant(0), let source = step.node.inputs[0],
        let weights = step.inputs[1], weights.rank == 2, let output = subject.output(id),
        !subject.scope.isOutput(output)
      else { continue }
      let key = Key(source: source, rows: weights.dims[0], type: weights.type)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(id)
    }
    return order.compactMap { key in
      let layers = groups[key] ?? []
      return layers.count > 1 ? SiblingProducts(layers: layers) : nil
    }
  }

  /// One product in the place of the first, and its result split.
  ///
  /// Nil where weights are computed after the first, so that they could not be put together before it.
  func rewrite(_ subject: Subject) -> Rewrite? {
    let body = subject.scope.body
    let steps = layers.map { subject.steps[$0] }
    var parts: [Recipe] = []
    var columns: [Int] = []
    for step in steps {
      guard let own = step.node.inputs[1], let info = step.inputs[1] else { return nil }
      parts.append(.constant(own))
      columns.append(info.dims[1])
    }
    guard let first = layers.first, let weights = steps[0].inputs[1],
      let rank = steps[0].outputs[0]?.rank,
      let info = try? TensorInfo(
        weights.type, [weights.dims[0], columns.reduce(0, saturatingSum)])
    else { return nil }
    var rewrite = Rewrite()
    var node = steps[0].node
    node.inputs = [
      node.inputs[0],
      rewrite.addConstant("joined.weight", info, .concatenated(parts, axis: 1), to: body),
    ]
    let joined = rewrite.add("joined", to: body)
    node.outputs = [joined]
    guard
      let split = rewrite.split(
        joined, columns, axis: rank - 1, subject.opset, into: layers.map { subject.output($0) },
        body)
    else { return nil }
    rewrite.removed.formUnion(layers.dropFirst())
    rewrite.replaced[first] = [node, split]
    return rewrite
  }
}
