import Cost
import Graph

/// A product with a random mask of zeros and ones, made up for by a division: a dropout of elements, channels or
/// whole branches, spelled out.
struct RandomMask {
  /// The nodes that are left out, and what is read in place of the last one's result.
  let nodes: [Node.ID]
  let kept: Value.ID

  /// A mask of zeros and ones, and whether it is divided by the share of ones.
  private struct Draw {
    let isScaled: Bool
  }

  /// Longer chains from the draw to the mask are something else.
  private static let reach = 8

  /// Nil unless the node multiplies by such a mask.
  init?(_ id: Node.ID, _ subject: Subject) {
    let step = subject.steps[id]
    guard step.isCounted, step.node.op == "Mul", step.inputs.count == 2,
      let place = [0, 1].first(where: { Self.draw(subject.input(id, $0), subject) != nil }),
      let mask = Self.draw(subject.input(id, place), subject),
      let data = subject.input(id, 1 - place), Self.draw(data, subject) == nil,
      step.inputs[1 - place]?.shape == step.outputs[0]?.shape
    else { return nil }
    if mask.isScaled {
      (nodes, kept) = ([id], data)
    } else if let next = subject.onlyReader(of: id), subject.steps[next].dividesByShare,
      subject.input(next) == subject.output(id)
    {
      (nodes, kept) = ([id, next], data)
    } else if let before = subject.scope.producers[data], subject.steps[before].dividesByShare,
      subject.onlyReader(of: before) == id, let input = subject.input(before)
    {
      (nodes, kept) = ([before, id], input)
    } else {
      return nil
    }
  }

  /// The mask that a value is, where it is drawn at random; nil for other values.
  private static func draw(_ value: Value.ID?, _ subject: Subject) -> Draw? {
    guard var value else { return nil }
    var isScaled = false
    var isMask = false
    for _ in 0..<reach {
      guard let maker = subject.scope.producers[value] else { return nil }
      let step = subject.steps[maker]
      switch step.node.op {
      case "Bernoulli": return Draw(isScaled: isScaled)
      case "RandomUniform", "RandomUniformLike": return isMask ? Draw(isScaled: isScaled) : nil
      case "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Floor", "Round", "Ceil":
        isMask = true
      case "Div":
        guard step.dividesByShare else { return nil }
        isScaled = true
      case "Add" where isMask, "Cast", "Not", "Expand", "Identity", "Reshape", "Unsqueeze": break
      default: return nil
      }
      let inputs = step.node.inputs.compactMap { $0 }.filter { !subject.scope.constants[$0] }
      guard let input = inputs.first else { return nil }
      value = input
    }
    return nil
  }
}

extension Step {
  /// Whether the node divides by a constant between 0 and 1: the share of what is kept.
  fileprivate var dividesByShare: Bool {
    guard isCounted || state == .free(.view), node.op == "Div", inputs.isConstant(1),
      let numbers = inputs[1]?.value?.reals, let share = numbers.first, numbers.count == 1
    else { return false }
    return share > 0 && share <= 1
  }
}
