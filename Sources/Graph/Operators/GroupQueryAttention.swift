/// ONNX Runtime's `GroupQueryAttention` and `SparseAttention`: several heads of queries share one of keys and values.
///
/// Queries are `N×length×(heads·depth)`, or hold keys and values as well; caches are `N×key heads×length×depth`.
/// Of sparse scores, all are counted: which blocks are left out lies in the data.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
package struct GroupQueryAttention: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::GroupQueryAttention", "com.microsoft::SparseAttention",
  ]

  package let heads: Int
  package let keyHeads: Int
  package let isRotated: Bool
  package let isCapped: Bool
  private let isSparse: Bool

  package init(_ node: Node) throws(OperatorError) {
    guard let heads = try node.int("num_heads"), heads > 0 else {
      throw .wrongAttribute("num_heads", expected: "positive")
    }
    guard let keyHeads = try node.int("kv_num_heads"), keyHeads > 0 else {
      throw .wrongAttribute("kv_num_heads", expected: "positive")
    }
    (self.heads, self.keyHeads) = (heads, keyHeads)
    isRotated = try node.flag("do_rotary")
    isCapped = try node.float("softcap") ?? 0 != 0
    isSparse = node.op.name == "SparseAttention"
  }

  package var layer: LayerClass { .attention }

  /// The operand that says how long the whole sequence is.
  private var total: Int { isSparse ? 7 : 6 }

  private struct Extents {
    var attention: AttentionExtents
    /// Keys that are new.
    var newKeys: Int
    /// Positions of the cache after this node, and whether that is a guess.
    var cached: Int
    var isEstimated: Bool
  }

  private func extents(_ x: Operands) throws(OperatorError) -> Extents {
    let query = try x.required(0)
    guard query.rank == 3 else { throw .mismatch("queries of shape \(query.shape)") }
    let key = try x.optional(1)
    let packed = saturatingSum(heads, saturatingProduct(2, keyHeads))
    let depth = key == nil ? query.shape[2] / packed : query.shape[2] / heads
    let newKeys = key.flatMap { $0.rank == 3 ? $0.shape[1] : nil } ?? query.shape[1]
    var past = 0
    if let cache = try x.optional(3) {
      guard cache.rank == 4 else { throw .wrongInput(3, expected: "a tensor of rank 4") }
      past = cache.shape[2]
    }
    // A cache may have room to spare, so that only the total tells how much of it is filled.
    let known = x[total]?.value?.integers?.first.map { max(0, $0) }
    let keys = known ?? saturatingSum(past, newKeys)
    return Extents(
      attention: AttentionExtents(
        batch: query.shape[0], heads: heads, queries: query.shape[1], keys: keys, depth: depth,
        valueDepth: depth),
      newKeys: newKeys, cached: isSparse ? past : max(past, keys),
      isEstimated: known == nil && !isSparse && x.isGiven(3))
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (e, query) = (try extents(x), try x.required(0))
    // A quantised cache keeps its own type, and may pack its last axis.
    let cache = x[3]
    let present = try ValueInfo.tensor(
      cache?.type ?? query.type,
      [e.attention.batch, keyHeads, e.cached, cache?.shape[3] ?? e.attention.depth])
    let grown = e.isEstimated ? present.estimated : present
    return [
      try .tensor(
        query.type,
        [e.attention.batch, e.attention.queries, try product([heads, e.attention.depth])]),
      grown, grown,
      try .tensor(
        query.type, [e.attention.batch, heads, e.attention.queries, e.attention.keys]),
    ]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    try extents(x).attention.contractions(try x.required(0).type)
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let e = try extents(x)
    let work = e.attention.arithmetic(isMasked: true, isCapped: isCapped)
    guard isRotated else { return work }
    // Two products and a sum for each element of a new query or key.
    let rows = saturatingSum(
      saturatingProduct(heads, e.attention.queries), saturatingProduct(keyHeads, e.newKeys))
    return work
      + Work(elementwise: 3).times(
        saturatingProduct(saturatingProduct(e.attention.batch, rows), e.attention.depth))
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    appendingTraffic(x, y, caches: [(3, 1), (4, 2)])
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index < 5 ? .data : .setting }
}
