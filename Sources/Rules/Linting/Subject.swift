package import Cost
package import Graph

/// A priced model, as rules look at it: its own body, node by node, with the joules of each.
///
/// Its fields live behind one reference, since rules and what they look for hand it on.
package struct Subject: Sendable {
  private var contents: [Contents]

  private struct Contents: Sendable {
    let estimate: Estimate
    let purpose: Purpose
    let scope: Scope
    let joules: [Double]
    let totalJoules: Double
    let onlyReaders: [Node.ID?]
    var manyAtOnce: Estimate?
  }

  package init(_ estimate: Estimate, for purpose: Purpose = Purpose()) {
    let scope = estimate.analysis.scope
    var joules = [Double](repeating: 0, count: scope.steps.count)
    var node = 0
    for (placement, cost) in zip(estimate.analysis.placements, estimate.nodes) {
      if placement.scope == 0 { node = placement.node }
      joules[node] += cost?.joules ?? 0
    }
    contents = [
      Contents(
        estimate: estimate, purpose: purpose, scope: scope, joules: joules,
        totalJoules: joules.reduce(0, +), onlyReaders: scope.onlyReaders)
    ]
  }

  package var estimate: Estimate { _read { yield contents[0].estimate } }
  /// What the model is for.
  var purpose: Purpose { _read { yield contents[0].purpose } }
  /// The same with as many inferences at once as a server makes, which several rules ask for; nil where one
  /// is not all that is made now, where inputs do not allow it, and where no rule asks.
  package var manyAtOnce: Estimate? { _read { yield contents[0].manyAtOnce } }
  /// The joules of each node of the model's own body, bodies of control flow included.
  private var joules: [Double] { _read { yield contents[0].joules } }
  /// The joules of all nodes together.
  package var totalJoules: Double { contents[0].totalJoules }
  package var scope: Scope { _read { yield contents[0].scope } }
  package var steps: [Step] { _read { yield contents[0].scope.steps } }

  /// Prices many inferences at once, for the rules that ask for them.
  mutating func priceManyAtOnce() {
    let binding = estimate.analysis.binding
    guard binding.batch == 1, let request = binding.request(batch: BatchOneServing.batch),
      let after = self.estimate(after: [.binding(request)]),
      after.analysis.binding.batch == BatchOneServing.batch
    else { return }
    contents[0].manyAtOnce = after
  }

  /// The joules of some nodes.
  package func joules(of nodes: some Sequence<Node.ID>) -> Double {
    nodes.reduce(0) { $0 + joules[$1] }
  }

  /// The share of some nodes in the energy of all, from 0 to 1.
  package func share(of nodes: some Sequence<Node.ID>) -> Double {
    totalJoules > 0 ? joules(of: nodes) / totalJoules : 0
  }

  /// The node that takes most, the first of equals; nil where there is none.
  var dearest: Node.ID? {
    joules.indices.max { (joules[$0], $1) < (joules[$1], $0) }
  }

  /// The node that produces the operand at `index` of a node.
  package func producer(of node: Node.ID, _ index: Int = 0) -> Node.ID? {
    let inputs = steps[node].node.inputs
    guard index < inputs.count, let id = inputs[index] else { return nil }
    return scope.producers[id]
  }

  /// The nodes that read the first result of a node.
  package func readers(of node: Node.ID) -> [Node.ID] {
    guard let output = steps[node].node.outputs.first, let output else { return [] }
    return Array(scope.readers[output])
  }

  /// The only node that reads any result of `node`, where no result is an output of the model.
  package func onlyReader(of node: Node.ID) -> Node.ID? { contents[0].onlyReaders[node] }

  /// The same, where nodes that ask for extents alone do not count: they read no element.
  package func onlyComputingReader(of node: Node.ID) -> Node.ID? {
    scope.onlyReader(of: node) { !steps[$0].readsExtentsAlone }
  }
}

extension Scope {
  /// For each node, the only one that reads any of its results, where no result is an output of the body.
  fileprivate var onlyReaders: [Node.ID?] { steps.indices.map { onlyReader(of: $0) { _ in true } } }

  /// The only node among those that count that reads any result of `node`, once; nil where a result is an output.
  fileprivate func onlyReader(of node: Node.ID, where counts: (Node.ID) -> Bool) -> Node.ID? {
    var only: Node.ID?
    for case let output? in steps[node].node.outputs {
      if isOutput(output) { return nil }
      for reader in readers[output] where counts(reader) {
        if only != nil { return nil }
        only = reader
      }
    }
    return only
  }
}
