/// `LinearAttention`: attention through a state of fixed size that each token reads and adds to.
///
/// Queries are `N×length×(heads·depth)`, the state is `N×heads×depth×value depth`.
/// https://onnx.ai/onnx/operators/onnx__LinearAttention.html
package struct LinearAttention: Operator {
  package static let names: [OperatorName] = [
    "LinearAttention", "com.microsoft::LinearAttention",
  ]

  package let queryHeads: Int
  package let keyHeads: Int
  /// Whether each token fades the state before it adds to it.
  package let isGated: Bool
  /// Whether each token first takes what the state already says of its key.
  package let isDelta: Bool
  /// How many of the last states are returned, ONNX Runtime's only; 0 for the last alone, without an axis.
  private let states: Int

  package init(_ node: Node) throws(OperatorError) {
    guard let queryHeads = try node.int("q_num_heads") else {
      throw .missingAttribute("q_num_heads")
    }
    guard let keyHeads = try node.int("kv_num_heads") else {
      throw .missingAttribute("kv_num_heads")
    }
    guard queryHeads > 0, keyHeads > 0 else {
      throw .wrongAttribute("kv_num_heads", expected: "positive")
    }
    (self.queryHeads, self.keyHeads) = (queryHeads, keyHeads)
    let rule = try node.string("update_rule") ?? "gated_delta"
    isGated = rule.hasPrefix("gated")
    isDelta = rule.hasSuffix("delta")
    states = max(0, try node.int("state_window", default: 0))
  }

  package var layer: LayerClass { .attention }

  private struct Extents {
    var batch: Int, length: Int, depth: Int, valueDepth: Int
  }

  private func extents(_ x: Operands) throws(OperatorError) -> Extents {
    let (query, value) = (try x.required(0), try x.required(2))
    guard query.rank == 3, value.rank == 3, query.shape[2] % queryHeads == 0,
      value.shape[2] % keyHeads == 0
    else { throw .mismatch("queries \(query.shape) and values \(value.shape)") }
    return Extents(
      batch: query.shape[0], length: query.shape[1], depth: query.shape[2] / queryHeads,
      valueDepth: value.shape[2] / keyHeads)
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (e, type) = (try extents(x), try x.required(0).type)
    let heads = max(queryHeads, keyHeads)
    return [
      try .tensor(type, [e.batch, e.length, try product([heads, e.valueDepth])]),
      try .tensor(
        x[3]?.type ?? type,
        (states > 0 ? [states] : []) + [e.batch, keyHeads, e.depth, e.valueDepth]),
    ]
  }

  /// Keys by values into the state, queries by the state, and keys by the state where the rule is a delta.
  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (e, type) = (try extents(x), try x.required(0).type)
    func step(_ heads: Int, rows: Int, depth: Int) -> Contraction {
      Contraction(
        .recurrence(steps: e.length), batch: saturatingProduct(e.batch, heads), rows: rows,
        columns: e.valueDepth, depth: depth, type: type)
    }
    let products = [
      step(keyHeads, rows: e.depth, depth: 1), step(queryHeads, rows: 1, depth: e.depth),
    ]
    return isDelta ? products + [step(keyHeads, rows: 1, depth: e.depth)] : products
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let e = try extents(x)
    let tokens = saturatingProduct(saturatingProduct(e.batch, e.length), keyHeads)
    // Scaled results; a state faded by an exponential; a difference, weighed.
    var work = Work(elementwise: try y.required(0).shape.count)
    if isGated {
      work += Work(elementwise: saturatingProduct(e.depth, e.valueDepth)).times(tokens)
      work += Work(elementwise: 1, transcendentals: 1).times(x[4]?.shape.count ?? 0)
    }
    if isDelta { work += Work(elementwise: saturatingProduct(2, e.valueDepth)).times(tokens) }
    return work
  }
}
