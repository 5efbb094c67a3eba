import Graph
import Testing

@testable import Cost

/// A coefficient of a device, and what doubling it does.
struct Coefficient: Sendable, CustomTestStringConvertible {
  let name: String
  let double: @Sendable (inout Device) -> Void
  /// Whether energy and time rise when the coefficient does.
  let rises: Bool
  /// Sets the coefficient where the table has none.
  var prepare: @Sendable (inout Device) -> Void = { _ in }
  var testDescription: String { name }
}

@Suite struct CoefficientTests {
  static let all: [Coefficient] = [
    Coefficient(name: "launch.kernel", double: { $0.launch.kernelSeconds *= 2 }, rises: true),
    Coefficient(name: "launch.dispatch", double: { $0.launch.dispatchSeconds *= 2 }, rises: true),
    Coefficient(
      name: "launch.layerDispatch", double: { $0.launch.layerDispatchSeconds *= 2 }, rises: true),
    Coefficient(name: "launch.execution", double: { $0.launch.executionSeconds *= 2 }, rises: true),
    // Twice as much would pass the cap.
    Coefficient(name: "power.active", double: { $0.power.activeWatts *= 1.5 }, rises: true),
    Coefficient(name: "memory.joules", double: { $0.memory.joulesPerByte *= 2 }, rises: true),
    Coefficient(
      name: "rates.flops", double: { $0.change { $0.flopsPerSecond *= 2 } }, rises: false),
    Coefficient(
      name: "rates.bytes", double: { $0.change { $0.bytesPerSecond *= 2 } }, rises: false),
    Coefficient(name: "rates.joules", double: { $0.change { $0.joulesPerFlop *= 2 } }, rises: true),
    Coefficient(
      name: "rates.tiles", double: { $0.change { $0.tiling?.fetchBytesPerSecond *= 2 } },
      rises: false),
    Coefficient(
      name: "rates.wave", double: { $0.change { $0.tiling?.waveLoss *= 2 } }, rises: true),
    Coefficient(
      name: "rates.winograd", double: { $0.change { $0.winograd *= 2 } }, rises: true,
      // The table's libraries do it in steps.
      prepare: { $0.change { $0.winograd = 0.1 } }),
    Coefficient(name: "memory.cache", double: { $0.memory.cacheBytesPerSecond *= 2 }, rises: false),
    Coefficient(name: "l2Bytes", double: { $0.l2Bytes *= 2 }, rises: false),
    Coefficient(
      name: "rates.launch", double: { $0.change { $0.launchSeconds *= 2 } }, rises: true),
    Coefficient(
      name: "rates.depth", double: { $0.change { $0.tiling?.depthSeconds *= 2 } }, rises: true,
      prepare: { $0.change { $0.tiling?.depthSeconds = 1e-7 } }),
    Coefficient(name: "rates.kernels", double: { $0.change { $0.kernels *= 2 } }, rises: true),
    Coefficient(
      name: "rates.relayout", double: { $0.change { $0.relayout *= 2 } }, rises: true,
      prepare: { $0.change { $0.relayout = 0.25 } }),
    Coefficient(name: "rates.setup", double: { $0.change { $0.setupTaps *= 2 } }, rises: true),
    Coefficient(name: "rates.passes", double: { $0.change { $0.rows?.passes *= 2 } }, rises: true),
    Coefficient(
      name: "rates.kept", double: { $0.change { $0.rows?.keptBytes *= 2 } }, rises: false),
    Coefficient(name: "rates.group", double: { $0.change { $0.groupSeconds *= 2 } }, rises: true),
    Coefficient(name: "multiprocessors", double: { $0.multiprocessors *= 2 }, rises: true),
  ]

  @Test(arguments: all) func `doubling moves the estimate the right way`(coefficient: Coefficient)
    throws
  {
    var before = try #require(try Device.named("t4"))
    coefficient.prepare(&before)
    var after = before
    coefficient.double(&after)
    let networks = [
      try Networks.dense(layers: 8, width: 96, rows: 4), try Networks.residual(),
      try Networks.residual(channels: 6, size: 9), try Networks.residual(channels: 64, size: 150),
      try Networks.softmax(rows: 4096, length: 10_000),
      try Networks.grouped(channels: 32, groups: 32), try Networks.grouped(channels: 32, groups: 8),
    ]
    var moved = false
    for analysis in networks {
      for runtime in Runtime.allCases {
        let scenario = Scenario(runtime: runtime)
        let a = Estimate(analysis, on: before, under: scenario).joules.value
        let b = Estimate(analysis, on: after, under: scenario).joules.value
        #expect(coefficient.rises ? b >= a : b <= a)
        moved = moved || a != b
      }
    }
    #expect(moved)
  }
}

extension CoefficientTests {
  static let gradients: [Coefficient] = [
    Coefficient(
      name: "rates.inputGradient", double: { $0.change { $0.inputGradientShare *= 2 } },
      rises: false),
    Coefficient(
      name: "rates.stridedGradient", double: { $0.change { $0.stridedGradientShare *= 2 } },
      rises: false),
    Coefficient(
      name: "rates.weightGradient", double: { $0.change { $0.weightGradientShare *= 2 } },
      rises: false),
  ]

  @Test(arguments: gradients)
  func `doubling moves the energy of training the right way`(coefficient: Coefficient) throws {
    let before = try #require(try Device.named("t4"))
    var after = before
    coefficient.double(&after)
    let plan = TrainingRun.Plan(datasetSize: 1, epochs: 1, batch: 1)
    var moved = false
    for analysis in [
      try Networks.residual(), try Networks.convolutions(kernel: 1, stride: 1),
      try Networks.convolutions(kernel: 3, stride: 2),
    ] {
      let a = TrainingRun(analysis, on: before, plan).joules.value
      let b = TrainingRun(analysis, on: after, plan).joules.value
      #expect(coefficient.rises ? b >= a : b <= a)
      moved = moved || a != b
    }
    #expect(moved)
  }
}

extension Device {
  mutating func change(_ body: (inout Rate) -> Void) {
    for index in rates.indices { body(&rates[index]) }
  }
}
