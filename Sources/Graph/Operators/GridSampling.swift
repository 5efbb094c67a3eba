/// `GridSample`: an image looked up at the points of a grid, between its pixels.
///
/// The image is `N×C×spatial`, the grid `N×points×rank`, the result `N×C×points`.
/// https://onnx.ai/onnx/operators/onnx__GridSample.html
package struct GridSampling: Operator {
  package static let names: [OperatorName] = ["GridSample", "com.microsoft::GridSample"]

  package let interpolation: Interpolation

  package init(_ node: Node) throws(OperatorError) {
    interpolation = Interpolation(try node.string("mode") ?? "linear") ?? .linear
  }

  package var layer: LayerClass { .rescaling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (image, grid) = (try x.required(0), try x.required(1))
    guard image.rank >= 3, grid.rank == image.rank, grid.dims.last == image.rank - 2 else {
      throw .mismatch("an image \(image.shape) at the points \(grid.shape)")
    }
    return [try .tensor(image.type, image.dims.prefix(2) + grid.dims.dropFirst().dropLast())]
  }

  /// The interpolation of each result, and a scale and an offset for each coordinate.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let (image, grid, output) = (try x.required(0), try x.required(1), try y.required(0))
    return Work(elementwise: interpolation.operations(axes: image.rank - 2))
      .times(output.shape.count) + Work(elementwise: 2).times(grid.shape.count)
  }
}

/// `AffineGrid`: the points at which an image is looked up to turn, scale and shift it.
///
/// There is a `rank×(rank + 1)` matrix for each image. https://onnx.ai/onnx/operators/onnx__AffineGrid.html
package struct AffineGrid: Operator {
  package static let names: [OperatorName] = ["AffineGrid"]

  package init(_: Node) {}

  package var layer: LayerClass { .rescaling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let matrices = try x.required(0)
    let size = try x.integers(1) ?? []
    guard size.count > 2 else { throw .wrongInput(1, expected: "the shape of a batch of images") }
    return [
      try .tensor(matrices.type, [size[0]] + size.dropFirst(2) + [size.count - 2])
    ]
  }

  /// A product and a sum for each axis, and the offset is the last of the sums.
  package func arithmetic(_: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let output = try y.required(0)
    return Work(elementwise: saturatingProduct(2, output.dims.last ?? 0)).times(output.shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 1 ? .setting : .data }
}
