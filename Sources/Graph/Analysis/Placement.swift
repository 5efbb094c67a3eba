/// Where a node stands among all nodes of a model, those inside control flow included.
package struct Placement: Sendable, Hashable {
  /// The body, by its number in `Analysis.scopes`; 0 is the model's own.
  package let scope: Int
  /// The node, by its number in that body.
  package let node: Node.ID
  /// How often one execution of the model runs the node; 0 in a branch not taken.
  package let executions: Int
}

extension Analysis {
  /// The step at `placement`, borrowed, since a step is large to copy.
  package subscript(placement: Placement) -> Step {
    _read { yield scopes[placement.scope].steps[placement.node] }
  }

  /// Every body in the order in which it is met, and every node in order of execution, with the nodes
  /// of a body right after the node that runs it.
  static func place(_ root: Scope) -> (scopes: [Scope], placements: [Placement]) {
    var scopes: [Scope] = []
    var placements: [Placement] = []
    func visit(_ scope: Scope, _ executions: Int) {
      let number = scopes.count
      scopes.append(scope)
      for id in scope.steps.indices {
        placements.append(Placement(scope: number, node: id, executions: executions))
        for branch in scope.steps[id].branches {
          visit(branch.scope, saturatingProduct(executions, branch.executions))
        }
      }
    }
    visit(root, 1)
    return (scopes, placements)
  }
}
