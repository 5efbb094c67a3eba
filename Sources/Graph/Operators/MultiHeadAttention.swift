/// ONNX Runtime's `MultiHeadAttention`, and its form for one token at a time.
///
/// Queries are `N×length×(heads·depth)`; keys and values are too, or `N×heads×length×depth` where they are a
/// cache; queries, keys and values may be packed together, `N×length×heads×3×depth`.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MultiHeadAttention
package struct MultiHeadAttention: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::DecoderMaskedMultiHeadAttention", "com.microsoft::MultiHeadAttention",
  ]

  package let heads: Int
  package let isCausal: Bool
  private let sharesBuffer: Bool
  /// Where the bias, the mask, what is added to the scores, and the cache are.
  private let operands: (bias: Int, mask: Int, added: Int, past: Int, pastLength: Int)

  package init(_ node: Node) throws(OperatorError) {
    guard let heads = try node.int("num_heads"), heads > 0 else {
      throw .wrongAttribute("num_heads", expected: "positive")
    }
    self.heads = heads
    isCausal = try node.flag("unidirectional")
    if node.op.name == "MultiHeadAttention" {
      operands = (3, 4, 5, 6, 8)
      sharesBuffer = node.inputs.count > 8 && node.inputs[8] != nil
    } else {
      operands = (10, 3, 4, 5, 7)
      sharesBuffer = try node.flag("past_present_share_buffer")
    }
  }

  package var layer: LayerClass { .attention }

  /// The extents, and what each position of the cache holds: keys of the past, and room.
  private func extents(_ x: Operands) throws(OperatorError) -> (
    extents: AttentionExtents, cached: Int
  ) {
    let query = try x.required(0)
    guard query.rank == 3 || query.rank == 5 else {
      throw .mismatch("queries of shape \(query.shape)")
    }
    var extents = AttentionExtents(
      batch: query.shape[0], heads: heads, queries: query.shape[1], keys: query.shape[1],
      depth: query.rank == 5 ? query.shape[4] : query.shape[2] / heads, valueDepth: 0)
    extents.valueDepth = extents.depth
    if let key = try x.optional(1) {
      switch key.rank {
      // A cache, or keys and values packed together.
      case 4: extents.keys = key.shape[2]
      default: extents.keys = key.rank > 1 ? key.shape[1] : 0
      }
      if let value = try x.optional(2) {
        extents.valueDepth =
          value.rank == 4 ? value.shape[3] : (value.dims.last ?? 0) / heads
      } else if key.rank == 5 {
        extents.valueDepth = key.shape[4]
      }
    } else if query.rank == 3 {
      // Packed along the last axis.
      extents.depth /= 3
      extents.valueDepth = extents.depth
    }
    guard let past = try x.optional(operands.past) else { return (extents, extents.keys) }
    guard past.rank == 4 else { throw .wrongInput(operands.past, expected: "a tensor of rank 4") }
    if sharesBuffer {
      let length = x[operands.pastLength]?.value?.integers?.first
      let known = length.map { saturatingSum(max(0, $0), extents.keys) } ?? past.shape[2]
      extents.keys = min(known, past.shape[2])
      return (extents, past.shape[2])
    }
    extents.keys = saturatingSum(extents.keys, past.shape[2])
    return (extents, extents.keys)
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (e, cached) = try extents(x)
    let type = try x.required(0).type
    return [
      try .tensor(type, [e.batch, e.queries, try product([heads, e.valueDepth])]),
      try .tensor(type, [e.batch, heads, cached, e.depth]),
      try .tensor(type, [e.batch, heads, cached, e.valueDepth]),
      try .tensor(type, [e.batch, heads, e.queries, e.keys]),
    ]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    try extents(x).extents.contractions(try x.required(0).type)
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let isMasked = isCausal || x.isGiven(operands.mask) || x.isGiven(operands.added)
    var work = try extents(x).extents.arithmetic(isMasked: isMasked)
    guard x.isGiven(operands.bias) else { return work }
    for index in 0...2 { work += Work(elementwise: try x.optional(index)?.shape.count ?? 0) }
    return work
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    appendingTraffic(x, y, caches: [(operands.past, 1), (operands.past + 1, 2)])
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index < 3 || index == operands.bias || index == operands.past || index == operands.past + 1
      ? .data : .setting
  }
}
