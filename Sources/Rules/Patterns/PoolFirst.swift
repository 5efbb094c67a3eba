import Cost
import Graph

/// A mean over places taken before the layer that works on each of them alone, in place of after it.
enum PoolFirst {
  /// The change where the node is a 1×1 convolution whose result is averaged; nil elsewhere.
  static func convolution(_ id: Node.ID, _ subject: Subject) -> Rewrite? {
    let step = subject.steps[id]
    guard step.isPlainConvolution, step.isCounted,
      let kernel = step.inputs[1]?.dims.dropFirst(2), kernel.allSatisfy({ $0 == 1 }),
      step.slidingWindow?.window.takesEachElement ?? false,
      let next = subject.onlyComputingReader(of: id)
    else { return nil }
    // A normalisation between the two scales and shifts channels, as the convolution does.
    let between = subject.steps[next].isAffinePerChannel ? [next] : []
    guard let pool = between.isEmpty ? next : subject.onlyComputingReader(of: next) else {
      return nil
    }
    let chain = [id] + between
    if subject.steps[pool].averages(ignoringPadding: step.inputs.isGiven(2) || !between.isEmpty) {
      var rewrite = Rewrite()
      let last = subject.steps[pool].node
      rewrite.replaced[pool] = nodes(chain, after: last, &rewrite, subject, into: last.outputs)
      rewrite.removed.formUnion(chain)
      return subject.isWhole(rewrite) ? rewrite : nil
    }
    return flattened(chain, from: pool, subject)
  }

  /// The same where the map is looked at with other axes before its mean is taken, or loses them in it.
  private static func flattened(_ chain: [Node.ID], from next: Node.ID, _ subject: Subject)
    -> Rewrite?
  {
    guard let last = chain.last, let map = subject.steps[last].outputs[0], !map.isEstimated else {
      return nil
    }
    var mean = next
    var between: [Node.ID] = []
    while subject.steps[mean].isView, let reader = subject.onlyReader(of: mean) {
      between.append(mean)
      mean = reader
    }
    guard let seen = subject.steps[mean].inputs[0], let result = subject.steps[mean].outputs[0],
      seen.rank > 2, seen.dims[..<2] == map.dims[..<2], seen.shape.count == map.shape.count,
      subject.steps[mean].reducedAxes == Array(2..<seen.rank),
      subject.steps[mean].node.op == "ReduceMean"
    else { return nil }
    var rewrite = Rewrite()
    let body = subject.scope.body
    let pool = Node("GlobalAveragePool", opset: subject.opset, inputs: [nil], outputs: [])
    let narrow = rewrite.add("narrow", to: body)
    var nodes = nodes(chain, after: pool, &rewrite, subject, into: [narrow])
    let ones = [Int](repeating: 1, count: max(0, result.rank - 2))
    let target = rewrite.integers([0, -1] + ones, "extents", body)
    nodes.append(
      Node(
        "Reshape", opset: max(5, subject.opset), inputs: [narrow, target],
        outputs: subject.steps[mean].node.outputs))
    rewrite.replaced[mean] = nodes
    rewrite.removed.formUnion(chain + between)
    guard subject.isWhole(rewrite) else { return nil }
    return between.isEmpty || subject.holdsForOtherExtents(rewrite) ? rewrite : nil
  }

  /// `pool` over what the first node of a chain reads, and then the chain; what it makes is called `results`.
  private static func nodes(
    _ chain: [Node.ID], after pool: Node, _ rewrite: inout Rewrite, _ subject: Subject,
    into results: [Value.ID?]
  ) -> [Node] {
    let body = subject.scope.body
    var pool = pool
    var nodes = chain.map { subject.steps[$0].node }
    pool.inputs[0] = nodes[0].inputs[0]
    let pooled = rewrite.add("pooled", to: body)
    pool.outputs = [pooled]
    nodes[0].inputs[0] = pooled
    for index in nodes.indices {
      let isLast = index == nodes.count - 1
      nodes[index].outputs = isLast ? results : [rewrite.add("narrow", to: body)]
      if !isLast { nodes[index + 1].inputs[0] = nodes[index].outputs[0] }
    }
    return [pool] + nodes
  }

