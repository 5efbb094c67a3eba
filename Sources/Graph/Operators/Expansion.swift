/// `Expand`: a tensor stretched to a shape by broadcasting, every copy written out.
///
/// https://onnx.ai/onnx/operators/onnx__Expand.html
package struct Expansion: Operator {
  package static let names: [OperatorName] = ["Expand"]

  package init(_: Node) {}

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard let target = try x.integers(1) else { throw .missingInput(1) }
    let shape = try Shape.broadcast([input.shape, try Shape(target)])
    let value = input.elements?.broadcast(from: input.shape, to: shape)
    return [.tensor(input.type, shape, value: value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}

/// `Tile`: a tensor repeated along each axis.
///
/// https://onnx.ai/onnx/operators/onnx__Tile.html
package struct Tiling: Operator {
  package static let names: [OperatorName] = ["Tile"]

  package init(_: Node) {}

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard let repeats = try x.integers(1) else { throw .missingInput(1) }
    guard repeats.count == input.rank else {
      throw .mismatch("\(repeats.count) repeats of a tensor of rank \(input.rank)")
    }
    var dims: [Int] = []
    for (extent, count) in zip(input.dims, repeats) { dims.append(try product([extent, count])) }
    let shape = try Shape(dims)
    let strides = input.shape.strides
    let value = input.elements?.picking(shape) { position in
      zip(position, input.dims).map { $0 % $1 }.offset(strides)
    }
    return [.tensor(input.type, shape, value: value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
