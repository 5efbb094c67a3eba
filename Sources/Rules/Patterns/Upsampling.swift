import Cost
import Graph

/// A node that makes a feature map larger, channel by channel.
struct Upsampling {
  let id: Node.ID
  /// How many times larger each spatial axis is; nil where that is no whole number.
  let factors: [Int]?
  /// Whether each element is repeated as often as its axis grows, and nothing else.
  let repeats: Bool

  /// Nil unless the node makes at least one spatial axis longer, and no other axis different.
  init?(_ id: Node.ID, _ subject: Subject) {
    let step = subject.steps[id]
    guard step.isCounted, let resampling = step.op(as: Resampling.self), !resampling.crops,
      resampling.aspectRatio == .changes, let before = step.inputs[0]?.dims,
      let after = step.outputs[0]?.dims, before.count > 2, before.count == after.count,
      !(step.outputs[0]?.isEstimated ?? true), before[..<2] == after[..<2],
      zip(before, after).allSatisfy({ 0 < $0 && $0 <= $1 }), before != after
    else { return nil }
    self.id = id
    let pairs = zip(before.dropFirst(2), after.dropFirst(2))
    let factors = pairs.allSatisfy { $1 % $0 == 0 } ? pairs.map { $1 / $0 } : nil
    self.factors = factors
    repeats =
      resampling.interpolation == .nearest
      && (factors?.allSatisfy { step.node.takesNearest(factor: $0) } ?? false)
  }

  /// The node for an operand with `channels`, whose constants are added to `rewrite`; nil where it cannot be told.
  func node(channels: Int, _ rewrite: inout Rewrite, _ subject: Subject) -> Node? {
    let step = subject.steps[id]
    var node = step.node
    // Sizes say the channels too; scales do not.
    guard let index = step.sizesIndex else { return node }
    if let axes = step.op(as: Resampling.self)?.axes {
      return axes.allSatisfy { $0 > 1 || $0 < 0 && $0 + (step.inputs[0]?.rank ?? 0) > 1 }
        ? node : nil
    }
    let isFixed = subject.estimate.analysis.binding.symbols.isEmpty
    guard isFixed || step.inputs.isConstant(index), var sizes = step.inputs[index]?.value?.integers,
      sizes.indices.contains(1)
    else { return nil }
    sizes[1] = channels
    node.inputs[index] = rewrite.integers(sizes, "sizes", subject.scope.body)
    return node
  }
}

extension Step {
  /// The operand that says the extents of the result, where one does.
  fileprivate var sizesIndex: Int? {
    guard node.op == "Resize", inputs.isGiven(3), inputs[3]?.shape.count ?? 0 > 0 else {
      return nil
    }
    return 3
  }
}

extension Node {
  /// Whether nearest neighbours on an axis that grows by a whole `factor` are its elements repeated.
  fileprivate func takesNearest(factor: Int) -> Bool {
    guard factor > 0, factor <= 16 else { return false }
    // Before version 11 there was one way: down to the element before.
    if op == "Upsample" || precedes(11) { return true }
    let mode = (try? string("nearest_mode")) ?? "round_prefer_floor"
    let coordinates = (try? string("coordinate_transformation_mode")) ?? "half_pixel"
    return (0..<factor).allSatisfy { place in
      let source: Double
      switch coordinates {
      case "half_pixel", "pytorch_half_pixel": source = (Double(place) + 0.5) / Double(factor) - 0.5
      case "asymmetric": source = Double(place) / Double(factor)
      default: return false
      }
      switch mode {
      case "round_prefer_floor": return (source - 0.5).rounded(.up) == 0
      case "round_prefer_ceil": return (source + 0.5).rounded(.down) == 0
      case "floor": return source.rounded(.down) == 0
      case "ceil": return source.rounded(.up) == 0
      default: return false
      }
    }
  }
}
