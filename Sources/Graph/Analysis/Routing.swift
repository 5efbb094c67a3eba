/// What a router's choice among classes says of how many rows each class gets.
///
/// A mixture of experts sends each token to a few of its experts, and gathers for each the tokens that chose it. How many
/// those are depends on data, but not how many they are in all: each token is there as often as it chooses. So every expert
/// is taken to get its even share, and their sum is right, where the bound for each would be every token.
extension TensorInfo {
  /// A choice among classes that elements express.
  package enum Choice: Hashable, Sendable {
    /// Each element is the number of one of so many classes.
    case number(of: Int)
    /// Each element says of one of so many classes whether it is chosen; all others are zero.
    case mark(of: Int)
  }

  /// The elements that are not zero when each class is chosen as often as any other; nil where nothing is known of a choice.
  var evenShare: Int? {
    guard case .mark(let classes) = choice, classes > 0 else { return nil }
    return shape.count / classes + (shape.count % classes == 0 ? 0 : 1)
  }
}

extension Operator {
  /// The choice that the result at `index` expresses, given those that the operands do.
  func choice(_ index: Int, _ x: Operands) -> TensorInfo.Choice? {
    // Most nodes are elementwise, and most operands express no choice.
    if let operation = self as? Elementwise {
      guard let choice = x.all.lazy.compactMap({ $0.info?.tensor?.choice }).first else {
        return nil
      }
      switch (operation.name.name, choice) {
      // Comparing numbers with those of classes marks them.
      case ("Equal", .number(let classes)): return .mark(of: classes)
      // What masks leave out is left out of every class.
      case ("Mul", .mark), ("And", .mark): return choice
      default: return nil
      }
    }
    let family: (any Operator.Type)? = Self.self
    switch family {
    case Extremum.self: return (self as? Extremum).flatMap { number($0.axis, x) }
    case TopK.self: return index == 1 ? (self as? TopK).flatMap { number($0.axis, x) } : nil
    case OneHot.self:
      return x[1]?.value?.reals.first.flatMap { ElementType.int64.truncating($0) }
        .map { .mark(of: $0) }
    case Transpose.self, Slicing.self, Split.self, Cast.self, Gather.self, Expansion.self:
      return x[0]?.choice
    default: return index == 0 ? viewedInput(x).flatMap { x[$0]?.choice } : nil
    }
  }

  /// The choice of a place along `axis` of the first operand.
  private func number(_ axis: Int, _ x: Operands) -> TensorInfo.Choice? {
    guard let input = x[0], let axis = try? input.shape.axis(axis) else { return nil }
    return .number(of: input.dims[axis])
  }
}
