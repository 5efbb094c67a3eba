/// `Trilu`: the triangle of each matrix above or below a diagonal, and zeros.
///
/// https://onnx.ai/onnx/operators/onnx__Trilu.html
package struct Trilu: Operator {
  package static let names: [OperatorName] = ["Trilu", "com.microsoft::Trilu"]

  package let isUpper: Bool

  package init(_ node: Node) throws(OperatorError) {
    isUpper = try node.flag("upper", default: true)
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard input.rank >= 2 else { throw .wrongInput(0, expected: "a matrix") }
    return [.tensor(input.type, input.shape, value: value(input, x))]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  private func value(_ input: TensorInfo, _ x: Operands) -> TensorValue? {
    guard let diagonal = x.isGiven(1) ? x[1]?.elements?.integers?.first : 0,
      let elements = input.elements, let zero = TensorValue(0, as: input.type),
      let all = elements.joined(with: zero)
    else { return nil }
    let strides = input.shape.strides
    return all.picking(input.shape) { position in
      let above = position[input.rank - 1] - position[input.rank - 2]
      let isKept = isUpper ? above >= diagonal : above <= diagonal
      return isKept ? position.offset(strides) : elements.count
    }
  }
}
