/// ONNX Runtime's `RemovePadding` and `RestorePadding`: the tokens of a batch without the empty places, and back.
///
/// How many places are empty lies in the data, so that none are taken to be: a bound.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.RemovePadding
package struct PaddingRemoval: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::RemovePadding", "com.microsoft::RestorePadding",
  ]

  private let restores: Bool

  package init(_ node: Node) { restores = node.op.name == "RestorePadding" }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    if restores {
      let places = try x.required(1)
      guard places.rank == 2, let width = input.dims.last else {
        throw .mismatch("tokens \(input.shape) at places \(places.shape)")
      }
      return [try .tensor(input.type, places.dims + [width])]
    }
    guard input.rank == 3 else { throw .mismatch("a batch of shape \(input.shape)") }
    let tokens = try product(input.dims.prefix(2))
    return [
      try ValueInfo.tensor(input.type, [tokens, input.shape[2]]).estimated,
      try .tensor(.int32, Array(input.dims.prefix(2))),
      try .tensor(.int32, [saturatingSum(input.shape[0], 1)]),
      try .tensor(.int32, [1]),
    ]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
