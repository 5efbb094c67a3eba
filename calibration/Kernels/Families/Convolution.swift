/// Convolutions as the products that they imply, by the project's own program, for machines without a library of them.
///
/// Images lie channel by channel for each position (NHWC), weights by output channel, row, column and input channel.
struct Convolution: KernelFamily {
  let type: NumberType
  let target: Target
  /// Of each group, input channels are a multiple of what 64 bytes hold, output channels of four.
  let extents: ConvolutionExtents

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    NumberType.allCases.filter { $0.isMultiplied(on: board.target) }.flatMap { type in
      layers.enumerated().map { index, layer in
        Convolution(
          type: type, target: type.programTarget(on: board.target),
          extents: layer.scaled(for: board)
        ).kernel(isEssential: index == 1 || index == 10)
      }
    }
  }

  /// Layers of ResNet-50 at a batch of 32 and at 1, and of RegNet and ResNeXt.
  ///
  /// The last are so short that they tell what a launch takes.
  static let layers: [ConvolutionExtents] = [
    .init(batch: 32, size: 56, inputChannels: 64, outputChannels: 64, kernel: 3),
    .init(batch: 32, size: 28, inputChannels: 128, outputChannels: 128, kernel: 3),
    .init(batch: 32, size: 14, inputChannels: 256, outputChannels: 256, kernel: 3),
    .init(batch: 32, size: 7, inputChannels: 512, outputChannels: 512, kernel: 3),
    .init(batch: 32, size: 56, inputChannels: 64, outputChannels: 256, kernel: 1),
    .init(batch: 32, size: 28, inputChannels: 512, outputChannels: 128, kernel: 1),
    .init(batch: 32, size: 56, inputChannels: 128, outputChannels: 128, kernel: 3, stride: 2),
    .init(batch: 32, size: 14, inputChannels: 128, outputChannels: 128, kernel: 5),
    .init(batch: 1, size: 56, inputChannels: 64, outputChannels: 64, kernel: 3),
    .init(batch: 1, size: 14, inputChannels: 256, outputChannels: 256, kernel: 3),
    .init(batch: 32, size: 28, inputChannels: 384, outputChannels: 384, kernel: 3, groups: 6),
    .init(batch: 32, size: 14, inputChannels: 1024, outputChannels: 1024, kernel: 3, groups: 16),
    .init(batch: 1, size: 14, inputChannels: 384, outputChannels: 384, kernel: 3, groups: 6),
    .init(batch: 1, size: 7, inputChannels: 64, outputChannels: 64, kernel: 1),
  ]

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (extents, type) = (extents, type)
    let tiles = TileProgram(type: type, target: target, isConvolution: true)
    let (size, outputSize) = (extents.size, extents.outputSize)
    let (channels, area) = (extents.inputChannels, outputSize * outputSize)
    // Of each group.
    let (inputs, columns) = (channels / extents.groups, extents.outputChannels / extents.groups)
    let channelTiles = inputs * type.byteCount / TileSource.depthBytes
    let numbers = [
      extents.positions, columns, extents.kernel * extents.kernel * channelTiles, size, outputSize,
      extents.kernel, extents.stride, extents.padding, channelTiles, extents.groups,
    ]
    return BenchmarkKernel(
      name: "convolution-\(type.rawValue)-\(extents.name)",
      extents.groups == 1 ? .convolution : .groupedConvolution, type, tiles.program(),
      .convolution(extents),
      grid: .init(
        (columns + tiles.columns - 1) / tiles.columns,
        (extents.positions + TileProgram.rows - 1) / TileProgram.rows, extents.groups),
      arguments: [
        .buffer(Buffer(type, extents.inputCount, .normal(deviation: type.deviation, seed: 13))),
        .buffer(Buffer(type, extents.weightCount, .normal(deviation: type.deviation, seed: 14))),
        .buffer(Buffer(type.productType, extents.outputCount, .result)),
      ] + numbers.map { .number(UInt32(clamping: $0)) },
      work: KernelWork(
        operations: 2 * extents.macs,
        bytes: (extents.inputCount + extents.weightCount) * type.byteCount
          + extents.outputCount * type.productType.byteCount),
      check: .product(type, depth: extents.depth) { buffers, index in
        let (position, channel) = index.quotientAndRemainder(dividingBy: extents.outputChannels)
        let (image, place) = position.quotientAndRemainder(dividingBy: area)
        return extents.taps(place / outputSize, place % outputSize).reduce(0) { sum, tap in
          let from =
            ((image * size + tap.y) * size + tap.x) * channels + channel / columns * inputs
          let weight = (channel * extents.kernel * extents.kernel + tap.index) * inputs
          return (0..<inputs).reduce(sum) { $0 + buffers[0, from + $1] * buffers[1, weight + $1] }
        }
      },
      isEssential: isEssential)
  }
}

extension ConvolutionExtents {
  /// With as many images as `board` needs to be busy; a single image stays one.
  func scaled(for board: BoardLimits) -> ConvolutionExtents {
    guard batch > 1 else { return self }
    var scaled = self
    scaled.batch *= board.computeScale
    return scaled
  }

  /// As part of a kernel's name: batch, channels in, size, channels out, size of the weights, stride, and groups if several.
  var name: String {
    "\(batch)x\(inputChannels)x\(size)x\(size)-\(outputChannels)-\(kernel)x\(kernel)-\(stride)"
      + (groups == 1 ? "" : "-\(groups)")
  }

  /// The positions of the input under the weights of one output, and which weights these are.
  func taps(_ outputY: Int, _ outputX: Int) -> [(y: Int, x: Int, index: Int)] {
    (0..<kernel * kernel).compactMap { index in
      let y = outputY * stride + index / kernel - padding
      let x = outputX * stride + index % kernel - padding
      guard (0..<size).contains(y), (0..<size).contains(x) else { return nil }
      return (y, x, index)
    }
  }
}
