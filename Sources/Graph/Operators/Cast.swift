/// `Cast` and `CastLike`: the same numbers in another type.
///
/// https://onnx.ai/onnx/operators/onnx__Cast.html
package struct Cast: Operator {
  package static let names: [OperatorName] = ["Cast", "CastLike"]

  /// The type to cast to; nil for that of the second operand.
  package let target: ElementType?

  package init(_ node: Node) throws(OperatorError) {
    target = try node.elementType("to")
    if target == nil && node.op.name == "Cast" { throw .missingAttribute("to") }
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    var type = target
    if type == nil { type = try x.required(1).type }
    guard let type else { throw .missingAttribute("to") }
    let value = type == input.type ? input.value : input.elements?.converted(to: type)
    return [.tensor(type, input.shape, value: value)]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    // A conversion is one operation.
    Work(elementwise: viewedInput(x) == nil ? try y.required(0).shape.count : 0)
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    // Of the second operand, the type alone matters.
    viewedInput(x) == nil ? (x[0]?.byteCount ?? 0, y.byteCount) : (0, 0)
  }

  /// Nothing needs to be done where the type is right already.
  package func viewedInput(_ x: Operands) -> Int? {
    guard let type = target ?? x[1]?.type else { return nil }
    return x[0]?.type == type ? 0 : nil
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}

/// `BitCast`: the same bits taken for another type of the same width.
///
/// https://onnx.ai/onnx/operators/onnx__BitCast.html
package struct BitCast: Operator {
  package static let names: [OperatorName] = ["BitCast"]

  package let target: ElementType

  package init(_ node: Node) throws(OperatorError) {
    guard let type = try node.elementType("to") else { throw .missingAttribute("to") }
    target = type
  }

  package var layer: LayerClass { .reshape }
  package var viewedInput: Int? { 0 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard input.type.bitWidth == target.bitWidth else {
      throw .mismatch("\(input.type.name) taken for \(target.name), which is not as wide")
    }
    return [.tensor(target, input.shape)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
