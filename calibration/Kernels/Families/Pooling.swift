/// The greatest number in each window.
struct Pooling: KernelFamily {
  /// With as many output channels as input channels.
  let extents: ConvolutionExtents

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    // The last is so short that it tells what a launch takes.
    [
      (32, 112, 64, 3, 2), (32, 56, 192, 3, 2), (32, 28, 256, 3, 1), (1, 28, 64, 3, 1),
    ].enumerated().map {
      index, layer in
      let (batch, size, channels, kernel, stride) = layer
      return Pooling(
        extents: ConvolutionExtents(
          batch: batch == 1 ? 1 : batch * board.memoryScale, size: size, inputChannels: channels,
          outputChannels: channels,
          kernel: kernel, stride: stride, groups: channels)
      ).kernel(isEssential: index == 0)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let extents = extents
    let area = extents.outputSize * extents.outputSize
    return BenchmarkKernel(
      name: "pooling-\(extents.name)", .pooling, .float32, program(), .convolution(extents),
      grid: .init((extents.outputCount + 255) / 256),
      arguments: [
        .buffer(Buffer(.float32, extents.inputCount, .normal(deviation: 1, seed: 25))),
        .buffer(Buffer(.float32, extents.outputCount, .result)),
      ]
        + [extents.size, extents.outputSize, extents.inputChannels, extents.outputCount].map {
          .number(UInt32(clamping: $0))
        },
      work: KernelWork(
        operations: extents.outputCount * extents.kernel * extents.kernel,
        bytes: (extents.inputCount + extents.outputCount) * 4),
      check: Check(result: 1) { inputs, index in
        let (plane, place) = index.quotientAndRemainder(dividingBy: area)
        let start = plane * extents.size * extents.size
        return extents.taps(place / extents.outputSize, place % extents.outputSize)
          .map { inputs[0, start + $0.y * extents.size + $0.x] }.max() ?? -.infinity
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    WindowProgram(
      entry: "pooling_\(extents.kernel)_\(extents.stride)", type: .float32,
      kernel: extents.kernel, stride: extents.stride
    ).program(hasWeights: false, start: Value(-Float.infinity)) { writer, sum, number, _ in
      writer.maximum(sum, number, into: sum)
    }
  }
}
