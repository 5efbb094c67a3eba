/// What is known of a body before a rewrite, for all that the rewrite does not reach.
///
/// A node gives what it gave before where it is the same node, reads values of which the same is known, and the
/// same of its results are wanted. So what is taken over is what would be found again.
struct Reuse {
  private let scope: Scope
  /// For each node, the same node of the body before; nil for those that the rewrite put there.
  private let origins: [Node.ID?]
  private let wasWanted: [Bool]
  /// For each value, whether something else is known of it than before.
  private var isChanged: [Bool]

  /// `entries` are the nodes after the rewrite.
  init(_ scope: Scope, _ entries: [RewrittenNode], _ rewrite: Rewrite) {
    self.scope = scope
    origins = entries.map { $0.isNew ? nil : $0.origin }
    var wasWanted = scope.readers.map { !$0.isEmpty }
    for id in scope.body.outputs { wasWanted[id] = true }
    self.wasWanted = wasWanted
    var isChanged =
      [Bool](repeating: false, count: scope.infos.count)
      + [Bool](repeating: true, count: rewrite.added.count)
    for id in rewrite.extents.keys where isChanged.indices.contains(id) { isChanged[id] = true }
    var isKept = [Bool](repeating: false, count: scope.body.nodes.count)
    for case .some(let origin) in origins { isKept[origin] = true }
    // What a node computed that is gone is unknown until another computes it.
    for (id, node) in scope.body.nodes.enumerated() where !isKept[id] {
      for case .some(let output) in node.outputs { isChanged[output] = true }
    }
    self.isChanged = isChanged
  }

  /// What is known of node `index` already; nil where it has to be looked at again.
  func step(_ index: Int, _ node: Node, _ isWanted: [Bool]) -> Step? {
    guard let origin = origins[index] else { return nil }
    let step = scope.steps[origin]
    // Bodies of control flow read values by other ways than operands, and what was not understood may be now.
    guard step.branches.isEmpty, !step.node.hasSubgraphs, step.error == nil,
      node.inputs == step.node.inputs,
      !node.inputs.contains(where: { $0.map { isChanged[$0] } ?? false }),
      node.outputs.allSatisfy({ $0.map { isWanted[$0] == wasWanted[$0] } ?? true })
    else { return nil }
    return step
  }

  /// Notes which values are others than before, now that `step` has been looked at.
  mutating func note(_ step: Step) {
    for (id, result) in zip(step.node.outputs, step.outputs.all) {
      guard let id, id < scope.infos.count else { continue }
      isChanged[id] =
        result.info != scope.infos[id] || result.isConstant != scope.constants[id]
    }
  }
}

extension Node {
  fileprivate var hasSubgraphs: Bool {
    attributes.contains { attribute in
      switch attribute.value {
      case .graph, .graphs: true
      default: false
      }
    }
  }
}
