/// Operators that work on each element alone, after broadcasting their operands together.
///
/// To add one, add its line to `table`.
package struct Elementwise: Operator {
  /// What one element of the result takes, and how it is computed where shapes depend on it.
  struct Rule: Sendable {
    var layer: LayerClass = .other
    /// Elementary operations for each element of the result.
    var operations = 1
    /// Those of them that special function units run.
    var transcendentals = 0
    /// The type of the result where it is not that of the first operand.
    var result: ElementType?
    /// The operation on integers, where shapes are computed with it; nil where it has no result.
    var integers: (@Sendable ([Int]) -> Int?)?
    /// The operation on real numbers, where shapes are computed with it.
    var reals: (@Sendable ([Double]) -> Double?)?
  }

  static let table: [OperatorName: Rule] = [
    "Add": Rule(layer: .add, integers: { add($0[0], $0[1]) }, reals: { $0[0] + $0[1] }),
    "Relu": Rule(layer: .activation),
  ]

  package static var names: [OperatorName] { table.keys.sorted() }

  package let name: OperatorName
  private let rule: Rule

  package init(_ node: Node) throws(OperatorError) {
    guard let rule = Self.table[node.op] else { throw .unsupported(node.op) }
    self.name = node.op
    self.rule = rule
  }

  package var layer: LayerClass { rule.layer }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let first = try x.required(0)
    var shapes: [Shape] = []
    for index in 0..<x.count where x.isGiven(index) { shapes.append(try x.required(index).shape) }
    return [.tensor(rule.result ?? first.type, try Shape.broadcast(shapes))]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let count = try y.required(0).shape.count
    return Work(elementwise: rule.operations, transcendentals: rule.transcendentals).times(count)
  }
}

private func add(_ a: Int, _ b: Int) -> Int? {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? nil : sum
}
