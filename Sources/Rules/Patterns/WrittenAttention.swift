import Cost
import Graph

/// Two products of computed matrices with a softmax between them, and what scales and masks the scores.
struct WrittenAttention {
  private let first: Node.ID
  private let last: Node.ID
  /// Everything between the two.
  private let between: [Node.ID]
  private let scores: TensorInfo
  private let query: Value.ID
  private let key: Value.ID
  private let value: Value.ID

  /// More nodes than this between a product and the softmax are not looked at.
  private static let reach = 6

  /// Nil where `softmax` is not that of an attention over `length` positions and more.
  init?(_ softmax: Node.ID, _ subject: Subject, atLeast length: Int) {
    let step = subject.steps[softmax]
    guard let scores = step.outputs[0], scores.rank >= 2,
      scores.dims.suffix(2).allSatisfy({ $0 >= length }),
      let op = step.op(as: Softmax.self),
      (try? scores.shape.axis(op.axis)) == scores.rank - 1
    else { return nil }
    var between = [softmax]
    var product: Node.ID?
    var current = softmax
    while between.count < Self.reach {
      let makers = subject.steps[current].node.inputs.compactMap { $0 }
        .compactMap { subject.scope.producers[$0] }
        .filter { subject.onlyComputingReader(of: $0) == current }
      product = makers.first { subject.steps[$0].isProductOfComputed }
      if product != nil { break }
      guard
        let next = makers.first(where: { subject.steps[$0].holds(scores) })
      else { return nil }
      between.append(next)
      current = next
    }
    guard let first = product, let (query, key) = subject.steps[first].rowsAndColumns,
      subject.steps[first].outputs[0]?.dims.suffix(2) == scores.dims.suffix(2),
      let q = subject.input(first, query), let k = subject.input(first, key)
    else { return nil }
    current = softmax
    var isTurned = false
    while between.count < 2 * Self.reach, let next = subject.onlyComputingReader(of: current) {
      let reader = subject.steps[next]
      if reader.isProductOfComputed {
        guard
          let place = [0, 1].first(where: { subject.input(next, $0) == subject.output(current) }),
          reader.sumsLastAxis(ofOperand: place, isTurned: isTurned),
          let own = reader.inputs[place],
          reader.op(is: Einsum.self)
            || Array(own.dims.suffix(2))
              == (isTurned
                ? scores.dims.suffix(2).reversed() : Array(scores.dims.suffix(2))),
          let v = subject.input(next, 1 - place)
        else { return nil }
        (self.first, last, self.between, self.scores) = (first, next, between, scores)
        (self.query, self.key, value) = (q, k, v)
        return
      }
      if let order = reader.axisOrder, !isTurned {
        var turned = Array(scores.dims.indices)
        turned.swapAt(turned.count - 1, turned.count - 2)
        guard order == turned else { return nil }
        isTurned = true
      } else {
        guard reader.holds(scores) else { return nil }
      }
      between.append(next)
      current = next
    }
    return nil
  }

  /// What is added to the scores before the softmax.
  private func mask(_ subject: Subject) -> Value.ID? {
    let inner = Set((between + [first]).compactMap(subject.output))
    return between.first { subject.steps[$0].layer == .add }.flatMap { sum in
      subject.steps[sum].node.inputs.compactMap { $0 }.first { !inner.contains($0) }
    }
  }

  /// Puts one operator in the place of all of them; whether the operands allow it.
  func fuse(_ rewrite: inout Rewrite, _ subject: Subject) -> Bool {
    guard let output = subject.output(last), let whole = subject.steps[last].outputs[0],
      let shapes = extents(whole, subject)
    else { return false }
    guard settleExtents(&rewrite, subject) else { return false }
    // Only extents change: no runtime would move anything for these.
    let result = subject.steps[last].node
    let opset = max(23, result.opset)
    let base = subject.scope.body.values.count + rewrite.added.count
    var nodes: [Node] = []
    for (index, dims) in shapes.enumerated() {
      guard let info = try? TensorInfo(.int64, [dims.count], value: .integers(dims)) else {
        return false
      }
      rewrite.added += [Value("extents", initializer: Literal(info)), Value("operand")]
      let source = index < 3 ? [query, key, value][index] : base + 8
      nodes.append(
        Node(
          "Reshape", opset: opset, inputs: [source, base + 2 * index],
          outputs: [index < 3 ? base + 2 * index + 1 : output]))
    }
    rewrite.added.append(Value("attention"))
    let mask = scores.rank <= 4 ? mask(subject) : nil
    var node = Node(
      name: result.name, "Attention", opset: opset,
      inputs: [base + 1, base + 3, base + 5] + [mask].compactMap { $0 }, outputs: [base + 8])
    node.line = result.line
    nodes.insert(node, at: 3)
    rewrite.removed.formUnion(between)
    rewrite.removed.insert(first)
    rewrite.replaced[last] = nodes
    return true
  }

