/// `FlexAttention`: attention whose scores and probabilities pass through bodies of the model's own.
///
/// Operands are `N×heads×length×depth`. https://onnx.ai/onnx/operators/onnx_aionnxpreview_FlexAttention.html
package struct FlexibleAttention: ControlOperator {
  package static let names: [OperatorName] = ["ai.onnx.preview::FlexAttention"]

  private let bodies: [(name: String, body: Body)]
  private let precision: ElementType?

  package init(_ node: Node) throws(OperatorError) {
    var bodies: [(name: String, body: Body)] = []
    for name in ["score_mod", "prob_mod"] where node.attribute(name) != nil {
      bodies.append((name, try node.graph(name)))
    }
    self.bodies = bodies
    precision = try node.elementType("softmax_precision")
  }

  package var layer: LayerClass { .attention }

  private func extents(_ x: Operands) throws(OperatorError) -> AttentionExtents {
    let (query, key, value) = (try x.required(0), try x.required(1), try x.required(2))
    guard query.rank == 4, key.rank == 4, value.rank == 4, query.shape[3] == key.shape[3],
      key.shape[2] == value.shape[2]
    else {
      throw .mismatch("queries \(query.shape), keys \(key.shape) and values \(value.shape)")
    }
    return AttentionExtents(
      batch: query.shape[0], heads: query.shape[1], queries: query.shape[2], keys: key.shape[2],
      depth: query.shape[3], valueDepth: value.shape[3])
  }

  package func run(_ x: Operands, _ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
  {
    let (e, type) = (try extents(x), try x.required(0).type)
    let scores = try TensorInfo(
      precision ?? (type == .float64 ? .float64 : .float32), [e.batch, e.heads, e.queries, e.keys])
    var branches: [Branch] = []
    for (name, body) in bodies {
      branches.append(
        Branch(
          name: name, scope: try analyse(body, [Operand(scores)]), executions: 1,
          isEstimated: false))
    }
    return ([try .tensor(type, [e.batch, e.heads, e.queries, e.valueDepth])], branches)
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    try extents(x).contractions(try x.required(0).type)
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    try extents(x).arithmetic(isMasked: false)
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    (x.byteCount, y.byteCount)
  }
}
