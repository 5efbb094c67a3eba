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
  package let readers: Readers
  /// For each value, the node that produces it.
  package let producers: [Node.ID?]

  /// What is known of each output of the body, in order.
  package var outputs: [ValueInfo?] { body.outputs.map { infos[$0] } }

  /// Whether the value is one that the body returns.
  package func isOutput(_ id: Value.ID) -> Bool { body.outputs.contains(id) }

  /// The work of running the body once, bodies of control flow included.
  package var work: Work {
    steps.indices.reduce(Work()) { $0 + steps[$1].totalWork }
  }
}

/// One node, understood.
///
/// Its fields live behind one reference, since every stage walks the steps and they are large to copy.
package struct Step: Sendable {
  private let contents: [Contents]

  private struct Contents: Sendable {
    let node: Node
    let op: (any Operator)?
    let state: State
    let layer: LayerClass
    let viewedInput: Int?
    let inputs: Operands
    let outputs: Operands
    let work: Work
    let contractions: [Contraction]
    let branches: [Branch]
  }

  package init(
    node: Node, op: (any Operator)?, state: State, inputs: Operands, outputs: Operands,
    work: Work, contractions: [Contraction], branches: [Branch]
  ) {
    contents = [
      Contents(
        node: node, op: op, state: state, layer: op?.layer(inputs) ?? .other,
        viewedInput: op?.viewedInput(inputs), inputs: inputs, outputs: outputs, work: work,
        contractions: contractions, branches: branches)
    ]
  }

  package var node: Node { _read { yield contents[0].node } }
  /// What the node does; nil where that is not known.
  package var op: (any Operator)? { _read { yield contents[0].op } }
  package var state: State { _read { yield contents[0].state } }
  package var layer: LayerClass { contents[0].layer }
  /// The operand whose storage the first result shares, where the result is a view.
  package var viewedInput: Int? { contents[0].viewedInput }
  /// The operands, as known.
  package var inputs: Operands { _read { yield contents[0].inputs } }
  /// The results, as known; absent ones are those that nobody wants.
  package var outputs: Operands { _read { yield contents[0].outputs } }
  /// The work of the node itself, once; nothing where it is free, unknown where it is uncounted.
  package var work: Work { _read { yield contents[0].work } }
  package var contractions: [Contraction] { _read { yield contents[0].contractions } }
  /// The bodies that a control operator runs.
  package var branches: [Branch] { _read { yield contents[0].branches } }

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
