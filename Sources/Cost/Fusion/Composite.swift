internal import Graph

/// One operator of a framework that its exporter spells out in several nodes.
///
/// Each is told by the operators that follow one another, where every operand is made inside, is a constant, or is
/// what the first node reads. A function that an author has written in pieces of his own is none: there the framework
/// launches piece by piece, however they are named.
struct Composite {
  let members: [Node.ID]

  /// The nodes of each operator, in order of the graph.
  private static let patterns: [[Set<String>]] = [
    // Layer normalisation: the mean, the difference, its square, the mean of that, and the quotient; then the gains.
    [
      ["ReduceMean"], ["Sub"], ["Pow", "Mul"], ["ReduceMean"], ["Add"], ["Sqrt"], ["Div"], ["Mul"],
      ["Add"],
    ],
    [["ReduceMean"], ["Sub"], ["Pow", "Mul"], ["ReduceMean"], ["Add"], ["Sqrt"], ["Div"]],
    // The same in few bits, with its moments in more.
    [
      ["ReduceMean"], ["Sub"], ["Cast"], ["Pow", "Mul"], ["ReduceMean"], ["Add"], ["Sqrt"], ["Div"],
      ["Cast"], ["Mul"], ["Add"],
    ],
    // GELU.
    [["Div", "Mul"], ["Erf"], ["Add"], ["Mul"], ["Mul"]],
    // GELU by tanh. Its exporter writes the cube as two products; who writes the function himself takes a power.
    [
      ["Mul"], ["Mul"], ["Mul"], ["Add"], ["Mul"], ["Tanh"], ["Add"], ["Mul"], ["Mul"],
    ],
    // Mish.
    [["Softplus"], ["Tanh"], ["Mul"]],
    // A linear layer.
    [["MatMul"], ["Add"]],
    // The reciprocal of a square root.
    [["Sqrt"], ["Div", "Reciprocal"]],
    // SiLU and hard swish.
    [["Sigmoid", "HardSigmoid"], ["Mul"]],
  ]

  /// The same by the operators that they begin with.
  private static let byFirst = patterns.reduce(into: [String: [[Set<String>]]]()) {
    known, pattern in
    for name in pattern[0] { known[name, default: []].append(pattern) }
  }

  /// The operator that begins with `head`; nil where there is none.
  init?(_ head: Node.ID, _ flow: Dataflow) {
    guard flow.launches(head), let patterns = Self.byFirst[flow.scope.steps[head].node.op.name],
      let members = patterns.lazy.compactMap({ Self.match($0, head, flow) }).first
    else { return nil }
    self.members = members
  }

  private static func match(_ pattern: [Set<String>], _ head: Node.ID, _ flow: Dataflow)
    -> [Node.ID]?
  {
    // What comes second reads a result of the first.
    let isFollowed = flow.results(head).contains { result in
      flow.readers(of: result).contains { flow.isNamed($0, pattern[1]) }
    }
    guard isFollowed else { return nil }
    let given = Set(flow.operands(head).filter { !flow.scope.constants[$0] })
    guard given.count == 1, let operand = given.first else { return nil }
    var members = [head]
    for names in pattern.dropFirst() {
      let results = members.flatMap(flow.results)
      let known = [operand] + results
      // A node has to read a result. Others read the operand, perhaps thousands, and each of them looks here.
      let candidates = results.flatMap(flow.readers)
      guard
        let next = candidates.filter({ node in
          !members.contains(node) && flow.isNamed(node, names)
            && flow.operands(node).allSatisfy { known.contains($0) || flow.scope.constants[$0] }
            && flow.operands(node).contains(where: results.contains)
        }).min()
      else { return nil }
      members.append(next)
    }
    let leaving = members.flatMap(flow.results).filter { flow.isNeeded($0, outside: members) }
    guard leaving.count == 1, flow.isReadAsOne(operand, by: members) else { return nil }
    return members.sorted()
  }
}

extension Dataflow {
  fileprivate func isNamed(_ node: Node.ID, _ names: Set<String>) -> Bool {
    launches(node) && names.contains(scope.steps[node].node.op.name)
  }
}
