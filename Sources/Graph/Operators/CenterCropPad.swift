/// `CenterCropPad`: the middle of a tensor cut out, or a border of zeros put around it.
///
/// https://onnx.ai/onnx/operators/onnx__CenterCropPad.html
package struct CenterCropPad: Operator {
  package static let names: [OperatorName] = ["CenterCropPad"]

  /// The axes that the target names; nil for all.
  package let axes: [Int]?

  package init(_ node: Node) throws(OperatorError) { axes = try node.ints("axes") }

  package var layer: LayerClass { .padding }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard let target = try x.integers(1) else { throw .missingInput(1) }
    let axes = axes ?? Array(input.dims.indices)
    guard axes.count == target.count else {
      throw .mismatch("\(target.count) extents for \(axes.count) axes")
    }
    var dims = input.dims
    for (axis, extent) in zip(axes, target) { dims[try input.shape.axis(axis)] = extent }
    return [try .tensor(input.type, dims)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    // What is cut off is not read.
    guard let input = x[0], let output = y[0] else { return (0, y.byteCount) }
    let kept = zip(input.dims, output.dims).reduce(1) { saturatingProduct($0, min($1.0, $1.1)) }
    return (input.type.byteCount(kept), y.byteCount)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
