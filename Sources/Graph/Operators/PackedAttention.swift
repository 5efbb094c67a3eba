/// ONNX Runtime's attention over sequences without padding: `PackedAttention`, `PackedMultiHeadAttention`.
///
/// Tokens of all sequences lie in one row of the batch; how many belong together lies in the data, so that each
/// sequence is counted at its longest. https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.PackedAttention
package struct PackedAttention: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::PackedAttention", "com.microsoft::PackedMultiHeadAttention",
  ]

  package let heads: Int
  package let widths: [Int]?
  /// Whether queries, keys and values are made here.
  private let projects: Bool

  package init(_ node: Node) throws(OperatorError) {
    guard let heads = try node.int("num_heads"), heads > 0 else {
      throw .wrongAttribute("num_heads", expected: "positive")
    }
    self.heads = heads
    widths = try node.ints("qkv_hidden_sizes").flatMap {
      $0.count == 3 ? $0.map { max(0, $0) } : nil
    }
    projects = node.op.name == "PackedAttention"
  }

  package var layer: LayerClass { .attention }

  private func extents(_ x: Operands) throws(OperatorError) -> AttentionExtents {
    let (input, offsets) = (try x.required(0), try x.required(projects ? 3 : 4))
    guard offsets.rank == 2, input.rank >= 2 else {
      throw .mismatch("tokens \(input.shape) at places \(offsets.shape)")
    }
    var (depth, valueDepth) = (0, 0)
    if projects {
      let third = (try x.required(1).dims.last ?? 0) / 3
      (depth, valueDepth) = ((widths?[0] ?? third) / heads, (widths?[2] ?? third) / heads)
    } else if input.rank == 4 {
      (depth, valueDepth) = (input.shape[3], input.shape[3])
    } else {
      (depth, valueDepth) = (input.shape[1] / heads, (try x.required(2).dims.last ?? 0) / heads)
    }
    return AttentionExtents(
      batch: offsets.shape[0], heads: heads, queries: offsets.shape[1], keys: offsets.shape[1],
      depth: depth, valueDepth: valueDepth)
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, extents) = (try x.required(0), try extents(x))
    return [try .tensor(input.type, [input.shape[0], try product([heads, extents.valueDepth])])]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (input, attention) = (
      try x.required(0), try extents(x).contractions(try x.required(0).type)
    )
    guard projects, let weights = x[1], weights.rank == 2 else { return attention }
    let projection = Contraction(
      rows: input.shape[0], columns: weights.shape[1], depth: weights.shape[0], type: input.type)
    return [projection] + attention
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let work = try extents(x).arithmetic(isMasked: x.isGiven(projects ? 5 : 6))
    let tokens = try x.required(0).shape[0]
    let bias = x[projects ? 2 : 3]?.shape.count ?? 0
    return work + Work(elementwise: saturatingProduct(tokens, bias))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index < (projects ? 3 : 4) ? .data : .setting
  }
}
