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

extension Step {
  /// Every how manyth element a resizing by nearest neighbours takes along an axis, from the first on; nil where
  /// the node is something else, or one of its axes takes others.
  func nearestStride(_ axis: Int) -> Int? {
    guard isCounted, let resampling = op(as: Resampling.self), !resampling.crops,
      resampling.aspectRatio == .changes, resampling.interpolation == .nearest,
      let before = inputs[0]?.dims, let result = outputs[0], !result.isEstimated,
      before.count == result.rank, before.indices.contains(axis)
    else { return nil }
    let after = result.dims
    guard
      zip(before, after).allSatisfy({ extent, count in
        count > 0 && extent % count == 0 && node.takesFirst(ofEach: extent / count)
      })
    else { return nil }
    return before[axis] / after[axis]
  }
}

extension Node {
  /// Whether nearest neighbours on an axis that shrinks by a whole `factor` are the first of each so many elements.
  fileprivate func takesFirst(ofEach factor: Int) -> Bool {
    guard factor > 0, factor <= 16 else { return false }
    if factor == 1 || op == "Upsample" || precedes(11) { return true }
    switch (try? string("coordinate_transformation_mode")) ?? "half_pixel" {
    case "asymmetric": return true
    case "half_pixel", "pytorch_half_pixel":
      // Element `i` is taken at `i · factor + (factor - 1) / 2`.
      let offset = Double(factor - 1) / 2
      switch (try? string("nearest_mode")) ?? "round_prefer_floor" {
      case "round_prefer_floor": return offset <= 0.5
      case "floor": return offset < 1
      default: return false
      }
    default: return false
    }
  }

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
