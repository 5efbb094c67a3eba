/// `Attention`: scaled dot products of queries with keys, a softmax, and the mean of values that it weighs.
///
/// Operands are `N×heads×length×depth`, or `N×length×(heads·depth)` with the numbers of heads as attributes.
/// Keys and values of the past are joined before those given.
/// https://onnx.ai/onnx/operators/onnx__Attention.html
package struct Attention: Operator {
  package static let names: [OperatorName] = ["Attention"]

  package let queryHeads: Int?
  package let keyHeads: Int?
  package let isCausal: Bool
  package let isCapped: Bool

  package init(_ node: Node) throws(OperatorError) {
    queryHeads = try node.int("q_num_heads")
    keyHeads = try node.int("kv_num_heads")
    isCausal = try node.flag("is_causal")
    isCapped = try node.float("softcap") ?? 0 != 0
  }

  package var layer: LayerClass { .attention }

  /// One operand as `N×heads×length×depth`.
  private func heads(_ tensor: TensorInfo, _ count: Int?) throws(OperatorError) -> [Int] {
    if tensor.rank == 4 { return tensor.dims }
    guard tensor.rank == 3 else { throw .mismatch("attention over \(tensor.shape)") }
    guard let count else { throw .missingAttribute("q_num_heads") }
    guard count > 0, tensor.shape[2] % count == 0 else {
      throw .mismatch("\(tensor.shape) in \(count) heads")
    }
    return [tensor.shape[0], count, tensor.shape[1], tensor.shape[2] / count]
  }

  private func extents(_ x: Operands) throws(OperatorError) -> (
    extents: AttentionExtents, keyHeads: Int
  ) {
    let query = try heads(try x.required(0), queryHeads)
    let key = try heads(try x.required(1), keyHeads)
    let value = try heads(try x.required(2), keyHeads)
    guard query[0] == key[0], query[3] == key[3], key[2] == value[2], key[1] == value[1] else {
      throw .mismatch("queries \(query), keys \(key) and values \(value)")
    }
    var past = 0
    if let cache = try x.optional(4) {
      guard cache.rank == 4 else { throw .wrongInput(4, expected: "a tensor of rank 4") }
      past = cache.shape[2]
    }
    return (
      AttentionExtents(
        batch: query[0], heads: query[1], queries: query[2], keys: saturatingSum(past, key[2]),
        depth: query[3], valueDepth: value[3]),
      key[1]
    )
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (query, key, value) = (try x.required(0), try x.required(1), try x.required(2))
    let (extents, keyHeads) = try extents(x)
    let result =
      query.rank == 4
      ? [extents.batch, extents.heads, extents.queries, extents.valueDepth]
      : [extents.batch, extents.queries, try product([extents.heads, extents.valueDepth])]
    return [
      try .tensor(query.type, result),
      try .tensor(key.type, [extents.batch, keyHeads, extents.keys, extents.depth]),
      try .tensor(value.type, [extents.batch, keyHeads, extents.keys, extents.valueDepth]),
      try .tensor(query.type, [extents.batch, extents.heads, extents.queries, extents.keys]),
    ]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    try extents(x).extents.contractions(try x.required(0).type)
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    try extents(x).extents.arithmetic(isMasked: isCausal || x.isGiven(3), isCapped: isCapped)
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    appendingTraffic(x, y, caches: [(4, 1), (5, 2)])
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index == 3 || index == 6 ? .setting : .data
  }
}
