/// ONNX Runtime's `EmbedLayerNormalization`: words, positions and segments looked up, added and normalised.
///
/// Words are `N×length`, tables are `entries×width`, the result is `N×length×width`.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.EmbedLayerNormalization
package struct EmbeddingNormalization: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::EmbedLayerNormalization", "com.microsoft::QEmbedLayerNormalization",
  ]

  private let isQuantized: Bool

  package init(_ node: Node) { isQuantized = node.op.name == "QEmbedLayerNormalization" }

  package var layer: LayerClass { .embedding }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (words, table) = (try x.required(0), try x.required(2))
    guard words.rank == 2, table.rank == 2 else {
      throw .mismatch("words \(words.shape) in a table \(table.shape)")
    }
    let type = isQuantized ? try x.required(8).type : table.type
    let result = try ValueInfo.tensor(type, words.dims + [table.shape[1]])
    return [result, try .tensor(.int32, [words.shape[0]]), result]
  }

  /// A sum of two tables or three, and a normalisation with scale and shift.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    Work(elementwise: 7 + (x.isGiven(4) ? 2 : 1)).times(try y.required(0).shape.count)
  }

  /// Only the rows looked up are read.
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    let rows = y[0]?.byteCount ?? 0
    var read = 0
    for index in x.all.indices {
      let bytes = x[index]?.byteCount ?? 0
      read = saturatingSum(read, (2...4).contains(index) ? min(bytes, rows) : bytes)
    }
    return (read, y.byteCount)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    (2...6).contains(index) ? .data : .setting
  }
}
