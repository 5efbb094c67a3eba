/// `ConstantOfShape`: a tensor of a given shape, all of one number.
///
/// https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html
package struct Filling: Operator {
  package static let names: [OperatorName] = ["ConstantOfShape"]

  /// The type, and the number where it is known.
  package let element: TensorInfo

  package init(_ node: Node) throws(OperatorError) {
    element = try node.tensor("value")?.info ?? TensorInfo(.float32, .scalar, value: .reals([0]))
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    guard let dims = try x.integers(0) else { throw .missingInput(0) }
    let shape = try Shape(dims)
    return [.tensor(element.type, shape, value: element.value?.picking(shape) { _ in 0 })]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_: Operands, _ y: Operands) -> (read: Int, written: Int) { (0, y.byteCount) }
  package func role(_: Int, _: Operands) -> OperandRole { .setting }
}

/// `EyeLike`: a matrix of zeros with ones on one diagonal, of the shape of another.
///
/// https://onnx.ai/onnx/operators/onnx__EyeLike.html
package struct UnitMatrix: Operator {
  package static let names: [OperatorName] = ["EyeLike"]

  /// The type; nil for that of the operand.
  package let type: ElementType?
  /// How far above the main diagonal the ones lie.
  package let diagonal: Int

  package init(_ node: Node) throws(OperatorError) {
    type = try node.elementType("dtype")
    diagonal = try node.int("k", default: 0)
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let like = try x.required(0)
    guard like.rank == 2 else { throw .wrongInput(0, expected: "a matrix") }
    let type = type ?? like.type
    let digits = TensorValue([0, 1] as [Int?], as: type)
    let value = digits?.picking(like.shape) { $0[1] &- $0[0] == diagonal ? 1 : 0 }
    return [.tensor(type, like.shape, value: value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_: Operands, _ y: Operands) -> (read: Int, written: Int) { (0, y.byteCount) }
  package func role(_: Int, _: Operands) -> OperandRole { .setting }
}
