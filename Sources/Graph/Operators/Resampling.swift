/// `Resize` and `Upsample`: the same picture on a finer or a coarser grid.
///
/// Sizes come from scales or are given, for all axes or for some.
/// https://onnx.ai/onnx/operators/onnx__Resize.html, onnx__Upsample.html
package struct Resampling: Operator {
  package static let names: [OperatorName] = ["Resize", "Upsample"]

  /// What becomes of the ratio between the extents that the sizes ask for.
  package enum AspectRatio: Hashable, Sendable { case changes, keptWithin, keptAround }

  package let interpolation: Interpolation
  package let aspectRatio: AspectRatio
  /// The axes that scales and sizes are about; nil for all.
  package let axes: [Int]?
  /// Whether only a region of the input is resized.
  package let crops: Bool
  private let isAntialiased: Bool
  /// Scales as an attribute, as they were before version 9.
  private let scales: [Double]?
  /// The operands that hold the region, the scales and the sizes.
  private let operands: (region: Int?, scales: Int?, sizes: Int?)

  package init(_ node: Node) throws(OperatorError) {
    interpolation = Interpolation(try node.string("mode") ?? "nearest") ?? .linear
    switch try node.string("keep_aspect_ratio_policy") ?? "stretch" {
    case "not_larger": aspectRatio = .keptWithin
    case "not_smaller": aspectRatio = .keptAround
    default: aspectRatio = .changes
    }
    axes = try node.ints("axes")
    crops = try node.string("coordinate_transformation_mode") == "tf_crop_and_resize"
    isAntialiased = try node.flag("antialias")
    scales = try node.floats("scales")
    if node.op.name == "Upsample" {
      operands = (nil, scales == nil ? 1 : nil, nil)
    } else {
      operands = node.precedes(11) ? (nil, 1, nil) : (1, 2, 3)
    }
  }

  package var layer: LayerClass { .rescaling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    var axes = Array(input.dims.indices)
    if let some = self.axes {
      axes = []
      for axis in some { axes.append(try input.shape.axis(axis)) }
    }
    var dims = input.dims
    if let index = operands.sizes, x.isGiven(index), x[index]?.shape.count ?? 1 > 0 {
      try resize(&dims, axes, to: try x.integers(index) ?? [])
    } else {
      var scales = scales
      if let index = operands.scales { scales = try x.reals(index) }
      guard let scales else { throw .missingInput(operands.scales ?? 1) }
      try resize(&dims, axes, by: scales, of: try region(x, axes.count))
    }
    var result = try TensorInfo(input.type, dims)
    // Sizes are followed where they are scaled by one.
    if result.shape == input.shape, interpolation == .nearest, !crops { result.value = input.value }
    return [.tensor(result)]
  }

  private func resize(_ dims: inout [Int], _ axes: [Int], to sizes: [Int]) throws(OperatorError) {
    guard sizes.count == axes.count else {
      throw .mismatch("\(sizes.count) sizes for \(axes.count) axes")
    }
    guard aspectRatio != .changes else {
      for (axis, size) in zip(axes, sizes) { dims[axis] = size }
      return
    }
    let ratios = zip(axes, sizes).map { Double($1) / Double(dims[$0]) }.filter { $0.isFinite }
    guard let ratio = aspectRatio == .keptWithin ? ratios.min() : ratios.max() else { return }
    for axis in axes { dims[axis] = try extent((Double(dims[axis]) * ratio + 0.5)) }
  }

  private func resize(_ dims: inout [Int], _ axes: [Int], by scales: [Double], of region: [Double]?)
    throws(OperatorError)
  {
    guard scales.count == axes.count else {
      throw .mismatch("\(scales.count) scales for \(axes.count) axes")
    }
    for (place, axis) in axes.enumerated() {
      // Runtimes multiply in single precision, which decides extents that are nearly whole.
      var length = Float(dims[axis])
      if let region { length *= Float(region[place + axes.count]) - Float(region[place]) }
      dims[axis] = try extent(Double(length * Float(scales[place])))
    }
  }

  /// Where the region starts on each axis, then where it ends; nil where it is the whole.
  private func region(_ x: Operands, _ axes: Int) throws(OperatorError) -> [Double]? {
    guard crops, let index = operands.region, let region = try x.reals(index) else { return nil }
    guard region.count == 2 * axes else {
      throw .wrongInput(index, expected: "a start and an end for each axis")
    }
    return region
  }

  private func extent(_ real: Double) throws(OperatorError) -> Int {
    guard real >= 0, real < Double(Shape.maximumCount) else { throw .tooLarge([]) }
    return Int(real)
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let (input, output) = (try x.required(0), try y.required(0))
    let resized = zip(input.dims, output.dims).filter { $0 != $1 }
    var perResult = interpolation.operations(axes: resized.count)
    if isAntialiased {
      // The window widens by as much as the picture shrinks.
      for (before, after) in resized where after > 0 && after < before {
        perResult = saturatingProduct(perResult, saturatingSum(before, after - 1) / after)
      }
    }
    return Work(elementwise: saturatingProduct(perResult, output.shape.count))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
