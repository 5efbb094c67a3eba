/// ONNX Runtime's `RelativePositionBias` and its gated form: what is added to scores by the distance of two tokens.
///
/// The result is `N×heads×queries×keys`.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RelativePositionBias
package struct PositionBias: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::GatedRelativePositionBias", "com.microsoft::RelativePositionBias",
  ]

  /// The heads that a gate is worked out for; nil where there is none.
  private let gated: Int?

  package init(_ node: Node) throws(OperatorError) {
    guard node.op.name == "GatedRelativePositionBias" else {
      gated = nil
      return
    }
    guard let heads = try node.int("num_heads"), heads > 0 else {
      throw .wrongAttribute("num_heads", expected: "positive")
    }
    gated = heads
  }

  package var layer: LayerClass { .attention }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let first = try x.required(0)
    if let gated {
      let bias = try x.required(2)
      guard bias.rank == 4, first.rank >= 2 else { throw .mismatch("a bias of \(bias.shape)") }
      let batch = try x.optional(6)?.dims.first ?? first.shape[0]
      return [try .tensor(first.type, [batch, gated, bias.shape[2], bias.shape[3]])]
    }
    guard first.rank == 2, let queries = try x.integers(1)?.first,
      let keys = try x.integers(2)?.first
    else { throw .wrongInput(1, expected: "the number of queries") }
    return [try .tensor(first.type, [1, first.shape[1], queries, keys])]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    guard gated != nil else { return [] }
    let (query, weights) = (try x.required(0), try x.required(3))
    guard weights.rank == 2, weights.shape[0] > 0 else {
      throw .mismatch("weights \(weights.shape) of a gate")
    }
    return [
      Contraction(
        rows: query.shape.count / weights.shape[0], columns: weights.shape[1],
        depth: weights.shape[0], type: query.type)
    ]
  }

  /// The bucket of a distance takes a logarithm; a gate takes one product.
  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let perResult =
      gated == nil ? Work(elementwise: 6, transcendentals: 1) : Work(elementwise: 1)
    return perResult.times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    gated == nil ? (index == 0 ? .data : .setting) : (index == 6 ? .setting : .data)
  }
}
