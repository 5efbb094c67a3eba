import Graph

/// The transposed convolution that repeats each element and convolves the result, in one.
///
/// Repeating `s` times and a kernel `w` of `k` taps are together a transposed convolution with a stride of `s`
/// and `k + s − 1` taps, of which tap `m` is the sum of `w[k − 1 − m + r]` over `r` from 0 to `s − 1`.
struct TransposedForm {
  private let step: Step
  private let layer: Convolution
  private let weights: TensorInfo
  private let factors: [Int]
  private let kernel: [Int]
  private let before: [Int]
  private let after: [Int]

  /// Nil where more is padded around the result than a transposed convolution can cut off.
  init?(_ step: Step, _ factors: [Int]) {
    guard let layer = step.op(as: Convolution.self), let weights = step.inputs[1], weights.rank > 2
    else {
      return nil
    }
    let kernel = Array(weights.dims.dropFirst(2))
    guard kernel.count == factors.count, kernel.allSatisfy({ 1...31 ~= $0 }),
      factors.allSatisfy({ 1...8 ~= $0 }), let pads = layer.window.pads(kernel.count),
      kernel.indices.allSatisfy({ axis in
        0..<kernel[axis] ~= pads.before[axis] && 0..<kernel[axis] ~= pads.after[axis]
      })
    else { return nil }
    self.step = step
    self.layer = layer
    self.weights = weights
    self.factors = factors
    self.kernel = kernel
    before = kernel.indices.map { kernel[$0] - 1 - pads.before[$0] }
    after = kernel.indices.map { kernel[$0] - 1 - pads.after[$0] }
  }

  /// The one layer in the place of both: it reads what `enlarging` enlarges.
  func rewrite(_ id: Node.ID, _ enlarging: [Node.ID], _ source: Value.ID, _ subject: Subject)
    -> Rewrite?
  {
    guard let own = step.node.inputs[1] else { return nil }
    let groups = layer.groups
    let (rows, columns) = (weights.dims[0] / groups, weights.dims[1])
    let taps = zip(kernel, factors).map { $0 + $1 - 1 }
    guard let info = try? TensorInfo(weights.type, [columns * groups, rows] + taps) else {
      return nil
    }
    var recipe = Recipe.constant(own)
    if groups == 1 {
      recipe = .transposed(recipe, [1, 0] + kernel.indices.map { $0 + 2 })
    } else {
      recipe = .reshaped(recipe, [groups, rows, columns] + kernel)
      recipe = .transposed(recipe, [0, 2, 1] + kernel.indices.map { $0 + 3 })
      recipe = .reshaped(recipe, [columns * groups, rows] + kernel)
    }
    for axis in kernel.indices { recipe = spread(recipe, axis) }
    var rewrite = Rewrite()
    var node = step.node
    node.op = "ConvTranspose"
    node.inputs[0] = source
    node.inputs[1] = rewrite.addConstant("spread.weight", info, recipe, to: subject.scope.body)
    node.attributes = [
      Attribute("group", .int(groups)), Attribute("kernel_shape", .ints(taps)),
      Attribute("pads", .ints(before + after)), Attribute("strides", .ints(factors)),
    ]
    rewrite.removed.formUnion(enlarging)
    rewrite.replaced[id] = [node]
    return rewrite
  }

  /// The taps along a spatial axis in reverse, each added to as many places as an element is repeated.
  private func spread(_ recipe: Recipe, _ axis: Int) -> Recipe {
    let reversed = (0..<kernel[axis]).reversed().map { tap in
      Recipe.sliced(recipe, axis: axis + 2, from: tap, to: tap + 1, step: 1)
    }
    let flipped = reversed.count == 1 ? reversed[0] : .concatenated(reversed, axis: axis + 2)
    guard factors[axis] > 1 else { return flipped }
    let shifted = (0..<factors[axis]).map { shift in
      Recipe.padded(flipped, axis: axis + 2, before: shift, after: factors[axis] - 1 - shift)
    }
    return shifted.dropFirst().reduce(shifted[0]) { $0 + $1 }
  }
}
