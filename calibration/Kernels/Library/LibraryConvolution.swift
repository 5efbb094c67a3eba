/// Convolutions as networks ask libraries for them, forward and for both gradients.
///
/// In 32 bits, TF32 among them, channels come first, as frameworks have them and Winograd's algorithm wants them; below, last, as tensor cores want them.
/// Depthwise ones have channels first in every type.
struct LibraryConvolution {
  let type: NumberType
  let extents: ConvolutionExtents
  let pass: ConvolutionPass

  static func calls(on board: BoardLimits) -> [LibraryCall] {
    let types = [NumberType.float32, .tensorFloat32, .float16, .bfloat16, .int8].filter {
      $0.isMultiplied(on: board.target)
    }
    return types.flatMap { type -> [LibraryCall] in
      let images = type == .int8 ? [] : [image]
      // Libraries have whole numbers forward only, and not for single channels.
      // Nor do tensor cores have anything to multiply in them in TF32.
      let separate = type == .int8 || type == .tensorFloat32 ? [] : DepthwiseConvolution.layers
      let own = Convolution.layers + images + separate
      return own.map { call(type, $0, .forward, board) }
        + (type == .int8
          ? []
          : [ConvolutionPass.inputGradient, .weightGradient].flatMap { pass in
            learnt.map { call(type, $0, pass, board) }
          })
    }
  }

  private static func call(
    _ type: NumberType, _ layer: ConvolutionExtents, _ pass: ConvolutionPass,
    _ board: BoardLimits
  ) -> LibraryCall {
    let isEssential =
      pass == .forward
      && (layer == Convolution.layers[1] || layer == Convolution.layers[10]
        || type == .float32 && layer == DepthwiseConvolution.layers[1])
    return LibraryConvolution(type: type, extents: layer.scaled(for: board), pass: pass)
      .call(isEssential: isEssential)
  }

  /// The layer that reads images.
  private static let image = ConvolutionExtents(
    batch: 32, size: 224, inputChannels: 3, outputChannels: 64, kernel: 7, stride: 2)

  /// Layers of ResNet-50 as they are trained, steps over positions among them.
  private static let learnt: [ConvolutionExtents] = [
    .init(batch: 32, size: 56, inputChannels: 64, outputChannels: 64, kernel: 3),
    .init(batch: 32, size: 28, inputChannels: 128, outputChannels: 128, kernel: 3),
    .init(batch: 32, size: 14, inputChannels: 256, outputChannels: 256, kernel: 3),
    .init(batch: 32, size: 56, inputChannels: 64, outputChannels: 256, kernel: 1),
    .init(batch: 32, size: 28, inputChannels: 512, outputChannels: 128, kernel: 1),
    .init(batch: 32, size: 56, inputChannels: 128, outputChannels: 128, kernel: 3, stride: 2),
    .init(batch: 32, size: 28, inputChannels: 512, outputChannels: 1024, kernel: 1, stride: 2),
  ]

  func call(isEssential: Bool = false) -> LibraryCall {
    let (extents, pass) = (extents, pass)
    let isDepthwise = extents.groups > 1 && extents.groups == extents.inputChannels
    let layout: ImageLayout =
      isDepthwise || type.byteCount == 4 ? .channelsFirst : .channelsLast
    let deviation = type.deviation
    // Sums of whole numbers are exact in 32 bits of floating point, and those are what networks go on with.
    let resultType = type == .int8 ? NumberType.float32 : type
    let images = Buffer(type, extents.inputCount, .normal(deviation: deviation, seed: 13))
    let weights = Buffer(type, extents.weightCount, .normal(deviation: deviation, seed: 14))
    let gradients = Buffer(type, extents.outputCount, .normal(deviation: deviation, seed: 15))
    let (operands, count): ((Buffer, Buffer), Int) =
      switch pass {
      case .forward: ((images, weights), extents.outputCount)
      case .inputGradient: ((gradients, weights), extents.inputCount)
      case .weightGradient: ((images, gradients), extents.weightCount)
      }
    let result = Buffer(resultType, count, .result)
    return LibraryCall(
      name: name, kernelClass(isDepthwise), type, .convolution(extents), layout,
      operands: operands, result: result,
      work: KernelWork(
        operations: 2 * extents.macs,
        bytes: operands.0.byteCount + operands.1.byteCount + result.byteCount),
      check: check { inputs, index in extents.expected(pass, layout, inputs, index) },
      isEssential: isEssential)
  }

  private var name: String {
    let kind =
      switch pass {
      case .forward: "convolution"
      case .inputGradient: "input-gradient"
      case .weightGradient: "weight-gradient"
      }
    return "\(kind)-\(type.rawValue)-\(extents.name)"
  }

  private func kernelClass(_ isDepthwise: Bool) -> KernelClass {
    switch pass {
    case .inputGradient: .inputGradient
    case .weightGradient: .weightGradient
    case .forward:
      isDepthwise
        ? .depthwiseConvolution : extents.groups > 1 ? .groupedConvolution : .convolution
    }
  }

  /// Algorithms that multiply less round more, so no more is asked than that the sum is the right one.
  private func check(_ expected: @escaping @Sendable (Inputs, Int) -> Double) -> Check {
    let deviation = Double(extents.terms(in: pass)).squareRoot()
    return switch type {
    case .int8: Check(result: 2, absolute: 0.5, expected: expected)
    case .float32: Check(result: 2, absolute: 1e-3 * deviation, relative: 1e-4, expected: expected)
    default: Check(result: 2, absolute: 0.02 * deviation, relative: 0x1p-7, expected: expected)
    }
  }
}
