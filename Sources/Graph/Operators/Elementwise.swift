/// Operators that work on each element alone, after broadcasting their operands together.
///
/// To add one, add its line to `table`.
package struct Elementwise: Operator {
  /// What one element of the result takes, and how it is computed where shapes depend on it.
  struct Rule: Sendable {
    var layer: LayerClass = .other
    /// Whether it rescales the first operand where the second is a constant.
    var rescales = false
    /// Elementary operations for each element of the result.
    var operations = 1
    /// Those of them that special function units run.
    var transcendentals = 0
    /// Elementary operations for each element and each operand after the first, of operators that take many.
    var joins = 0
    /// The type of the result where it is not that of the first operand.
    var result: ElementType?
    var evaluation: Evaluation?
  }

  /// How an element is computed; nil where there is no result.
  enum Evaluation: Sendable {
    case unary(@Sendable (Int) -> Int?, @Sendable (Double) -> Double?)
    /// Two operands, or more from left to right.
    case binary(Arithmetic)
  }

  package static var names: [OperatorName] { table.keys.sorted() }

  /// One kind, shared by all nodes that use it unadjusted.
  private let kind: [Kind]

  private struct Kind: Sendable {
    let name: OperatorName
    var rule: Rule
    let adjust: (@Sendable (Node, inout Rule) throws(OperatorError) -> Void)?
  }

  private static let kinds = Dictionary(
    uniqueKeysWithValues: table.map { name, rule in
      (name, [Kind(name: name, rule: rule, adjust: adjustments[name])])
    })

  package init(_ node: Node) throws(OperatorError) {
    guard var kind = Self.kinds[node.op] else { throw .unsupported(node.op) }
    if let adjust = kind[0].adjust { try adjust(node, &kind[0].rule) }
    self.kind = kind
  }

  package var name: OperatorName { kind[0].name }
  private var rule: Rule { kind[0].rule }

  package var layer: LayerClass { rule.layer }

  package func layer(_ x: Operands) -> LayerClass {
    rule.rescales && x.isConstant(1) ? .rescaling : rule.layer
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let operands = try x.broadcastable()
    let shape = try Shape.broadcast(operands.map(\.shape))
    let type = rule.result ?? operands[0].type
    return [.tensor(type, shape, value: value(operands, shape, type))]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let joins = saturatingProduct(rule.joins, max(0, x.tensors.count - 1))
    let perElement = Work(
      elementwise: saturatingSum(rule.operations, joins), transcendentals: rule.transcendentals)
    return perElement.times(try y.required(0).shape.count)
  }

  package func fitted(_ x: Operands) -> Operands { x.fittingConstants() }

  private func value(_ operands: [TensorInfo], _ shape: Shape, _ type: ElementType) -> TensorValue?
  {
    guard let evaluation = rule.evaluation, shape.isFollowed else { return nil }
    var values: [TensorValue] = []
    for operand in operands {
      guard let value = operand.elements?.broadcast(from: operand.shape, to: shape) else {
        return nil
      }
      values.append(value)
    }
    switch (evaluation, values[0]) {
    case (.unary(let operation, _), .integers(let numbers)):
      return TensorValue(numbers.map(operation), as: type)
    case (.unary(_, let operation), .reals(let numbers)):
      return TensorValue(numbers.map(operation), as: type)
    case (.binary(let operation), var result):
      for value in values.dropFirst() {
        guard let next = result.combined(with: value, operation, as: type) else { return nil }
        result = next
      }
      return result
    }
  }
}

extension Operands {
  /// The tensors given, of which there is at least one.
  func broadcastable() throws(OperatorError) -> [TensorInfo] {
    var tensors = [try required(0)]
    for index in 1..<max(1, count) where isGiven(index) { tensors.append(try required(index)) }
    return tensors
  }

  /// The same with each constant stretched or cut along the axes on which it does not meet the activations.
  func fittingConstants() -> Operands {
    let activations = all.indices.filter { !isConstant($0) }.compactMap { self[$0]?.shape }
    guard let target = try? Shape.broadcast(activations) else { return self }
    var fitted = self
    for index in all.indices {
      guard isConstant(index), let constant = self[index], constant.rank <= target.rank else {
        continue
      }
      let extents = target.dims.suffix(constant.rank)
      fitted = fitted.resizing(index, to: zip(constant.dims, extents).map { $0 == 1 ? 1 : $1 })
    }
    return fitted
  }
}
