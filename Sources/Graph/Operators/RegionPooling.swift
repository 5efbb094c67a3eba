/// `RoiAlign`, `MaxRoiPool` and `CropAndResize`: a grid of the same size out of each of many regions of an image.
///
/// The image is `N×C×H×W`, there is a region in each row of operand 1, the result is `regions×C×height×width`.
/// https://onnx.ai/onnx/operators/onnx__RoiAlign.html, onnx__MaxRoiPool.html
package struct RegionPooling: Operator {
  package static let names: [OperatorName] = [
    "MaxRoiPool", "RoiAlign", "com.microsoft::CropAndResize",
  ]

  private enum Kind { case align(samples: Int), largest, crop(Interpolation) }

  private let kind: Kind
  /// The height and the width of the result, where the node says them.
  private let extents: [Int]?

  /// Samples along each axis of a cell where `RoiAlign` leaves that to the size of each region.
  static let assumedSamples = 2

  package init(_ node: Node) throws(OperatorError) {
    switch node.op.name {
    case "RoiAlign":
      let samples = try node.int("sampling_ratio", default: 0)
      kind = .align(samples: samples > 0 ? samples : Self.assumedSamples)
      extents = [
        try node.int("output_height", default: 1), try node.int("output_width", default: 1),
      ]
    case "MaxRoiPool":
      kind = .largest
      guard let shape = try node.ints("pooled_shape") else {
        throw .missingAttribute("pooled_shape")
      }
      extents = shape
    default:
      kind = .crop(Interpolation(try node.string("mode") ?? "bilinear") ?? .linear)
      extents = nil
    }
    guard extents.map({ $0.count == 2 }) ?? true else {
      throw .wrongAttribute("pooled_shape", expected: "two extents")
    }
  }

  package var layer: LayerClass { .pooling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (image, regions) = (try x.required(0), try x.required(1))
    guard image.rank == 4, regions.rank == 2 else {
      throw .mismatch("regions \(regions.shape) of an image \(image.shape)")
    }
    let given = extents == nil ? try x.integers(3) : nil
    guard let grid = extents ?? given, grid.count == 2 else {
      throw .wrongInput(3, expected: "two extents")
    }
    return [try .tensor(image.type, [regions.shape[0], image.shape[1]] + grid)]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let (image, output) = (try x.required(0), try y.required(0))
    let perResult: Int
    switch kind {
    case .align(let samples):
      let taps = saturatingProduct(samples, samples)
      perResult = saturatingProduct(taps, Interpolation.linear.operations(axes: 2) + 1)
    case .largest:
      // Regions differ, so each is taken to be the whole image: a bound.
      perResult = saturatingProduct(
        saturatingSum(image.shape[2] / max(1, output.shape[2]), 1),
        saturatingSum(image.shape[3] / max(1, output.shape[3]), 1))
    case .crop(let interpolation):
      perResult = interpolation.operations(axes: 2)
    }
    return Work(elementwise: saturatingProduct(perResult, output.shape.count))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
