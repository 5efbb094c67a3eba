import Graph
import Testing

@testable import Cost

@Suite struct EstimateTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func gemm(_ n: Int) throws -> Analysis {
    var net = NetworkBuilder()
    let x = net.input("x", [n, n])
    let y = net.node("MatMul", [x, try net.weights([n, n])])
    return try net.analysis(returning: [y])
  }

  /// A device with one rate, without overheads, whose figures can be worked out by hand.
  private var simple: Device {
    var device = t4
    device.launch = .init(kernelSeconds: 0, dispatchSeconds: 0, executionSeconds: 0)
    device.power = .init(idleWatts: 10, idleContextWatts: 20, activeWatts: 20, capWatts: 1000)
    device.memory = .init(
      bytesPerSecond: 1e9, cacheBytesPerSecond: 1e9, joulesPerByte: 2e-9)
    device.rates = [
      Rate(
        operation: .gemm, type: .float32, flopsPerSecond: 1e9, bytesPerSecond: 1e9,
        joulesPerFlop: 3e-9, tiling: nil, overlap: 1, winograd: 1, provider: "test", samples: 1,
        residualPercent: 0)
    ]
    return device
  }

  @Test func `a product worked out by hand`() throws {
    let estimate = Estimate(try gemm(100), on: simple, under: Scenario())
    // 2·100³ operations, and three matrices of 100·100 numbers of 4 bytes.
    let seconds = 2e6 / 1e9 + 120_000 / 1e9
    #expect(abs(estimate.seconds.value - seconds) < 1e-12)
    #expect(abs(estimate.joulesStatic - 20 * seconds) < 1e-12)
    #expect(abs(estimate.joulesDynamic - (2e6 * 3e-9 + 120_000 * 2e-9)) < 1e-12)
  }

  @Test func `above the cap time grows until the mean power is the cap`() throws {
    var device = simple
    device.power.capWatts = 21
    let estimate = Estimate(try gemm(100), on: device, under: Scenario())
    #expect(abs(estimate.watts - 21) < 1e-9)
    #expect(estimate.seconds.value > 2e6 / 1e9 + 120_000 / 1e9)
  }

  @Test func `a kind of kernel without a rate is uncounted by name, not free`() throws {
    let analysis = try Networks.dense(layers: 1, width: 8, rows: 8)
    let estimate = Estimate(analysis, on: simple, under: Scenario(runtime: .eager))
    #expect(estimate.unpriced.map(\.reason) == ["t4 has no rate for elementwise in float32"])
    #expect(estimate.unpriced.map(\.members) == [[1]])
    #expect(estimate.nodes[1] == nil)
    #expect(estimate.nodes[0] != nil)
  }

  @Test func `a host takes longer for layers with weights, of the forward pass`() throws {
    var device = t4
    device.launch = .init(
      kernelSeconds: 0, dispatchSeconds: 1, layerDispatchSeconds: 10, executionSeconds: 0)
    let analysis = try Networks.dense(layers: 3, width: 8, rows: 8)
    let estimate = Estimate(analysis, on: device, under: Scenario(runtime: .eager))
    #expect(abs(estimate.seconds.value - 33) < 1e-6)
    // Gradients, the loss and the update are launched by a framework's own code.
    let run = TrainingRun(analysis, on: device, .init(datasetSize: 1, epochs: 1, batch: 1))
    let launches = run.kernels.map(\.launches).reduce(0, +)
    #expect(abs(run.secondsPerStep.value - Double(launches + 3 * 9)) < 1e-6)
  }

  @Test func `a table without a time for layers has that of other operators`() throws {
    let text = DeviceFile.text(of: t4)
    let key = #""layer_dispatch_us""#
    #expect(text.contains(key))
    var device = t4
    device.launch.layerDispatchSeconds = device.launch.dispatchSeconds
    let shorter = DeviceFile.text(of: device)
    #expect(!shorter.contains(key))
    let read = try DeviceFile.read(Array(shorter.utf8), name: "t4", file: "t4.json")
    #expect(read.launch.layerDispatchSeconds == read.launch.dispatchSeconds)
  }

  @Test func `a type without a rate is uncounted by name, not free`() throws {
    let estimate = Estimate(try gemm(64), on: t4, under: Scenario(precision: .bf16))
    #expect(estimate.unpriced.map(\.reason) == ["t4 has no rate for gemm in bfloat16"])
    #expect(estimate.joules.value == 0)
  }

  @Test(arguments: Runtime.allCases, [nil] + Precision.allCases.map(Optional.some))
  func `parts add up, and intervals are in order`(runtime: Runtime, precision: Precision?) throws {
    for analysis in [
      try Networks.dense(layers: 3, width: 256, rows: 16), try Networks.residual(),
    ] {
      let estimate = Estimate(
        analysis, on: t4, under: Scenario(runtime: runtime, precision: precision))
      let joules = estimate.joules
      #expect(joules.low <= joules.value && joules.value <= joules.high)
      #expect(estimate.seconds.low <= estimate.seconds.value)
      #expect(estimate.seconds.value <= estimate.seconds.high)
      let tolerance = joules.value * 1e-9
      #expect(abs(estimate.joulesStatic + estimate.joulesDynamic - joules.value) <= tolerance)
      let nodes = estimate.nodes.reduce(0) { $0 + ($1?.joules ?? 0) }
      #expect(abs(nodes - joules.value) <= tolerance)
      let time = estimate.nodes.reduce(0) { $0 + ($1?.seconds ?? 0) }
      #expect(abs(time - estimate.seconds.value) <= estimate.seconds.value * 1e-9)
      let launched = zip(estimate.kernels, estimate.costs).reduce(0) { sum, kernel in
        sum + Double(kernel.0.launches) * kernel.1.joules
      }
      #expect(abs(launched - joules.value) <= tolerance)
      #expect(estimate.watts <= t4.power.capWatts * (1 + 1e-9))
    }
  }

  @Test(arguments: Runtime.allCases)
  func `more work never costs less`(runtime: Runtime) throws {
    var last = 0.0
    for exponent in 4...12 {
      let estimate = Estimate(try gemm(1 << exponent), on: t4, under: Scenario(runtime: runtime))
      #expect(estimate.joules.value >= last)
      last = estimate.joules.value
    }
  }

  @Test func `a large product sits at the cap, a tiny one near the active power`() throws {
    let large = Estimate(try gemm(8192), on: t4, under: Scenario())
    let tiny = Estimate(try gemm(32), on: t4, under: Scenario())
    #expect(large.watts > 60 && large.watts <= 70.001)
    #expect(tiny.watts < 45)
  }

  @Test func `joining operators never moves more bytes, and never costs more`() throws {
    for analysis in [
      try Networks.dense(layers: 2, width: 128, rows: 4), try Networks.residual(),
    ] {
      let fused = Estimate(analysis, on: t4, under: Scenario(runtime: .fused))
      let eager = Estimate(analysis, on: t4, under: Scenario(runtime: .eager))
      #expect(fused.kernels.count < eager.kernels.count)
      #expect(fused.kernelTraffic < eager.kernelTraffic)
      #expect(eager.kernelTraffic == analysis.totals.work.traffic)
      #expect(fused.joulesDynamic < eager.joulesDynamic)
    }
  }

  @Test func `half the bits move half the bytes`() throws {
    let analysis = try Networks.dense(layers: 2, width: 128, rows: 4)
    let full = Estimate(analysis, on: t4, under: Scenario())
    let half = Estimate(analysis, on: t4, under: Scenario(precision: .fp16))
    #expect(half.kernelTraffic * 2 == full.kernelTraffic)
    #expect(half.kernels.allSatisfy { $0.type == .float16 })
  }

  @Test func `a saving is the difference, in the same relation as the estimate's bounds`() throws {
    let large = Estimate(try gemm(2048), on: t4, under: Scenario())
    let small = Estimate(try gemm(1024), on: t4, under: Scenario())
    let saving = large.saving(by: small)
    #expect(saving.value == large.joules.value - small.joules.value)
    #expect(saving.low < saving.value && saving.value < saving.high)
    let loss = small.saving(by: large)
    #expect(loss.low < loss.value && loss.value < loss.high && loss.high < 0)
    #expect(large.saving(by: large) == Interval(exactly: 0))
  }

  @Test func `per inference is the batch divided by its size`() throws {
    let analysis = try Networks.dense(layers: 1, width: 64, rows: 8)
    let estimate = Estimate(analysis, on: t4, under: Scenario())
    #expect(estimate.joulesPerInference.value == estimate.joules.value / 8)
  }
}
