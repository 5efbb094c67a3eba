package import Graph

/// Winograd's algorithm for convolutions, which multiplies fewer numbers than there are taps.
///
/// Libraries have it in two forms. One kernel does all of it in blocks of two by two results, and each device table says what share of
/// the time that takes. Or kernels in steps bring the input and the weights into another form, multiply them, and bring the
/// result back: in larger blocks, with far fewer products, but with everything written and read between the steps.
/// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308.
extension Contraction {
  /// The products of the algorithm in steps: one for each point of a block, over blocks and channels.
  ///
  /// Nil where libraries do not have it: they do for floating-point kernels of 3×3 and 5×5, of stride 1 and one group.
  func winograd(in pass: Kernel.Pass, block: Int) -> Contraction? {
    guard case .convolution(let kernel, let strides, let positions, let groups) = form, groups == 1,
      kernel == [3, 3] || kernel == [5, 5], strides == [1, 1], type.isFloatingPoint, block > 0
    else { return nil }
    let taps = kernel[0] * kernel[1]
    let points = kernel.reduce(1) { $0 * (block + $1 - 1) }
    let area = positions.reduce(1, saturatingProduct)
    guard area > 0 else { return nil }
    let blocks = positions.reduce(1) {
      saturatingProduct($0, $1 / block + ($1 % block == 0 ? 0 : 1))
    }
    switch pass {
    case .forward, .inputGradient:
      return Contraction(
        batch: points, rows: saturatingProduct(rows / area, blocks), columns: columns,
        depth: depth / taps, type: type)
    case .weightGradient:
      return Contraction(
        batch: points, rows: rows, columns: columns / taps,
        depth: saturatingProduct(depth / area, blocks), type: type)
    }
  }

  /// The bytes of operands and result of all products, each written by one kernel and read by the next.
  var transformedBytes: (activations: Double, weights: Double) {
    let (rows, columns, depth) = (Double(rows), Double(columns), Double(depth))
    let size = 2 * Double(type.bitWidth) / 8 * Double(batch)
    return (size * rows * (depth + columns), size * depth * columns)
  }

  /// Whether the algorithm in one kernel can do the convolution: 3×3, stride 1, one group.
  package var suitsWinograd: Bool {
    guard case .convolution(let kernel, let strides, _, let groups) = form else { return false }
    return groups == 1 && kernel == [3, 3] && strides.allSatisfy { $0 == 1 }
  }
}

extension Rate {
  /// The share of a product's multiply-accumulates that are done in one kernel: less than 1 where Winograd's algorithm saves some.
  ///
  /// It makes blocks of two by two results, those beyond the edge included, and is left where it would not pay.
  func algorithmShare(of contraction: Contraction) -> Double {
    guard case .convolution(_, _, let positions, _) = contraction.form, contraction.suitsWinograd
    else { return 1 }
    let padding = positions.reduce(1.0) { $0 * Double($1 + $1 % 2) / Double(max(1, $1)) }
    return min(1, winograd * padding)
  }
}
