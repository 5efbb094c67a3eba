import Testing

@testable import BenchmarkKernels

/// Every kernel, run from its text at a small size, gives what the host computes.
@Suite struct ResultTests {
  @Test func `a launch leaves one number for each thread`() throws {
    #expect(try Emulator.disagreement(Launch.kernel(target: .sm70)) == nil)
  }

  @Test(arguments: [Stream.Form.copy, .triad])
  func `memory is copied and added`(form: Stream.Form) throws {
    for count in [4, 1024, 5000] {
      let kernel = Stream(form: form, count: count, blocks: 2).kernel()
      #expect(try Emulator.disagreement(kernel) == nil)
    }
  }
}

extension ResultTests {
  @Test(arguments: [NumberType.float32, .float16])
  func `multiply-adds turn points around the origin`(type: NumberType) throws {
    #expect(try Emulator.disagreement(Arithmetic(type: type, blocks: 1, turns: 2).kernel()) == nil)
  }

  @Test func `logarithms undo exponentials`() throws {
    #expect(try Emulator.disagreement(Transcendental(blocks: 1, turns: 2).kernel()) == nil)
  }

  @Test func `shared memory is read in turn`() throws {
    #expect(try Emulator.disagreement(SharedRead(blocks: 1, turns: 40).kernel()) == nil)
  }

  @Test func `the cached buffer is summed`() throws {
    let kernel = CacheRead(vectors: 1000, blocks: 2, passes: 3).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }

  @Test(arguments: [4, 16])
  func `rows are gathered in random order`(width: Int) throws {
    let kernel = Gather(tableRows: 300, width: width, count: 70, blocks: 1).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }
}

extension ResultTests {
  /// Every type on the generations that have an instruction of their own for it.
  static let tensors: [(NumberType, Target)] = [
    (.float16, .sm75), (.int8, .sm75), (.float16, .sm80), (.bfloat16, .sm80),
    (.tensorFloat32, .sm80), (.int8, .sm80),
  ]

  @Test(arguments: tensors)
  func `tensor cores multiply registers`(type: NumberType, target: Target) throws {
    let kernel = TensorArithmetic(type: type, target: target, blocks: 1, turns: 2).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }

  @Test(arguments: tensors + [(.float32, .sm70)])
  func `matrices are multiplied, beyond whole tiles too`(type: NumberType, target: Target) throws {
    // Three tiles deep, two tiles wide, and neither rows nor columns end with a tile.
    let depth = 3 * 64 / type.byteCount
    let kernel = Gemm(type: type, target: target, rows: 70, columns: 140, depth: depth).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }

  @Test(arguments: tensors + [(.float32, .sm70)])
  func `images are convolved up to their borders`(type: NumberType, target: Target) throws {
    let windows = type == .float32 ? [(3, 1), (3, 2), (1, 1), (5, 1)] : [(3, 2)]
    for (window, stride) in windows {
      let extents = ConvolutionExtents(
        batch: 2, size: 7, inputChannels: 64 / type.byteCount, outputChannels: 12,
        kernel: window, stride: stride)
      let kernel = Convolution(type: type, target: target, extents: extents).kernel()
      #expect(try Emulator.disagreement(kernel) == nil)
    }
  }

  @Test(arguments: [NumberType.float32, .float16])
  func `groups of channels are convolved apart`(type: NumberType) throws {
    let extents = ConvolutionExtents(
      batch: 1, size: 4, inputChannels: 3 * 64 / type.byteCount, outputChannels: 24, kernel: 3,
      groups: 3)
    let kernel = Convolution(
      type: type, target: type.programTarget(on: .sm75), extents: extents
    ).kernel()
    #expect(kernel.kernelClass == .groupedConvolution)
    #expect(try Emulator.disagreement(kernel) == nil)
  }

  @Test func `several tiles of channels are convolved`() throws {
    let extents = ConvolutionExtents(
      batch: 1, size: 4, inputChannels: 96, outputChannels: 68, kernel: 3)
    let kernel = Convolution(type: .float16, target: .sm75, extents: extents).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }
}

extension ResultTests {
  @Test(arguments: Elementwise.Form.allCases, [NumberType.float32, .float16])
  func `each element is computed by itself`(form: Elementwise.Form, type: NumberType) throws {
    let kernel = Elementwise(form: form, type: type, count: 2000, blocks: 1).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }

  /// A part of a warp, a whole one, several, a part of a block, and several vectors for each thread.
  static let rowLengths = [4, 64, 128, 1000, 2500]

  @Test(arguments: rowLengths)
  func `rows are summed and normalised`(columns: Int) throws {
    let kernels = [
      Reduction(rows: 2, columns: columns).kernel(), Softmax(rows: 2, columns: columns).kernel(),
      LayerNormalization(rows: 2, columns: columns).kernel(),
    ]
    for kernel in kernels { #expect(try Emulator.disagreement(kernel, limit: 100) == nil) }
  }

  @Test(arguments: RowSweep.Form.allCases, [4, 128, 1000, 2500])
  func `rows are read again for each step`(form: RowSweep.Form, columns: Int) throws {
    let kernel = RowSweep(form: form, rows: 2, columns: columns).kernel()
    #expect(try Emulator.disagreement(kernel, limit: 100) == nil)
  }

  @Test func `rows and columns change places`() throws {
    for (rows, columns) in [(32, 32), (1, 70), (45, 33)] {
      let kernel = Transposition(rows: rows, columns: columns).kernel()
      #expect(try Emulator.disagreement(kernel) == nil)
    }
  }

  @Test(arguments: [(3, 1), (3, 2), (5, 1)])
  func `channels are convolved and pooled by themselves`(kernel: Int, stride: Int) throws {
    let extents = ConvolutionExtents(
      batch: 2, size: 6, inputChannels: 3, outputChannels: 3, kernel: kernel, stride: stride,
      groups: 3)
    for type in [NumberType.float32, .float16] {
      let kernel = DepthwiseConvolution(type: type, extents: extents).kernel()
      #expect(try Emulator.disagreement(kernel) == nil)
    }
    #expect(try Emulator.disagreement(Pooling(extents: extents).kernel()) == nil)
  }
}
