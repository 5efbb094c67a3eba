/// `Softmax`, `LogSoftmax` and `Hardmax`: shares that sum to one along an axis.
///
/// Which axis decides nothing that is counted: every element takes its part in a maximum, a difference, an
/// exponential, a sum and a quotient. https://onnx.ai/onnx/operators/onnx__Softmax.html
package struct Softmax: Operator {
  package static let names: [OperatorName] = [
    "Hardmax", "LogSoftmax", "Softmax",
    "com.microsoft::BiasSoftmax", "com.microsoft::QLinearSoftmax",
  ]

  /// The first of the axes that the shares sum over, as the node says it; only that one from version 13 on.
  package let axis: Int
  /// Whether the input is read as a matrix that is cut at `axis`, as it was before version 13.
  package let flattens: Bool
  private let perElement: Work

  package init(_ node: Node) throws(OperatorError) {
    flattens = node.op.domain.isEmpty && node.precedes(13)
    axis = try node.int("axis", default: flattens ? 1 : -1)
    perElement =
      switch node.op.name {
      case "Hardmax": Work(elementwise: 1)
      case "BiasSoftmax": Work(elementwise: 6, transcendentals: 1)
      // Quantised at both ends.
      case "QLinearSoftmax": Work(elementwise: 9, transcendentals: 1)
      default: Work(elementwise: 5, transcendentals: 1)
      }
  }

  package var layer: LayerClass { .activation }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    if input.rank > 0 { _ = try input.shape.axis(axis, orEnd: flattens) }
    return [.tensor(input.type, input.shape)]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    perElement.times(try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    index == 0 ? .data : .setting
  }
}
