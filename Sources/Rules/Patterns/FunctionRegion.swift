import Cost
import Graph

/// Nodes that together compute a function of one tensor, element by element or row by row.
///
/// Only their last result is read by others, so that one operator could stand in their place.
struct FunctionRegion {
  /// In order of execution; the last makes the result.
  let nodes: [Node.ID]
  let operand: Value.ID
  /// Whether each node reads what the last has made, and constants.
  let isPath: Bool

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
    var members: [Node.ID] = []
    var frontier: [Value.ID] = []
    var isPath = true
    var isWeighted = false
    var next: Node.ID? = root
    while let node = next, members.count < (isPath ? pathReach : reach) {
      let step = subject.steps[node]
      members.append(node)
      frontier.removeAll(where: step.node.outputs.contains)
      for case let input? in step.node.inputs
      where !scope.constants[input] && !frontier.contains(input) {
        frontier.append(input)
        // Each node takes one value away at most.
        guard frontier.count <= reach else { return regions }
      }
      isPath = isPath && frontier.count == 1
      isWeighted = isWeighted || step.readsWeights
      // No name stands for a function that reads its operand once and its weights along with it.
      if frontier.count == 1, members.count > 1, !(isPath && isWeighted) {
        regions.append(
          FunctionRegion(nodes: members.sorted(), operand: frontier[0], isPath: isPath))
      }
      // The latest first: what others of the region are made from comes before them.
      next = nil
      for value in frontier {
        guard let maker = scope.producers[value], maker > next ?? -1, !scope.isOutput(value),
          subject.steps[maker].isPiece, scope.readers[value].allSatisfy(members.contains)
        else { continue }
        next = maker
      }
    }
    return regions
  }

  /// The operators that such functions end with.
  private static let endings: Set<String> = [
    "Add", "Cast", "Div", "Log", "Mul", "Reciprocal", "Sub", "Sum", "Where",
  ]
}

extension Step {
  /// Whether one of the operands that are followed is constant and more than a number.
  fileprivate var readsWeights: Bool {
    NumberRows.followedInputs(of: self).contains { index in
      inputs.isConstant(index) && inputs[index]?.theNumber == nil
    }
  }

  /// Whether the node may be part of a function that is followed number by number.
  fileprivate var isPiece: Bool {
    guard isCounted || isView, node.op.domain.isEmpty, branches.isEmpty,
      node.outputs.count(where: { $0 != nil }) == 1, let result = outputs[0]
    else { return false }
    return NumberRows.follows(node.op.name)
      && (result.type.isFloatingPoint || result.type == .bool)
  }
}
