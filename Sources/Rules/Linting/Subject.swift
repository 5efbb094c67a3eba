package import Cost
package import Graph

/// A priced model, as rules look at it: its own body, node by node, with the joules of each.
package struct Subject: Sendable {
  package let estimate: Estimate
  /// What the model is for.
  package let purpose: Purpose
  /// The same with as many inferences at once as a server makes, which several rules ask for; nil where one
  /// is not all that is made now, where inputs do not allow it, and where no rule asks.
  package private(set) var manyAtOnce: Estimate?
  /// The joules of each node of the model's own body, bodies of control flow included.
  private let joules: [Double]
  /// The joules of all nodes together.
  package let totalJoules: Double

  package init(_ estimate: Estimate, for purpose: Purpose = Purpose()) {
    var joules = [Double](repeating: 0, count: estimate.analysis.scope.steps.count)
    var node = 0
    for (placement, cost) in zip(estimate.analysis.placements, estimate.nodes) {
      if placement.scope == 0 { node = placement.node }
      joules[node] += cost?.joules ?? 0
    }
    self.estimate = estimate
    self.purpose = purpose
    self.joules = joules
    self.totalJoules = joules.reduce(0, +)
  }

  /// Prices many inferences at once, for the rules that ask for them.
  mutating func priceManyAtOnce() {
    let binding = estimate.analysis.binding
    guard binding.batch == 1, let request = binding.request(batch: BatchOneServing.batch),
      let after = self.estimate(after: [.binding(request)]),
      after.analysis.binding.batch == BatchOneServing.batch
    else { return }
    manyAtOnce = after
  }

  package var scope: Scope { estimate.analysis.scope }
  package var steps: [Step] { scope.steps }

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
  package func onlyReader(of node: Node.ID) -> Node.ID? {
    let outputs = steps[node].node.outputs.compactMap { $0 }
    let readers = outputs.flatMap { scope.readers[$0] }
    guard readers.count == 1, !outputs.contains(where: scope.isOutput) else { return nil }
    return readers[0]
  }

  /// The same, where nodes that ask for extents alone do not count: they read no element.
  package func onlyComputingReader(of node: Node.ID) -> Node.ID? {
    let outputs = steps[node].node.outputs.compactMap { $0 }
    let readers = outputs.flatMap { scope.readers[$0] }.filter { !steps[$0].readsExtentsAlone }
    guard readers.count == 1, !outputs.contains(where: scope.isOutput) else { return nil }
    return readers[0]
  }
}
