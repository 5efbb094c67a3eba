/// Elementwise operators on quantised tensors: `QLinearAdd`, `QLinearMul`, `QLinearSigmoid` and their kin.
///
/// Each operand is followed by its scale and its zero point, and so is the result.
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAdd
package struct QuantizedElementwise: Operator {
  private struct Rule {
    var layer: LayerClass
    var operands: [Int]
    /// What one element takes between its quantisations.
    var activation: FusedActivation
    /// The type of the result, where it is not quantised again.
    var result: ElementType?
  }

  private static let table: [OperatorName: Rule] = [
    "com.microsoft::MulInteger": Rule(
      layer: .multiply, operands: [0, 2], activation: FusedActivation("Mul"), result: .int32),
    "com.microsoft::QLinearAdd": Rule(
      layer: .add, operands: [0, 3], activation: FusedActivation("Add")),
    "com.microsoft::QLinearLeakyRelu": Rule(
      layer: .activation, operands: [0], activation: FusedActivation("LeakyRelu")),
    "com.microsoft::QLinearMul": Rule(
      layer: .multiply, operands: [0, 3], activation: FusedActivation("Mul")),
    "com.microsoft::QLinearSigmoid": Rule(
      layer: .activation, operands: [0], activation: FusedActivation("Sigmoid")),
    "com.microsoft::QLinearWhere": Rule(
      layer: .movement, operands: [0, 1, 4], activation: FusedActivation("Where")),
  ]

  package static var names: [OperatorName] { table.keys.sorted() }

  private let rule: Rule

  package init(_ node: Node) throws(OperatorError) {
    guard let rule = Self.table[node.op] else { throw .unsupported(node.op) }
    self.rule = rule
  }

  package var layer: LayerClass { rule.layer }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    var shapes: [Shape] = []
    for index in rule.operands { shapes.append(try x.required(index).shape) }
    // A condition comes before the operands it chooses from.
    let source = rule.operands.count > 2 ? rule.operands[1] : rule.operands[0]
    let type = try x.required(source).type
    return [.tensor(rule.result ?? type, try Shape.broadcast(shapes))]
  }

  /// The operation, and two more for each operand made real and for the result made small again.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let quantized = rule.result == nil ? min(rule.operands.count, 2) + 1 : 0
    let quantizations = Work(elementwise: 2 * quantized)
    return (rule.activation.work + quantizations).times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    rule.operands.contains(index) ? .data : .setting
  }
}
