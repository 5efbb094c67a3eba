/// `Clip`: each element held between two bounds, either of which may be left out.
///
/// The bounds are attributes before opset 11. https://onnx.ai/onnx/operators/onnx__Clip.html
package struct Clip: Operator {
  package static let names: [OperatorName] = ["Clip"]

  package let minimum: Double?
  package let maximum: Double?

  package init(_ node: Node) throws(OperatorError) {
    minimum = try node.float("min")
    maximum = try node.float("max")
  }

  package var layer: LayerClass { .activation }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    return [.tensor(input.type, input.shape, value: value(input, x))]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let bounds = [x.isGiven(1), x.isGiven(2), minimum != nil, maximum != nil].filter { $0 }.count
    return Work(elementwise: saturatingProduct(bounds, try y.required(0).shape.count))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  private func value(_ input: TensorInfo, _ x: Operands) -> TensorValue? {
    guard input.shape.isFollowed, var result = input.elements else { return nil }
    for (index, attribute, operation) in [
      (1, minimum, Arithmetic.maximum), (2, maximum, Arithmetic.minimum),
    ] {
      guard x.isGiven(index) || attribute != nil else { continue }
      let bound = attribute.map { TensorValue.reals([$0]) } ?? x[index]?.elements
      let stretched = bound?.picking(input.shape) { _ in 0 }
      guard let stretched, let next = result.combined(with: stretched, operation, as: input.type)
      else { return nil }
      result = next
    }
    return result
  }
}
