/// `OneHot`: for each index a vector of one number, with another in the place of the index.
///
/// https://onnx.ai/onnx/operators/onnx__OneHot.html
package struct OneHot: Operator {
  package static let names: [OperatorName] = ["OneHot"]

  /// Where among the axes of the result the new one lies.
  package let axis: Int

  package init(_ node: Node) throws(OperatorError) { axis = try node.int("axis", default: -1) }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (indices, values) = (try x.required(0), try x.required(2))
    // The number of classes may come as a real number.
    guard let depth = try x.reals(1)?.first.flatMap({ ElementType.int64.truncating($0) }) else {
      throw .missingInput(1)
    }
    let place = axis < 0 ? axis + indices.rank + 1 : axis
    guard place >= 0, place <= indices.rank else {
      throw .axisOutOfRange(axis, rank: indices.rank + 1)
    }
    var dims = indices.dims
    dims.insert(depth, at: place)
    let shape = try Shape(dims)
    return [.tensor(values.type, shape, value: value(indices, values, place, depth, shape))]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_: Int, _: Operands) -> OperandRole { .setting }

  private func value(
    _ indices: TensorInfo, _ values: TensorInfo, _ place: Int, _ depth: Int, _ shape: Shape
  ) -> TensorValue? {
    guard let hot = indices.elements?.integers, values.shape.count == 2 else { return nil }
    let strides = indices.shape.strides
    return values.elements?.picking(shape) { position in
      var source = position
      let index = source.remove(at: place)
      let wanted = hot[source.offset(strides)]
      return index == (wanted < 0 ? wanted + depth : wanted) ? 1 : 0
    }
  }
}
