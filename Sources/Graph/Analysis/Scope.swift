/// A body with its shapes inferred and its work counted.
///
/// Its fields live behind one reference, since every stage hands it on.
package struct Scope: Sendable {
  private let contents: [Contents]

  private struct Contents: Sendable {
    let body: Body
    let infos: [ValueInfo?]
    let constants: [Bool]
    let steps: [Step]
    let readers: Readers
    let producers: [Node.ID?]
    let isOutput: [Bool]
  }

  package init(
    body: Body, infos: [ValueInfo?], constants: [Bool], steps: [Step], readers: Readers,
    producers: [Node.ID?]
  ) {
    var isOutput = [Bool](repeating: false, count: body.values.count)
    for id in body.outputs { isOutput[id] = true }
    contents = [
      Contents(
        body: body, infos: infos, constants: constants, steps: steps, readers: readers,
        producers: producers, isOutput: isOutput)
    ]
  }

  package var body: Body { _read { yield contents[0].body } }
  /// What is known of each value of the body.
  package var infos: [ValueInfo?] { _read { yield contents[0].infos } }
  /// Which values are known before the model runs.
  package var constants: [Bool] { _read { yield contents[0].constants } }
  /// One for each node, in the same order.
  package var steps: [Step] { _read { yield contents[0].steps } }
  /// For each value, the nodes that read it.
  package var readers: Readers { _read { yield contents[0].readers } }
  /// For each value, the node that produces it.
  package var producers: [Node.ID?] { _read { yield contents[0].producers } }

  /// What is known of each output of the body, in order.
  package var outputs: [ValueInfo?] { body.outputs.map { infos[$0] } }

  /// Whether the value is one that the body returns.
  package func isOutput(_ id: Value.ID) -> Bool { contents[0].isOutput[id] }

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
    let family: (any Operator.Type)?
    let state: State
    let isCounted: Bool
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
        node: node, op: op, family: op.map { type(of: $0) }, state: state,
        isCounted: state == .counted, layer: op?.layer(inputs) ?? .other,
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

  /// The type of the operator.
  ///
  /// Types are compared far faster than values are cast, and rules ask each node hundreds of times.
  package var family: (any Operator.Type)? { contents[0].family }

  /// Whether the operator is one of `family`.
  package func op(is family: any Operator.Type) -> Bool { contents[0].family == family }

  /// The operator, where it is one of type `T`.
  package func op<T: Operator>(as type: T.Type) -> T? {
    op(is: type) ? contents[0].op as? T : nil
  }

  /// The work of the node and of the bodies it runs.
  package var totalWork: Work {
    branches.reduce(work) { $0 + $1.scope.work.times($1.executions) }
  }

  package var isCounted: Bool { contents[0].isCounted }
  package var error: OperatorError? { if case .uncounted(let error) = state { error } else { nil } }
}

/// Lets `switch` take operators apart by type: `case Clip.self, Power.self:`.
package func ~= (pattern: any Operator.Type, family: (any Operator.Type)?) -> Bool {
  family == pattern
}
