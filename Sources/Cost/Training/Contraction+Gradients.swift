package import Graph

extension Contraction {
  /// The product that carries the gradient of the result back to the left operand.
  ///
  /// For a convolution of stride 1 that is a convolution over as many positions, from output to input
  /// channels; the multiply-accumulates are those of the product itself in every case.
  package var inputGradient: Contraction {
    var gradient = self
    let positions = taps
    if depth % positions == 0, !isStrided {
      gradient.columns = depth / positions
      gradient.depth = saturatingProduct(columns, positions)
    } else {
      swap(&gradient.columns, &gradient.depth)
    }
    return gradient
  }

  /// The product that carries the gradient of the result back to the right operand: the weights.
  package var weightGradient: Contraction {
    var gradient = self
    (gradient.rows, gradient.columns, gradient.depth) = (columns, depth, rows)
    return gradient
  }

  package var isStrided: Bool {
    guard case .convolution(_, let strides, _, _) = form else { return false }
    return strides.contains { $0 != 1 }
  }
}
