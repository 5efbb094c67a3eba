/// `Flatten`: a matrix of the axes before one axis, and those from it on.
///
/// https://onnx.ai/onnx/operators/onnx__Flatten.html
package struct Flatten: Operator {
  package static let names: [OperatorName] = ["Flatten"]

  package let axis: Int

  package init(_ node: Node) throws(OperatorError) { axis = try node.int("axis", default: 1) }

  package var layer: LayerClass { .reshape }
  package var viewedInput: Int? { 0 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let axis = try input.shape.axis(axis, orEnd: true)
    let dims = [try product(input.dims[..<axis]), try product(input.dims[axis...])]
    return [try .tensor(input.type, dims, value: input.value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
