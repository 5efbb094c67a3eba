import Cost
import Foundation
import Graph
import Testing

@testable import BenchmarkKernels
@testable import Microbenchmark

/// A board whose figures are known is measured, and the table must have them.
@Suite struct PipelineTests {
  /// Unlike the T4's, so that no figure can come from its table.
  static func board(capWatts: Double = 150) throws -> Device {
    var device = try #require(try Device.named("t4"))
    device.power = .init(
      idleWatts: 11, idleContextWatts: 23, activeWatts: 37, capWatts: capWatts)
    device.launch.kernelSeconds = 3.1e-6
    device.memory = .init(
      bytesPerSecond: 301e9, cacheBytesPerSecond: 1.37e12, joulesPerByte: 71e-12)
    for index in device.rates.indices {
      let rate = device.rates[index]
      device.rates[index].launchSeconds = 0
      // The kernels measured multiply directly, and each is all of its layer.
      device.rates[index].kernels = 1
      device.rates[index].relayout = 0
      device.rates[index].winograd = 1
      device.rates[index].winogradBlock = nil
      device.rates[index].groupSeconds = rate.groupSeconds > 0 ? 7.7e-6 : 0
      device.rates[index].setupTaps = rate.setupTaps > 0 ? 9.1 : 0
      device.rates[index].tiling =
        rate.operation == .groupedConvolution ? nil : rate.tiling.map { _ in tiling(of: rate) }
      device.rates[index].unalignedRowShare = 1
      device.rates[index].bytesPerSecond = rate.type == nil ? 277e9 : 301e9
      device.rates[index].flopsPerSecond = flopsPerSecond(of: rate)
      device.rates[index].joulesPerFlop = rate.type == nil ? 5.5e-12 : 1.21 * rate.joulesPerFlop
    }
    return device
  }

  /// A board with the figures of an embedded table, of kernels that multiply directly and are all of their layer.
  static func board(of name: String) throws -> Device {
    var device = try #require(try Device.named(name))
    for index in device.rates.indices {
      let rate = device.rates[index]
      device.rates[index].launchSeconds = 0
      device.rates[index].kernels = 1
      device.rates[index].relayout = 0
      device.rates[index].winograd = 1
      device.rates[index].winogradBlock = nil
      device.rates[index].unalignedRowShare = 1
      device.rates[index].groupSeconds = rate.groupSeconds > 0 ? 3.3e-6 : 0
      // Products of all kinds of convolution draw alike, since no kernel tells them apart.
      device.rates[index].tiling =
        rate.operation == .groupedConvolution
        ? nil
        : rate.tiling.map {
          .init(
            fetchBytesPerSecond: $0.fetchBytesPerSecond, waveLoss: $0.waveLoss, unalignedShare: 0.9)
        }
    }
    return device
  }

  private static func flopsPerSecond(of rate: Rate) -> Double {
    switch (rate.operation, rate.type) {
    case (_, nil): 4e12
    case (.convolution, .float32): 7.9e12
    case (.depthwiseConvolution, .float32): 3.9e11
    case (.depthwiseConvolution, _): 2.6e11
    case (.groupedConvolution, .float32): 5.6e12
    case (.groupedConvolution, _): 1e12
    case (_, .float32): 5.64e12
    case (_, .int8): 1.47e14
    default: 7.34e13
    }
  }

  private static func tiling(of rate: Rate) -> Rate.Tiling {
    switch (rate.operation, rate.type) {
    case (.convolution, .int8):
      .init(fetchBytesPerSecond: 9.3e11, waveLoss: 0.0033, unalignedShare: 1)
    case (.convolution, _):
      .init(fetchBytesPerSecond: 6.34e11, waveLoss: 0.0256, unalignedShare: 1)
    case (_, .float32):
      .init(fetchBytesPerSecond: 5.26e11, waveLoss: 0.0038, unalignedShare: 0.873)
    default: .init(fetchBytesPerSecond: 1.18e12, waveLoss: 0.373, unalignedShare: 0.977)
    }
  }

  /// How far `found` is from `expected`, as a share of it.
  static func error(_ found: Double, _ expected: Double) -> Double {
    (found / expected - 1).magnitude
  }

  /// Every figure that was measured is within `share` of the board's own; figures that are shares, or none, within as much of 1.
  static func expect(
    _ found: Device, isLike truth: Device, within share: Double = 0.03,
    leavingOut unmeasured: Set<String> = Coefficient.fine,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let known = Coefficient.all(of: truth)
    for coefficient in Coefficient.all(of: found) where !unmeasured.contains(coefficient.key) {
      guard let other = known.first(where: { $0.name == coefficient.name }) else { continue }
      let off = coefficient.change(from: other).magnitude
      #expect(
        off < share, "\(coefficient.name): \(coefficient.value) is not \(other.value)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `the figures of a board are found within 3 %, in under 40 minutes`() throws {
    let truth = try Self.board()
    let board = try SimulatedBoard(truth, InventedKernels.all, ["cache_update_s": "0.1"])
    defer { board.remove() }
    let outcome = try board.measure(InventedKernels.all)
    let fit = try TableFit(outcome.samples)
    Self.expect(fit.device, isLike: truth, leavingOut: Coefficient.untold)
    #expect(Self.error(fit.device.power.idleWatts, 11) < 0.03)
    #expect(
      Self.error(fit.device.memory.cacheBytesPerSecond, truth.memory.cacheBytesPerSecond) < 0.03)
    for type in [NumberFormat.float32, .float16] {
      // Among the products are some of odd extents.
      let found = try #require(fit.device.rate(.gemm, type)?.tiling)
      let known = try #require(truth.rate(.gemm, type)?.tiling)
      #expect((found.unalignedShare - known.unalignedShare).magnitude < 0.03)
    }
    #expect(outcome.samples.samples.allSatisfy { $0.rejection == nil })
    #expect(outcome.seconds < 40 * 60)
  }

