/// `Squeeze`: the same elements without axes of extent 1.
///
/// The axes are an attribute before opset 13; without any, all axes of extent 1 go.
/// https://onnx.ai/onnx/operators/onnx__Squeeze.html
package struct Squeeze: Operator {
  package static let names: [OperatorName] = ["Squeeze"]

  package let axes: [Int]?

  package init(_ node: Node) throws(OperatorError) { axes = try node.ints("axes") }

  package var layer: LayerClass { .reshape }
  package var viewedInput: Int? { 0 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let named = try x.integers(1, or: axes)
    let dropped =
      if let named { try input.shape.axes(named) } else {
        input.dims.indices.filter { input.dims[$0] == 1 }
      }
    for axis in dropped where input.dims[axis] != 1 {
      throw .mismatch("axis \(axis) of \(input.shape) squeezed")
    }
    let shape = try input.shape.reduced(dropped, keepsAxes: false)
    return [.tensor(input.type, shape, value: input.value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}

/// `Unsqueeze`: the same elements with axes of extent 1 added.
///
/// The axes, as counted in the result, are an attribute before opset 13.
/// https://onnx.ai/onnx/operators/onnx__Unsqueeze.html
package struct Unsqueeze: Operator {
  package static let names: [OperatorName] = ["Unsqueeze", "com.microsoft::ExpandDims"]

  package let axes: [Int]?

  package init(_ node: Node) throws(OperatorError) { axes = try node.ints("axes") }

  package var layer: LayerClass { .reshape }
  package var viewedInput: Int? { 0 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard let named = try x.integers(1, or: axes) else { throw .missingInput(1) }
    // The result has as many axes as the input and those added, whichever they are.
    let rank = input.rank + named.count
    let added = try Shape([Int](repeating: 1, count: rank)).axes(named)
    guard added.count == named.count else { throw .mismatch("an axis is added twice in \(named)") }
    var dims: [Int] = []
    var kept = input.dims[...]
    for axis in 0..<rank {
      if !added.contains(axis), let extent = kept.popFirst() {
        dims.append(extent)
      } else {
        dims.append(1)
      }
    }
    return [try .tensor(input.type, dims, value: input.value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
