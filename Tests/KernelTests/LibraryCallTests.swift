import Testing

@testable import BenchmarkKernels

/// What libraries are asked, and what must come out.
@Suite struct LibraryCallTests {
  private static let extents: [ConvolutionExtents] = [
    .init(batch: 2, size: 5, inputChannels: 3, outputChannels: 4, kernel: 3),
    .init(batch: 1, size: 6, inputChannels: 2, outputChannels: 2, kernel: 3, stride: 2),
    .init(batch: 2, size: 4, inputChannels: 4, outputChannels: 6, kernel: 1, stride: 2),
    .init(batch: 1, size: 5, inputChannels: 4, outputChannels: 6, kernel: 3, groups: 2),
    .init(batch: 2, size: 4, inputChannels: 3, outputChannels: 3, kernel: 5, groups: 3),
  ]

  /// The three tensors of a convolution, of random numbers.
  private struct Tensors {
    let images: BenchmarkKernel.Argument
    let weights: BenchmarkKernel.Argument
    let gradients: BenchmarkKernel.Argument

    init(_ e: ConvolutionExtents) {
      func buffer(_ count: Int, _ seed: UInt64) -> BenchmarkKernel.Argument {
        .buffer(Buffer(.float32, count, .normal(deviation: 1, seed: seed)))
      }
      images = buffer(e.inputCount, 1)
      weights = buffer(e.weightCount, 2)
      gradients = buffer(e.outputCount, 3)
    }
  }

  /// A convolution is linear in its images and in its weights, so all three passes have one and the same sum of products.
  @Test(arguments: extents, [ImageLayout.channelsFirst, .channelsLast])
  func `gradients are those of the convolution`(e: ConvolutionExtents, layout: ImageLayout) {
    let tensors = Tensors(e)
    func sum(
      _ pass: ConvolutionPass, _ operands: [BenchmarkKernel.Argument], count: Int,
      times other: BenchmarkKernel.Argument
    ) -> Double {
      let (operands, other) = (Inputs(operands), Inputs([other]))
      return (0..<count).reduce(0) {
        $0 + e.expected(pass, layout, operands, $1) * other[0, $1]
      }
    }
    let forward = sum(
      .forward, [tensors.images, tensors.weights], count: e.outputCount, times: tensors.gradients)
    let input = sum(
      .inputGradient, [tensors.gradients, tensors.weights], count: e.inputCount,
      times: tensors.images)
    let weight = sum(
      .weightGradient, [tensors.images, tensors.gradients], count: e.weightCount,
      times: tensors.weights)
    #expect(forward != 0)
    #expect(abs(input - forward) < 1e-9 * abs(forward) + 1e-9)
    #expect(abs(weight - forward) < 1e-9 * abs(forward) + 1e-9)
  }

  @Test(arguments: extents) func `layouts hold the same numbers in another order`(
    e: ConvolutionExtents
  ) {
    for layout in [ImageLayout.channelsFirst, .channelsLast] {
      var seen: Set<Int> = []
      for image in 0..<e.batch {
        for channel in 0..<e.inputChannels {
          for y in 0..<e.size {
            for x in 0..<e.size {
              let place = layout.place(
                image, channel, y, x, channels: e.inputChannels, size: e.size)
              let parts = layout.parts(of: place, channels: e.inputChannels, size: e.size)
              #expect(parts == (image, channel, y, x))
              seen.insert(place)
            }
          }
        }
      }
      #expect(seen == Set(0..<e.inputCount))
    }
  }

  @Test func `with channels last a library must find what this project's kernel finds`() {
    let extents = ConvolutionExtents(
      batch: 1, size: 6, inputChannels: 32, outputChannels: 8, kernel: 3, groups: 2)
    let kernel = Convolution(type: .float32, target: .sm70, extents: extents).kernel()
    let inputs = Inputs(kernel.arguments)
    for index in stride(from: 0, to: extents.outputCount, by: 7) {
      let own = kernel.check.expected(inputs, index)
      #expect(abs(extents.expected(.forward, .channelsLast, inputs, index) - own) < 1e-9)
    }
  }

  @Test func `calls are unlike one another, and of the types that a board multiplies`() {
    for board in KernelListTests.boards {
      let calls = KernelList.libraryCalls(on: board)
      #expect(Set(calls.map(\.name)).count == calls.count)
      #expect(calls.contains { $0.type == .bfloat16 } == (board.target >= .sm80))
      for call in calls {
        #expect(call.work.bytes == call.memoryBytes, "\(call.name)")
        #expect(call.buffers.map { $0.buffer.contents == .result } == [false, false, true])
      }
      // Every kind and type that a table has rates for has one whose energy is measured.
      for type in Set(calls.map(\.type)) {
        let powered = calls.filter { $0.type == type && $0.isEssential }.map(\.kernelClass)
        #expect(
          powered.contains(.gemm) && (type == .tensorFloat32 || powered.contains(.convolution)))
      }
    }
  }

  @Test func `odd extents are asked for in products and convolutions`() {
    let calls = KernelList.libraryCalls(on: .t4)
    for type in [NumberType.float32, .float16] {
      let isOdd = calls.filter { $0.type == type }.contains { call in
        if case .product(_, let columns, _) = call.problem { columns % 4 != 0 } else { false }
      }
      #expect(isOdd)
    }
    #expect(calls.contains { $0.kernelClass == .convolution && $0.name.contains("32x3x224x224") })
  }
}
