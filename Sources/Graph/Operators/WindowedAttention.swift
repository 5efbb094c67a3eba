/// ONNX Runtime's `LongformerAttention`: each token meets its neighbours, and a few tokens meet all.
///
/// The input is `N×length×width`, the weights are `width×3·width`, twice. How many tokens meet all lies in the data;
/// they come on top of what is counted.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.LongformerAttention
package struct WindowedAttention: Operator {
  package static let names: [OperatorName] = ["com.microsoft::LongformerAttention"]

  package let heads: Int
  /// Tokens met on one side.
  package let reach: Int

  package init(_ node: Node) throws(OperatorError) {
    guard let heads = try node.int("num_heads"), heads > 0 else {
      throw .wrongAttribute("num_heads", expected: "positive")
    }
    guard let reach = try node.int("window"), reach > 0 else {
      throw .wrongAttribute("window", expected: "positive")
    }
    (self.heads, self.reach) = (heads, reach)
  }

  package var layer: LayerClass { .attention }

  private func extents(_ x: Operands) throws(OperatorError) -> AttentionExtents {
    let input = try x.required(0)
    guard input.rank == 3 else { throw .mismatch("input \(input.shape)") }
    let depth = input.shape[2] / heads
    return AttentionExtents(
      batch: input.shape[0], heads: heads, queries: input.shape[1],
      keys: min(input.shape[1], saturatingSum(saturatingProduct(2, reach), 1)), depth: depth,
      valueDepth: depth)
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    return [.tensor(input.type, input.shape)]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (input, e) = (try x.required(0), try extents(x))
    var contractions = e.contractions(input.type)
    for index in [1, 4] {
      guard let weights = x[index], weights.rank == 2 else { continue }
      contractions.append(
        Contraction(
          rows: saturatingProduct(e.batch, e.queries), columns: weights.shape[1],
          depth: weights.shape[0], type: input.type))
    }
    return contractions
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    let input = try x.required(0)
    return try extents(x).arithmetic(isMasked: true) + Work(elementwise: 6).times(input.shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index == 3 || index == 6 ? .setting : .data
  }
}
