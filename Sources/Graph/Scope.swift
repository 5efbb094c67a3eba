/// A body with its shapes inferred and its work counted.
package struct Scope: Sendable {
  package let body: Body
  /// What is known of each value of the body.
  package let infos: [ValueInfo?]
  /// Which values are known before the model runs.
  package let constants: [Bool]
  /// One for each node, in the same order.
  package let steps: [Step]
  /// For each value, the nodes that read it.
  package let readers: [[Node.ID]]
  /// For each value, the node that produces it.
  package let producers: [Node.ID?]

  /// What is known of each output of the body, in order.
  package var outputs: [ValueInfo?] { body.outputs.map { infos[$0] } }

  /// Whether the value is one that the body returns.
  package func isOutput(_ id: Value.ID) -> Bool { body.outputs.contains(id) }

  /// The work of running the body once, bodies of control flow included.
  package var work: Work { steps.reduce(Work()) { $0 + $1.totalWork } }
}

/// One node, understood.
package struct Step: Sendable {
  package let node: Node
  /// What the node does; nil where that is not known.
  package let op: (any Operator)?
  package let state: State
  package let layer: LayerClass
  /// The operands, as known.
  package let inputs: Operands
  /// The results, as known; absent ones are those that nobody wants.
  package let outputs: Operands
  /// The work of the node itself, once; nothing where it is free, unknown where it is uncounted.
  package let work: Work
  package let contractions: [Contraction]
  /// The bodies that a control operator runs.
  package let branches: [Branch]

  /// How far the node is understood.
  package enum State: Sendable, Hashable {
    case counted
    case free(Reason)
    case uncounted(OperatorError)
  }

  /// Why a node costs nothing when the model runs.
  package enum Reason: String, Sendable, Hashable {
    /// The result shares the elements of an operand.
    case view
    /// All operands are known beforehand, so the result is computed once, when the model is loaded.
    case constant
    /// The result is a small tensor of sizes, computed on the host.
    case shape
    /// Nobody reads the result.
    case unread
  }

  /// The operator, where it is one of type `T`.
  package func op<T: Operator>(as type: T.Type) -> T? { op as? T }

  /// The work of the node and of the bodies it runs.
  package var totalWork: Work {
    branches.reduce(work) { $0 + $1.scope.work.times($1.executions) }
  }

  package var isCounted: Bool { state == .counted }
  package var error: OperatorError? { if case .uncounted(let error) = state { error } else { nil } }
}