  /// The change where the node multiplies rows by a constant matrix and the rows are averaged; nil elsewhere.
  static func product(_ id: Node.ID, _ subject: Subject) -> Rewrite? {
    let step = subject.steps[id]
    guard step.node.op == "MatMul", step.isCounted, step.inputs.isConstant(1),
      step.inputs[1]?.rank == 2, let rows = step.outputs[0], rows.rank > 2,
      var mean = subject.onlyReader(of: id)
    else { return nil }
    var chain = [id]
    if subject.steps[mean].addsVector, let reader = subject.onlyReader(of: mean) {
      chain.append(mean)
      mean = reader
    }
    let reduction = subject.steps[mean]
    guard reduction.node.op == "ReduceMean", let axes = reduction.reducedAxes, !axes.isEmpty,
      !axes.contains(rows.rank - 1), let input = step.node.inputs[0]
    else { return nil }
    var rewrite = Rewrite()
    var nodes = [reduction.node] + chain.map { subject.steps[$0].node }
    var carried = input
    for index in nodes.indices {
      // The bias may be either operand of its sum.
      let before = index == 0 ? 0 : nodes[index].inputs.firstIndex { isComputed($0, subject) } ?? 0
      nodes[index].inputs[before] = carried
      let isLast = index == nodes.count - 1
      let made = isLast ? nil : rewrite.add("mean", to: subject.scope.body)
      nodes[index].outputs = made.map { [$0] } ?? reduction.node.outputs
      carried = made ?? carried
    }
    rewrite.replaced[mean] = nodes
    rewrite.removed.formUnion(chain)
    return rewrite
  }

  private static func isComputed(_ value: Value.ID?, _ subject: Subject) -> Bool {
    value.map { !subject.scope.constants[$0] } ?? false
  }
}

extension Subject {
  /// Whether nothing that remains after `rewrite` reads what nobody makes any more, such as the shape of it.
  func isWhole(_ rewrite: Rewrite) -> Bool {
    let gone = Set(rewrite.removed.flatMap { steps[$0].node.outputs.compactMap { $0 } })
    let readers = Set(gone.flatMap { scope.readers[$0] })
      .subtracting(rewrite.removed).subtracting(rewrite.replaced.keys)
    guard !readers.isEmpty else { return true }
    let model = estimate.analysis.model.applying(rewrite)
    let made = Set(model.body.nodes.flatMap { $0.outputs.compactMap { $0 } })
    return model.body.nodes.allSatisfy { node in
      node.inputs.allSatisfy { input in
        input.map { !gone.contains($0) || made.contains($0) } ?? true
      }
    }
  }
}

extension Step {
  /// Whether the node only looks at its first operand with other axes.
  var isView: Bool { state == .free(.view) && op?.viewedInput(inputs) == 0 }

  /// The axes that a reduction leaves out; nil for other nodes.
  var reducedAxes: [Int]? {
    guard isCounted, let reduction = op(as: Reduction.self) else { return nil }
    return try? reduction.reducedAxes(inputs)
  }

  /// Whether the node adds a constant along the last axis.
  fileprivate var addsVector: Bool {
    guard isCounted, node.op == "Add", inputs.count == 2,
      let place = [0, 1].first(where: { inputs.isConstant($0) }), let vector = inputs[place]
    else { return false }
    return vector.dims.dropLast().allSatisfy { $0 == 1 }
      && inputs[1 - place]?.shape == outputs[0]?.shape && !inputs.isConstant(1 - place)
      && vector.rank <= 1
  }

  /// Whether the node averages windows of pixels, or all of them, and keeps the axes.
  ///
  /// `ignoringPadding` asks that no padding takes part in a mean, since a bias would not be added to it.
  fileprivate func averages(ignoringPadding: Bool) -> Bool {
    switch op {
    case is GlobalPooling: return node.op == "GlobalAveragePool"
    case let pool as Pooling:
      guard node.op == "AveragePool", !pool.window.roundsUp, pool.kernel.contains(where: { $0 > 1 })
      else { return false }
      let countsPadding = (try? node.flag("count_include_pad")) ?? true
      return !ignoringPadding || !countsPadding || pool.window.hasNoPads
    case let reduction as Reduction:
      guard reduction.name == "ReduceMean", reduction.keepsAxes, let rank = inputs[0]?.rank,
        rank > 2, let axes = reducedAxes
      else { return false }
      return axes == Array(2..<rank)
    default: return false
    }
  }
}
