import Graph
import Testing

@testable import Cost

/// A matrix product, and the seconds that `calibration/fitting/timing.py` gives for it.
struct ReferenceProduct: Sendable {
  var batch: Int
  var rows: Int
  var columns: Int
  var depth: Int
  var seconds: Double
}

/// The fitter and the program must mean the same equation.
@Suite struct ReferenceTests {
  private func device() throws -> Device {
    var device = try #require(try Device.named("t4"))
    device.multiprocessors = 40
    device.l2Bytes = 4_194_304
    device.memory.cacheBytesPerSecond = 2e12
    return device
  }

  private let rate = Rate(
    operation: .gemm, type: .float32, flopsPerSecond: 5e12, bytesPerSecond: 2.4e11,
    joulesPerFlop: 1e-12,
    tiling: .init(fetchBytesPerSecond: 5e11, waveLoss: 0.3, unalignedShare: 0.8), overlap: 4,
    winograd: 1, provider: "test", samples: 0, residualPercent: 0)

  @Test(arguments: [
    ReferenceProduct(
      batch: 1, rows: 1000, columns: 1000, depth: 1000, seconds: 0.00059179008),
    ReferenceProduct(
      batch: 1, rows: 1, columns: 4096, depth: 25088, seconds: 0.0008758711227733336),
    ReferenceProduct(batch: 12, rows: 384, columns: 384, depth: 64, seconds: 6.143606784e-05),
    ReferenceProduct(
      batch: 1, rows: 49, columns: 512, depth: 4608, seconds: 0.00010874301098666665),
    ReferenceProduct(batch: 32, rows: 3136, columns: 4, depth: 36, seconds: 3.631104e-05),
    ReferenceProduct(batch: 1, rows: 7, columns: 9, depth: 5, seconds: 1.28e-07),
  ])
  func `products take as long as the fitter says`(product: ReferenceProduct) throws {
    let contraction = Contraction(
      batch: product.batch, rows: product.rows, columns: product.columns, depth: product.depth,
      type: .float32)
    let seconds = Timing(device: try device()).seconds(contraction, at: rate)
    #expect(abs(seconds - product.seconds) < 1e-9 * product.seconds)
  }

  @Test(arguments: [(4608, 0.0004608), (64, 6.4e-06)])
  func `a tile takes as long for its depth as the fitter says`(depth: Int, seconds: Double) throws {
    var rate = rate
    rate.tiling?.depthSeconds = 1e-7
    let product = Contraction(batch: 1, rows: 49, columns: 512, depth: depth, type: .float32)
    let found = Timing(device: try device()).seconds(product, at: rate)
    #expect(abs(found - seconds) < 1e-9 * seconds)
  }

  @Test(arguments: [(3_000_000, 5.666666666666667e-06), (9_000_000, 2.6287552e-05)])
  func `bytes move as fast as the fitter says`(cached: Int, seconds: Double) throws {
    let kernel = Kernel(
      members: [], operation: .gemm, type: .float32,
      parts: [Work(bytesRead: cached + 1_000_000)], weightBytes: 1_000_000)
    let moving = Timing(device: try device()).moving(kernel, at: rate)
    #expect(abs(moving - seconds) < 1e-12)
  }

  @Test(arguments: [(16, 0.6), (7, 0.6 * 64 / 49), (1, 1)])
  func `Winograd's algorithm in one kernel saves the share that a table gives it`(
    size: Int, share: Double
  ) {
    var rate = rate
    rate.winograd = 0.6
    let contraction = Contraction(
      .convolution(kernel: [3, 3], strides: [1, 1], positions: [size, size], groups: 1),
      rows: size * size, columns: 8, depth: 72, type: .float32)
    #expect(abs(rate.algorithmShare(of: contraction) - share) < 1e-12)
  }

  private func single(_ contraction: Contraction, _ pass: Kernel.Pass) -> Kernel {
    var kernel = Kernel(
      members: [], operation: .convolution, type: .float32, parts: [Work(macs: contraction.macs)],
      contractions: [contraction])
    kernel.pass = pass
    return kernel
  }

