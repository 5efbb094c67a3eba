/// The order in which the operands of an `Einsum` are multiplied together, two at a time.
package struct EinsumPath: Sendable {
  package typealias Label = EinsumEquation.Label

  /// One product of two operands, or the reduction of a lone one.
  package struct Step: Hashable, Sendable {
    var batch = 1
    var rows = 1
    var columns = 1
    var depth = 1
    /// Whether products are summed, so that the step is a matrix product.
    var isContraction = false
    /// Additions over labels that one operand alone has, done before the product.
    var sums = 0

    /// Multiplications, and as many additions where they are summed.
    var products: Int {
      saturatingProduct(
        saturatingProduct(batch, rows), saturatingProduct(columns, depth))
    }

    func contraction(_ type: ElementType) -> Contraction {
      Contraction(batch: batch, rows: rows, columns: columns, depth: depth, type: type)
    }
  }

  package private(set) var steps: [Step] = []

  private let extents: [Label: Int]
  private let result: Set<Label>

  /// More operands than this are multiplied from left to right: there are `3^n` ways to split them.
  static let maximumOperands = 8

  package init(_ labels: EinsumEquation.Labelled) {
    extents = labels.extents
    result = Set(labels.result)
    let operands = labels.operands
    guard operands.count > 1 else {
      if let only = operands.first, !only.isSubset(of: result) {
        steps = [Step(batch: 0, sums: labels.counts[0])]
      }
      return
    }
    steps =
      operands.count <= Self.maximumOperands ? cheapest(operands) : leftToRight(operands)
  }

  /// The best way to multiply each subset of the operands, from small subsets to the whole.
  private func cheapest(_ operands: [Set<Label>]) -> [Step] {
    let whole = (1 << operands.count) - 1
    var best = [(cost: Int, steps: [Step])?](repeating: nil, count: whole + 1)
    var kept = [Set<Label>](repeating: [], count: whole + 1)
    for subset in 1...whole {
      let outside = operands.indices.filter { subset & (1 << $0) == 0 }
      let needed = outside.reduce(result) { $0.union(operands[$1]) }
      let inside = operands.indices.filter { subset & (1 << $0) != 0 }
      let all = inside.reduce(Set<Label>()) { $0.union(operands[$1]) }
      if inside.count == 1 {
        kept[subset] = all
        best[subset] = (0, [])
        continue
      }
      kept[subset] = all.intersection(needed)
      // Each pair of halves once: the half that holds the lowest operand leads.
      let lowest = subset & -subset
      var half = (subset - 1) & subset
      while half > 0 {
        defer { half = (half - 1) & subset }
        guard half & lowest != 0, let left = best[half], let right = best[subset ^ half] else {
          continue
        }
        let step = step(kept[half], kept[subset ^ half], keeping: kept[subset])
        let cost = saturatingSum(saturatingSum(left.cost, right.cost), step.products)
        if cost < best[subset]?.cost ?? .max {
          best[subset] = (cost, left.steps + right.steps + [step])
        }
      }
    }
    return best[whole]?.steps ?? leftToRight(operands)
  }

  private func leftToRight(_ operands: [Set<Label>]) -> [Step] {
    var steps: [Step] = []
    var held = operands[0]
    for index in operands.indices.dropFirst() {
      let needed = operands[(index + 1)...].reduce(result) { $0.union($1) }
      let kept = held.union(operands[index]).intersection(needed)
      steps.append(step(held, operands[index], keeping: kept))
      held = kept
    }
    return steps
  }

  private func step(_ a: Set<Label>, _ b: Set<Label>, keeping kept: Set<Label>) -> Step {
    let shared = a.intersection(b)
    var step = Step()
    step.batch = count(shared.intersection(kept))
    step.depth = count(shared.subtracting(kept))
    step.isContraction = !shared.isSubset(of: kept)
    for (labels, isLeft) in [(a, true), (b, false)] {
      let alone = labels.subtracting(shared)
      // A label that only one operand has and nobody wants is summed before the product.
      if !alone.isSubset(of: kept) { step.sums = saturatingSum(step.sums, count(labels)) }
      if isLeft { step.rows = count(alone.intersection(kept)) }
      if !isLeft { step.columns = count(alone.intersection(kept)) }
    }
    return step
  }

  private func count(_ labels: Set<Label>) -> Int {
    labels.reduce(1) { saturatingProduct($0, extents[$1] ?? 1) }
  }
}
