/// `Where`: each element from one of two tensors, as a mask says.
///
/// https://onnx.ai/onnx/operators/onnx__Where.html
package struct Selection: Operator {
  package static let names: [OperatorName] = ["Where"]

  package init(_: Node) {}

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (mask, a, b) = (try x.required(0), try x.required(1), try x.required(2))
    let shape = try Shape.broadcast([mask.shape, a.shape, b.shape])
    return [.tensor(a.type, shape, value: value(mask, a, b, shape))]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    // A choice is one operation.
    Work(elementwise: try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .setting : .data }

  package func fitted(_ x: Operands) -> Operands { x.fittingConstants() }

  private func value(_ mask: TensorInfo, _ a: TensorInfo, _ b: TensorInfo, _ shape: Shape)
    -> TensorValue?
  {
    guard let choices = mask.elements?.integers,
      let both = a.elements.flatMap({ a in b.elements.flatMap { a.joined(with: $0) } })
    else { return nil }
    let steps = [mask, a, b].map { $0.shape.strides(broadcastTo: shape) }
    return both.picking(shape) { position in
      let choice = position.offset(steps[0])
      guard choices.indices.contains(choice) else { return nil }
      return choices[choice] != 0
        ? position.offset(steps[1]) : a.shape.count + position.offset(steps[2])
    }
  }
}