  @Test(arguments: [
    (3, 28, 128, 1, Kernel.Pass.forward, 0.0009244818363733333 + 3e-5),
    (5, 27, 128, 1, .forward, 0.00164443979776 + 3e-5),
    (3, 28, 128, 1, .weightGradient, 0.0008869375726933334 + 3e-5),
    (3, 14, 128, 2, .weightGradient, 0.0008428512142222222 + 1e-5),
  ])
  func `convolutions take as long as the fitter says`(
    kernel: Int, size: Int, channels: Int, stride: Int, pass: Kernel.Pass, seconds: Double
  ) throws {
    var (device, rate) = (try device(), rate)
    device.launch.kernelSeconds = 1e-5
    rate.weightGradientShare = 0.1
    rate.joulesPerFlop = 5e-12
    rate.winogradBlock = 4
    var contraction = Contraction(
      .convolution(
        kernel: [kernel, kernel], strides: [stride, stride], positions: [size, size], groups: 1),
      rows: 16 * size * size, columns: 256, depth: channels * kernel * kernel, type: .float32)
    if pass == .weightGradient { contraction = contraction.weightGradient }
    let demand = Timing(device: device).demand(single(contraction, pass), at: rate)
    #expect(abs(demand.seconds - seconds) < 1e-9 * seconds)
  }

  @Test func `Winograd's algorithm multiplies less and moves more`() throws {
    let contraction = Contraction(
      .convolution(kernel: [3, 3], strides: [1, 1], positions: [28, 28], groups: 1),
      rows: 16 * 28 * 28, columns: 256, depth: 128 * 9, type: .float32)
    let winograd = try #require(contraction.winograd(in: .forward, block: 4))
    #expect(winograd.macs * 4 == contraction.macs)
    let bytes = winograd.transformedBytes
    #expect(bytes.activations == 86_704_128)
    #expect(bytes.weights == 9_437_184)
    var rate = rate
    rate.joulesPerFlop = 5e-12
    rate.winogradBlock = 4
    let demand = Timing(device: try device()).demand(single(contraction, .forward), at: rate)
    #expect(demand.operations == 2 * Double(winograd.macs))
    #expect(demand.bytes == bytes.activations + bytes.weights)
  }

  @Test(arguments: [
    Contraction.Form.convolution(kernel: [3, 3], strides: [2, 2], positions: [9, 9], groups: 1),
    .convolution(kernel: [3, 3], strides: [1, 1], positions: [9, 9], groups: 2),
    .convolution(kernel: [1, 1], strides: [1, 1], positions: [9, 9], groups: 1),
    .convolution(kernel: [1, 7], strides: [1, 1], positions: [9, 9], groups: 1),
    .convolution(kernel: [3, 3], strides: [1, 1], positions: [0, 9], groups: 1),
    .convolution(kernel: [3, 3, 3], strides: [1, 1, 1], positions: [9, 9, 9], groups: 1),
    .matrix,
  ])
  func `libraries have no Winograd's algorithm for other products`(form: Contraction.Form) {
    let product = Contraction(form, rows: 81, columns: 8, depth: 72, type: .float32)
    #expect(product.winograd(in: .forward, block: 4) == nil)
    #expect(product.weightGradient.winograd(in: .weightGradient, block: 4) == nil)
  }

  @Test func `rows too long to be kept are read again as often as the fitter says`() {
    var rate = rate
    rate.rows = .init(passes: 2, keptBytes: 1000)
    for (length, share) in [(800, 0.0), (1500, 0.5), (4000, 1)] {
      let kernel = Kernel(
        members: [], operation: .softmax, type: .float32, parts: [Work(bytesRead: 100)],
        rowBytes: length)
      #expect(abs(kernel.bytesReadAgain(at: rate) - 2 * share * 100) < 1e-9)
    }
  }
}
