/// `Constant`: a tensor written into the graph, which is there before the model runs.
///
/// https://onnx.ai/onnx/operators/onnx__Constant.html
package struct Constant: Operator {
  package static let names: [OperatorName] = ["Constant"]

  package let value: TensorInfo

  package init(_ node: Node) throws(OperatorError) {
    guard let attribute = node.attributes.first else { throw .missingAttribute("value") }
    switch attribute.value {
    case .tensor(let literal), .sparse(let literal):
      value = literal.info
    case .int(let number):
      value = TensorInfo(.int64, .scalar, value: .integers([number]))
    case .float(let number):
      value = TensorInfo(.float32, .scalar, value: .reals([number]))
    case .ints(let numbers):
      value = try TensorInfo(.int64, [numbers.count], value: .integers(numbers))
    case .floats(let numbers):
      value = try TensorInfo(.float32, [numbers.count], value: .reals(numbers))
    case .string: value = TensorInfo(.string, .scalar)
    case .strings(let texts): value = try TensorInfo(.string, [texts.count])
    default: throw .wrongAttribute(attribute.name, expected: "a tensor or a list")
    }
  }

  package var layer: LayerClass { .other }
  package func outputs(_: Operands) -> [ValueInfo?] { [.tensor(value)] }
  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_: Operands, _: Operands) -> (read: Int, written: Int) { (0, 0) }
}
