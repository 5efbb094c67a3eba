import Cost
import Graph

/// Nodes that together compute a function of one tensor, element by element or row by row.
///
/// Only their last result is read by others, so that one operator could stand in their place.
struct FunctionRegion {
  /// In order of execution; the last makes the result.
  let nodes: [Node.ID]
  let operand: Value.ID

  /// More nodes than these are no function that a framework has a name for.
  private static let reach = 24
  /// Nor are more than these one after the other, each of what the last has made: names for functions of one operand
  /// that is read once, as a sigmoid's, stand for fewer.
  private static let pathReach = 8

  /// Those that end in `root`, the smallest first.
  static func all(endingIn root: Node.ID, _ subject: Subject) -> [FunctionRegion] {
    let scope = subject.scope
    guard endings.contains(subject.steps[root].node.op.name), subject.steps[root].isPiece else {
      return []
    }
    var regions: [FunctionRegion] = []
    var members: Set<Node.ID> = []
    var frontier: Set<Value.ID> = []
    var isPath = true
    var next: Node.ID? = root
    while let node = next, members.count < (isPath ? pathReach : reach) {
      members.insert(node)
      for case let output? in subject.steps[node].node.outputs { frontier.remove(output) }
      for case let input? in subject.steps[node].node.inputs where !scope.constants[input] {
        frontier.insert(input)
      }
      isPath = isPath && frontier.count == 1
      if frontier.count == 1, members.count > 1, let operand = frontier.first {
        regions.append(FunctionRegion(nodes: members.sorted(), operand: operand))
      }
      // The latest first: what others of the region are made from comes before them.
      next =
        frontier.compactMap { value in
          guard let maker = scope.producers[value], subject.steps[maker].isPiece,
            !scope.isOutput(value), scope.readers[value].allSatisfy(members.contains)
          else { return nil }
          return maker
        }.max()
    }
    return regions
  }

  /// The operators that such functions end with.
  private static let endings: Set<String> = [
    "Add", "Cast", "Div", "Log", "Mul", "Reciprocal", "Sub", "Sum", "Where",
  ]
}

extension Step {
  /// Whether the node may be part of a function that is followed number by number.
  fileprivate var isPiece: Bool {
    guard isCounted || isView, node.op.domain.isEmpty, branches.isEmpty,
      node.outputs.count(where: { $0 != nil }) == 1, let result = outputs[0]
    else { return false }
    return NumberRows.follows(node.op.name)
      && (result.type.isFloatingPoint || result.type == .bool)
  }
}