  @Test func `a table that was measured is one that nncost reads`() throws {
    let board = try SimulatedBoard(try Self.board(), InventedKernels.few)
    defer { board.remove() }
    let samples = try board.measure(InventedKernels.few, .init(isQuick: true)).samples
    let device = try TableFit(samples).device
    let read = try DeviceFile.read(
      Array(DeviceFile.text(of: device).utf8), name: "mine", file: "mine.json")
    #expect(read.provenance.kind == .microbenchmark)
    #expect(read.provenance.date == "2030-01-02")
    #expect(read.title == "Simulated Board")
    // Every kind of kernel has a rate in the type that was measured.
    for operation in Kernel.Operation.allCases {
      #expect(read.rate(operation, .float32) != nil, "\(operation)")
      #expect(read.rate(operation, .float32)?.joulesPerFlop ?? 0 > 0)
    }
    #expect(read.rate(.gemm, .bfloat16) == nil)
    #expect(read.sensor?.counterPercent ?? 100 < 1)
  }

  @Test func `a second run agrees within 3 %`() throws {
    var devices: [Device] = []
    for seed in ["1", "2"] {
      let board = try SimulatedBoard(
        try Self.board(), InventedKernels.few,
        ["seed": seed, "noise": "0.02", "leakage_w_per_c": "0.03"])
      defer { board.remove() }
      let samples = try board.measure(InventedKernels.few, .init(isQuick: true)).samples
      devices.append(try TableFit(samples).device)
    }
    Self.expect(devices[0], isLike: devices[1])
    #expect(devices[0].power.activeWatts != devices[1].power.activeWatts)
  }

  @Test func `rates are those of the full clock where the power cap holds it`() throws {
    // The cap is below what products draw, so the clock falls after a moment.
    let truth = try Self.board(capWatts: 60)
    let board = try SimulatedBoard(truth, InventedKernels.few)
    defer { board.remove() }
    let samples = try board.measure(InventedKernels.few, .init(isQuick: true)).samples
    let capped = samples.samples.filter {
      $0.isCapped && $0.subject.kernelClass == .gemm && $0.windowSeconds > 0
    }
    #expect(!capped.isEmpty)
    #expect(capped.allSatisfy { $0.launchSeconds > 1.1 * $0.burstSeconds })
    #expect(capped.allSatisfy { Self.error($0.watts ?? 0, 60) < 0.02 })
    let device = try TableFit(samples).device
    Self.expect(device, isLike: truth)
    #expect(device.rate(.gemm, .float32)?.clock == .capped)
    #expect(device.power.capWatts == 60)
  }

  @Test func `products are those of a library where there is one`() throws {
    let truth = try Self.board()
    let kernels = InventedKernels.few.filter { $0.type == .float32 }
    let board = try SimulatedBoard(truth, kernels)
    defer { board.remove() }
    let samples = try board.measure(kernels, .init(isQuick: true), hasLibrary: true).samples
    let device = try TableFit(samples).device
    let gemm = try #require(device.rate(.gemm, .float32))
    let known = try #require(truth.rate(.gemm, .float32))
    #expect(gemm.provider == "cublaslt 12.4")
    #expect(
      Self.error(gemm.flopsPerSecond, SimulatedBoard.librarySpeed * known.flopsPerSecond) < 0.03)
    #expect(Self.error(gemm.joulesPerFlop, known.joulesPerFlop) < 0.03)
    // Of this project's own products only the one is there that is measured again and again.
    let own = samples.samples.filter { $0.subject.name.hasPrefix("gemm-") }
    #expect(Set(own.map(\.subject.name)) == ["gemm-float32-2048x2048x2048"])
    #expect(samples.samples.allSatisfy { $0.rejection == nil })
  }

  @Test
  func `what a library does not do is done by this project's kernels, and the row says which`()
    throws
  {
    let kernels = InventedKernels.all.filter {
      InventedKernels.few.map(\.name).contains($0.name) || $0.kernelClass == .gemm
    }
    let calls = kernels.compactMap(LibraryCall.init)
    let board = try SimulatedBoard(
      try Self.board(), kernels, calls: calls.filter { $0.type == .float32 })
    defer { board.remove() }
    let samples = try board.measure(
      kernels, .init(isQuick: true), hasLibrary: true, calls: calls
    ).samples
    let device = try TableFit(samples).device
    #expect(device.rate(.gemm, .float32)?.provider == "cublaslt 12.4")
    #expect(device.rate(.gemm, .float16)?.provider == "nncost")
    #expect(samples.samples.allSatisfy { $0.rejection == nil })
  }

  @Test
  func
    `what a library offers and then does not do is rejected with the reason, and the rest is measured`()
    throws
  {
    let kernels = InventedKernels.all.filter {
      InventedKernels.few.map(\.name).contains($0.name) || $0.kernelClass == .gemm
    }
    let board = try SimulatedBoard(try Self.board(), kernels, ["broken": "cublaslt:2:512x"])
    defer { board.remove() }
    let samples = try board.measure(kernels, .init(isQuick: true), hasLibrary: true).samples
    let rejected = samples.samples.filter { $0.rejection != nil }
    #expect(rejected.map(\.subject.name) == ["cublaslt-gemm-float16-512x512x512"])
    #expect(
      rejected.first?.rejection?.hasPrefix("the library does not do this: ") == true)
    #expect(rejected.first?.rejection?.hasSuffix("(cuBLAS status 14)") == true)
    #expect(try TableFit(samples).device.rate(.gemm, .float16)?.provider == "cublaslt 12.4")
  }
}
