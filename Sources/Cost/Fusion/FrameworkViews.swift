internal import Graph

extension Scope {
  /// For each node, whether a framework hands its results out as views of its input: other strides over the same elements.
  ///
  /// PyTorch has parts of a tensor so (`split`, `chunk`, slices, one place along an axis), and matrices that only products
  /// read turned round. Other transpositions are copied when something needs their elements in order.
  func frameworkViews() -> [Bool] {
    steps.indices.map { id in
      let step = steps[id]
      guard step.isCounted, step.branches.isEmpty, let input = step.node.inputs.first ?? nil,
        !constants[input], let maker = producers[input], steps[maker].branches.isEmpty
      else { return false }
      switch step.family {
      case Slicing.self, Split.self: return true
      case Gather.self:
        // One index leaves the axis out; several gather rows.
        guard step.node.inputs.count > 1, let index = step.node.inputs[1] else { return false }
        return constants[index] && infos[index]?.tensor?.rank == 0
      case Transpose.self:
        guard let transpose = step.op(as: Transpose.self),
          let output = step.node.outputs.first ?? nil, let rank = step.inputs[0]?.rank,
          transpose.turnsMatrices(rank: rank)
        else { return false }
        return !readers[output].isEmpty
          && readers[output].allSatisfy { !steps[$0].contractions.isEmpty }
      default: return false
      }
    }
  }
}

extension Transpose {
  /// Whether the last two axes change places, and no others do.
  fileprivate func turnsMatrices(rank: Int) -> Bool {
    guard rank >= 2 else { return false }
    var turned = Array(0..<rank)
    turned.swapAt(rank - 2, rank - 1)
    return (order ?? (0..<rank).reversed()) == turned
  }
}
