/// Convolutions in which each channel has weights of its own.
struct DepthwiseConvolution: KernelFamily {
  /// `float32` or `float16`.
  let type: NumberType
  /// With as many output channels and groups as input channels.
  let extents: ConvolutionExtents

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    [NumberType.float32, .float16].flatMap { type in
      layers.map { layer in
        DepthwiseConvolution(type: type, extents: layer.scaled(for: board))
          .kernel(isEssential: type == .float32 && layer.size == 56)
      }
    }
  }

  /// Layers of MobileNetV2 and EfficientNet.
  static let layers = [
    (32, 112, 32, 3, 1), (32, 56, 144, 3, 1), (32, 28, 192, 3, 2), (32, 28, 240, 5, 1),
    (32, 14, 576, 3, 1), (32, 7, 960, 3, 1), (1, 14, 576, 3, 1),
  ]
  .map { batch, size, channels, kernel, stride in
    ConvolutionExtents(
      batch: batch, size: size, inputChannels: channels, outputChannels: channels,
      kernel: kernel, stride: stride, groups: channels)
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let extents = extents
    let channels = extents.inputChannels
    let area = extents.outputSize * extents.outputSize
    return BenchmarkKernel(
      name: "depthwise-\(type.rawValue)-\(extents.name)", .depthwiseConvolution, type, program(),
      .convolution(extents), grid: .init((extents.outputCount + 255) / 256),
      arguments: [
        .buffer(Buffer(type, extents.inputCount, .normal(deviation: 1, seed: 23))),
        .buffer(Buffer(type, extents.weightCount, .normal(deviation: 1, seed: 24))),
        .buffer(Buffer(type, extents.outputCount, .result)),
      ]
        + [extents.size, extents.outputSize, channels, extents.outputCount].map {
          .number(UInt32(clamping: $0))
        },
      work: KernelWork(
        operations: 2 * extents.macs,
        bytes: (extents.inputCount + extents.weightCount + extents.outputCount) * type.byteCount),
      check: Check(
        result: 2, absolute: 1e-5, relative: type == .float16 ? 0x1p-10 : 1e-5
      ) { inputs, index in
        let (plane, place) = index.quotientAndRemainder(dividingBy: area)
        let start = plane * extents.size * extents.size
        let weights = plane % channels * extents.kernel * extents.kernel
        return extents.taps(place / extents.outputSize, place % extents.outputSize)
          .reduce(0) { sum, tap in
            sum + inputs[0, start + tap.y * extents.size + tap.x] * inputs[1, weights + tap.index]
          }
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    let entry = "depthwise_\(type.rawValue)_\(extents.kernel)_\(extents.stride)"
    return WindowProgram(
      entry: entry, type: type, kernel: extents.kernel, stride: extents.stride
    ).program(hasWeights: true, start: 0.0) { writer, sum, number, weight in
      guard let weight else { return }
      writer.fused(number, weight, plus: sum, into: sum)
    }
  }
}
