import Testing

@testable import BenchmarkKernels

/// What kernels say that they do, counted by hand.
@Suite struct WorkTests {
  @Test func `a product does two operations for each multiply-accumulate`() {
    let kernel = Gemm(type: .float16, target: .sm75, rows: 100, columns: 40, depth: 64).kernel()
    #expect(kernel.work.operations == 2 * 100 * 40 * 64)
    #expect(kernel.work.bytes == (100 * 64 + 40 * 64 + 100 * 40) * 2)
    #expect(kernel.grid == .init(1, 1))
    let bytes = Gemm(type: .int8, target: .sm75, rows: 129, columns: 256, depth: 64).kernel()
    #expect(bytes.work.bytes == 129 * 64 + 256 * 64 + 129 * 256 * 4)
    #expect(bytes.grid == .init(2, 2))
  }

  @Test func `a strided convolution makes a quarter of the positions`() {
    let extents = ConvolutionExtents(
      batch: 2, size: 56, inputChannels: 64, outputChannels: 128, kernel: 3, stride: 2)
    #expect(extents.outputSize == 28)
    #expect(extents.positions == 2 * 28 * 28)
    let kernel = Convolution(type: .float32, target: .sm70, extents: extents).kernel()
    #expect(kernel.work.operations == 2 * 2 * 28 * 28 * 128 * 9 * 64)
    #expect(kernel.work.bytes == 4 * (2 * 56 * 56 * 64 + 128 * 9 * 64 + 2 * 28 * 28 * 128))
  }

  @Test func `taps beyond the border are left out`() {
    let extents = ConvolutionExtents(
      batch: 1, size: 5, inputChannels: 16, outputChannels: 4, kernel: 3)
    #expect(extents.taps(0, 0).map(\.index) == [4, 5, 7, 8])
    #expect(extents.taps(2, 2).map(\.index) == Array(0..<9))
    #expect(extents.taps(4, 2).map(\.index) == [0, 1, 2, 3, 4, 5])
  }

  @Test func `memory is read once and written once`() {
    let copy = Stream(form: .copy, count: 1024, blocks: 1).kernel()
    let triad = Stream(form: .triad, count: 1024, blocks: 1).kernel()
    #expect(copy.work == KernelWork(bytes: 8192))
    #expect(triad.work == KernelWork(operations: 2048, bytes: 12288))
    let gather = Gather(tableRows: 100, width: 4, count: 10, blocks: 1).kernel()
    #expect(gather.work.bytes == 10 * 4 + 10 * 16 * 2)
  }

  @Test func `arithmetic counts both halves and both coordinates`() {
    let single = Arithmetic(type: .float32, blocks: 1, turns: 1).kernel()
    let half = Arithmetic(type: .float16, blocks: 1, turns: 1).kernel()
    // 256 threads turn eight points in eight steps, each two multiply-adds.
    #expect(single.work.operations == 256 * 8 * 8 * 2 * 2)
    #expect(half.work.operations == 2 * single.work.operations)
  }

  @Test(arguments: [(NumberType.float16, 16), (.tensorFloat32, 8), (.int8, 32)])
  func `a tensor core's turn is sixteen products for each warp`(type: NumberType, depth: Int) {
    let kernel = TensorArithmetic(type: type, target: .sm80, blocks: 3, turns: 5).kernel()
    #expect(kernel.work.operations == 3 * 4 * 5 * 16 * 2 * 16 * 8 * depth)
  }
}
