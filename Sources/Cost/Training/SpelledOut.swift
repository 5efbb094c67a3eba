internal import Graph

/// An operator of a framework that an exporter has spelt out in nodes without products: layer normalisation, GELU, SiLU.
///
/// The framework has one derivative of it, not one for each node.
struct SpelledOut {
  let members: [Node.ID]
  let operation: Kernel.Operation
  /// What is read from outside beside constants.
  let operand: Value.ID
  let result: Value.ID

  /// Those of a body, in order of their first nodes, none of which shares a node with another.
  static func all(in scope: Scope) -> [SpelledOut] {
    let flow = Dataflow(scope, sharesViews: true)
    var isTaken = [Bool](repeating: false, count: scope.steps.count)
    var all: [SpelledOut] = []
    for head in scope.steps.indices where flow.launches(head) && !isTaken[head] {
      let group = FusionGroup(head, flow, isTaken, .framework)
      for member in group.members { isTaken[member] = true }
      guard group.members.count > 1,
        group.members.allSatisfy({ scope.steps[$0].contractions.isEmpty }),
        let operand = flow.operands(head).first(where: { !scope.constants[$0] }),
        let result = group.members.flatMap(flow.results).first(where: {
          flow.isNeeded($0, outside: group.members)
        })
      else { continue }
      all.append(
        SpelledOut(
          members: group.members, operation: group.operation(flow), operand: operand,
          result: result))
    }
    return all
  }
}
