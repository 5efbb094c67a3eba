/// `HannWindow`, `HammingWindow`, `BlackmanWindow` and `MelWeightMatrix`: the constants of signal processing.
///
/// https://onnx.ai/onnx/operators/onnx__HannWindow.html, onnx__MelWeightMatrix.html
package struct SignalWindow: Operator {
  package static let names: [OperatorName] = [
    "BlackmanWindow", "HammingWindow", "HannWindow", "MelWeightMatrix",
  ]

  private let result: ElementType
  private let isMatrix: Bool
  private let perElement: Work

  package init(_ node: Node) throws(OperatorError) {
    result = try node.elementType("output_datatype") ?? .float32
    isMatrix = node.op.name == "MelWeightMatrix"
    perElement =
      switch node.op.name {
      case "BlackmanWindow": Work(elementwise: 8, transcendentals: 2)
      // A slope up, a slope down, and the lesser of them, above zero.
      case "MelWeightMatrix": Work(elementwise: 6)
      default: Work(elementwise: 4, transcendentals: 1)
      }
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let first = try single(x, 0)
    return [
      try .tensor(result, isMatrix ? [max(0, try single(x, 1)) / 2 + 1, first] : [first])
    ]
  }

  private func single(_ x: Operands, _ index: Int) throws(OperatorError) -> Int {
    guard let number = try x.integers(index)?.first else { throw .missingInput(index) }
    return number
  }

  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    perElement.times(try y.required(0).shape.count)
  }

  package func role(_: Int, _: Operands) -> OperandRole { .setting }
}
