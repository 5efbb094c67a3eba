/// ONNX Runtime's `Attention` and `QAttention`, which make queries, keys and values themselves.
///
/// The input is `N×length×width`, the weights `width×(queries + keys + values)`, the result `N×length×values`.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Attention
package struct ProjectedAttention: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::Attention", "com.microsoft::DecoderMaskedSelfAttention",
    "com.microsoft::QAttention",
  ]

  package let heads: Int
  /// The widths of queries, keys and values, where they differ.
  package let widths: [Int]?
  package let isCausal: Bool
  private let sharesBuffer: Bool
  private let isQuantized: Bool

  package init(_ node: Node) throws(OperatorError) {
    guard let heads = try node.int("num_heads") else { throw .missingAttribute("num_heads") }
    guard heads > 0 else { throw .wrongAttribute("num_heads", expected: "positive") }
    self.heads = heads
    widths = try node.ints("qkv_hidden_sizes").flatMap { $0.isEmpty ? nil : $0 }
    guard widths.map({ $0.count == 3 && $0.allSatisfy { $0 > 0 } }) ?? true else {
      throw .wrongAttribute("qkv_hidden_sizes", expected: "three widths")
    }
    isCausal = try node.flag("unidirectional")
    sharesBuffer = try node.flag("past_present_share_buffer")
    isQuantized = node.op.name == "QAttention"
  }

  package var layer: LayerClass { .attention }

  private var mask: Int { isQuantized ? 5 : 3 }
  private var past: Int { isQuantized ? 8 : 4 }

  private func extents(_ x: Operands) throws(OperatorError) -> AttentionExtents {
    let (input, weights) = (try x.required(0), try x.required(1))
    guard input.rank == 3, weights.rank == 2, input.shape[2] == weights.shape[0] else {
      throw .mismatch("input \(input.shape) with weights \(weights.shape)")
    }
    let third = weights.shape[1] / 3
    let widths = widths ?? [third, third, third]
    var keys = input.shape[1]
    if let cache = try x.optional(past) {
      guard cache.rank == 5 else { throw .wrongInput(past, expected: "a tensor of rank 5") }
      let length = sharesBuffer ? try x.integers(6)?.first ?? cache.shape[3] : cache.shape[3]
      keys = saturatingSum(keys, max(0, length))
    }
    return AttentionExtents(
      batch: input.shape[0], heads: heads, queries: input.shape[1], keys: keys,
      depth: widths[0] / heads, valueDepth: widths[2] / heads)
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let extents = try extents(x)
    // A quantised operator still returns real numbers, of the type of its scales.
    let type = try x.required(isQuantized ? 3 : 0).type
    let result = [
      extents.batch, extents.queries, try product([extents.heads, extents.valueDepth]),
    ]
    let length = sharesBuffer ? try x.optional(past)?.shape[3] ?? extents.keys : extents.keys
    return [
      try .tensor(type, result),
      try .tensor(type, [2, extents.batch, heads, length, extents.depth]),
    ]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (input, weights, extents) = (try x.required(0), try x.required(1), try extents(x))
    let projection = Contraction(
      rows: saturatingProduct(extents.batch, extents.queries), columns: weights.shape[1],
      depth: weights.shape[0], type: input.type)
    // Only the projection is a product of integers.
    return [projection] + extents.contractions(isQuantized ? .float32 : input.type)
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let (weights, extents) = (try x.required(1), try extents(x))
    let isMasked = isCausal || x.isGiven(mask) || (!isQuantized && x.isGiven(5))
    var perProjected = x.isGiven(2) ? 1 : 0
    if isQuantized { perProjected += 1 }
    let projected = saturatingProduct(
      saturatingProduct(extents.batch, extents.queries), weights.shape[1])
    return extents.arithmetic(isMasked: isMasked)
      + Work(elementwise: saturatingProduct(perProjected, projected))
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    appendingTraffic(x, y, caches: [(past, 1)])
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index < 3 ? .data : index == past ? .data : .setting
  }

  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], let weights = x[1], input.rank == 3, weights.rank == 2 else { return x }
    return x.resizing(1, to: [input.shape[2], weights.shape[1]])
  }
}