  /// Lets those that ask for the extents of what is left out read them as constants; whether they are known.
  private func settleExtents(_ rewrite: inout Rewrite, _ subject: Subject) -> Bool {
    for id in between + [first] {
      for reader in subject.output(id).map({ subject.scope.readers[$0] }) ?? []
      where subject.steps[reader].readsExtentsAlone {
        guard let result = subject.output(reader), let info = subject.tensor(result),
          info.value != nil, !subject.scope.isOutput(result),
          // A file keeps extents that are open.
          subject.estimate.analysis.binding.symbols.isEmpty || subject.opset < 23
        else { return false }
        rewrite.substitutions[result] = rewrite.addConstant("extents", info, to: subject.scope.body)
        rewrite.removed.insert(reader)
      }
    }
    return true
  }

  /// Queries, keys and values as batch, heads, positions and depth, and the extents of the result; nil where they do
  /// not fit, or where scores are few beside them and nothing is gained by keeping them on chip.
  private func extents(_ whole: TensorInfo, _ subject: Subject) -> [[Int]]? {
    guard let q = subject.tensor(query)?.shape.count, let k = subject.tensor(key)?.shape.count,
      let v = subject.tensor(value)?.shape.count, !scores.isEstimated
    else { return nil }
    let rank = scores.rank
    let heads = rank > 2 ? scores.dims[rank - 3] : 1
    let batch = rank > 3 ? scores.dims[..<(rank - 3)].reduce(1, saturatingProduct) : 1
    let (rows, columns) = (scores.dims[rank - 2], scores.dims[rank - 1])
    let operands = [q, k, v, whole.shape.count].reduce(0, saturatingSum)
    guard saturatingProduct(4, scores.shape.count) >= operands,
      let depth = quotient(q, [batch, heads, rows]),
      let width = quotient(whole.shape.count, [batch, heads, rows]),
      let keyHeads = quotient(k, [batch, columns, depth]),
      let valueHeads = quotient(v, [batch, columns, width]),
      heads % keyHeads == 0, heads % valueHeads == 0
    else { return nil }
    return [
      [batch, heads, rows, depth], [batch, keyHeads, columns, depth],
      [batch, valueHeads, columns, width], whole.dims,
    ]
  }

  /// `count` over the product of `extents`; nil where that is no whole number above 0.
  private func quotient(_ count: Int, _ extents: [Int]) -> Int? {
    let divisor = extents.reduce(1, saturatingProduct)
    guard divisor > 0, count >= divisor, count % divisor == 0 else { return nil }
    return count / divisor
  }
}

extension Step {
  /// Whether the node gives a score for each of `scores`, or looks at them with other axes.
  fileprivate func holds(_ scores: TensorInfo) -> Bool {
    guard let result = outputs[0] else { return false }
    return isView
      ? result.shape.count == scores.shape.count
      : result.dims.suffix(2) == scores.dims.suffix(2)
        && result.shape.count == scores.shape.count
  }

  /// Whether the node is one matrix product of two matrices that are both computed.
  fileprivate var isProductOfComputed: Bool {
    isCounted && (op(is: MatrixProduct.self) || op(is: Einsum.self) && contractions.count == 1)
      && inputs.count == 2 && (0...1).allSatisfy { !inputs.isConstant($0) }
  }

  /// The operands that give the result its last axis but one and its last; nil where that is not one each.
  fileprivate var rowsAndColumns: (rows: Int, columns: Int)? {
    switch op {
    case let product as MatrixProduct: return product.transposesA ? nil : (0, 1)
    case let einsum as Einsum:
      guard let labels = einsum.labels(inputs), labels.result.count >= 2 else { return nil }
      let (row, column) = (labels.result[labels.result.count - 2], labels.result.last)
      func holder(_ label: EinsumEquation.Label?) -> Int? {
        let places = labels.terms.indices.filter { index in
          label.map(labels.terms[index].contains) ?? false
        }
        return places.count == 1 ? places[0] : nil
      }
      guard let rows = holder(row), let columns = holder(column), rows != columns else {
        return nil
      }
      return (rows, columns)
    default: return nil
    }
  }

  /// Whether the product sums along the last axis of the scores at `place`, which may have been turned around.
  fileprivate func sumsLastAxis(ofOperand place: Int, isTurned: Bool) -> Bool {
    switch op {
    case let product as MatrixProduct:
      return place == 0 ? product.transposesA == isTurned : product.transposesB != isTurned
    case let einsum as Einsum:
      guard let labels = einsum.labels(inputs), let label = labels.terms[place].last else {
        return false
      }
      return !isTurned && !labels.result.contains(label)
        && labels.terms[1 - place].contains(label)
    default: return false
    }
  }
}

extension Einsum {
  /// The labels of the axes of operands and result; nil where the equation does not fit.
  fileprivate func labels(_ x: Operands) -> EinsumEquation.Labelled? {
    var shapes: [Shape] = []
    for index in 0..<x.count {
      guard let shape = x[index]?.shape else { return nil }
      shapes.append(shape)
    }
    return try? equation.labelled(shapes)
  }
}
