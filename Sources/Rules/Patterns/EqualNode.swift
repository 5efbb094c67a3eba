import Graph

/// What a node does to which operands: nodes that are equal in it give equal results.
struct EqualNode: Hashable {
  private let op: OperatorName
  private let overload: String
  private let opset: Int
  private let attributes: [String]
  private let inputs: [Value.ID?]

  /// Nil where two runs of the same node may differ, or where that cannot be told.
  init?(_ step: Step, _ names: inout ConstantNames) {
    guard let op = step.op, op.isDeterministic, step.branches.isEmpty, step.error == nil,
      step.op(as: Dropout.self).map({ !$0.isTraining(step.inputs) }) ?? true
    else { return nil }
    var attributes: [String] = []
    for attribute in step.node.attributes {
      guard let text = attribute.value.comparable else { return nil }
      attributes.append("\(attribute.name)=\(text)")
    }
    self.op = step.node.op
    overload = step.node.overload
    opset = step.node.opset
    self.attributes = attributes.sorted()
    let inputs = step.node.inputs.map { id in id.map { names.first(of: $0) } }
    self.inputs =
      Self.commutative.contains(step.node.op) ? inputs.sorted { ($0 ?? -1) < ($1 ?? -1) } : inputs
  }

  private static let commutative: Set<OperatorName> = [
    "Add", "And", "Equal", "Max", "Min", "Mul", "Or", "Xor",
  ]
}

/// One number for each value, the same for those known to be equal.
struct ConstantNames {
  private let scope: Scope
  private var firsts: [Value.ID: Value.ID] = [:]
  private var constants: [TensorInfo: Value.ID] = [:]

  init(_ scope: Scope) { self.scope = scope }

  /// Takes `value` for equal to `other` from now on.
  mutating func equate(_ value: Value.ID, with other: Value.ID) { firsts[value] = first(of: other) }

  /// Whether the value is a constant that is compared by its elements.
  ///
  /// Real numbers are compared where there is one: equal vectors of ones are parameters not trained yet.
  func isCompared(_ id: Value.ID) -> Bool {
    guard scope.constants[id], let info = scope.infos[id]?.tensor else { return false }
    return info.value != nil && !info.isEstimated
      && (info.rank == 0 || !info.type.isFloatingPoint)
  }

  /// The first value known to be equal to `id`: small constants are compared by their elements.
  mutating func first(of id: Value.ID) -> Value.ID {
    if let first = firsts[id] { return first }
    guard isCompared(id), let info = scope.infos[id]?.tensor else { return id }
    if let first = constants[info] {
      firsts[id] = first
      return first
    }
    constants[info] = id
    return id
  }
}
