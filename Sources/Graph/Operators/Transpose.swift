/// `Transpose`: the axes in another order, reversed unless said otherwise.
///
/// https://onnx.ai/onnx/operators/onnx__Transpose.html
package struct Transpose: Operator {
  package static let names: [OperatorName] = ["Transpose"]

  /// For each axis of the result, the axis of the input; nil for the reverse order.
  package let order: [Int]?

  package init(_ node: Node) throws(OperatorError) { order = try node.ints("perm") }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let order = order ?? input.dims.indices.reversed()
    guard order.count == input.rank, try input.shape.axes(order).count == order.count,
      order.allSatisfy({ $0 >= 0 })
    else { throw .wrongAttribute("perm", expected: "an order of \(input.rank) axes") }
    let shape = try Shape(order.map { input.dims[$0] })
    let strides = input.shape.strides
    let moved = order.map { strides[$0] }
    let value = input.elements?.picking(shape) { $0.offset(moved) }
    return [.tensor(input.type, shape, value: value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
