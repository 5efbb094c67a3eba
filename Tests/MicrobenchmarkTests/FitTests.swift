import BenchmarkKernels
import Cost
import Testing

@testable import Microbenchmark

@Suite struct FitTests {
  @Test func `non-negative numbers that made the rows are found`() {
    let truth = [3.0, 0.0, 2e-12, 7e-11]
    var random = RandomNumbers(seed: 5)
    let rows = (0..<12).map { _ in
      [1, 1, 1e11, 1e10].map { $0 * Double.random(in: 0.1...1, using: &random) }
    }
    let right = rows.map { zip($0, truth).reduce(0) { $0 + $1.0 * $1.1 } }
    let found = nonNegativeLeastSquares(rows, right)
    for (x, y) in zip(found, truth) { #expect((x - y).magnitude <= 1e-6 * max(y, 1e-9)) }
  }

  @Test func `no number is ever below 0, and the error is the least that this allows`() {
    var random = RandomNumbers(seed: 6)
    for _ in 0..<50 {
      let rows = (0..<6).map { _ in (0..<3).map { _ in Double.random(in: -1...1, using: &random) } }
      let right = (0..<6).map { _ in Double.random(in: -1...1, using: &random) }
      let x = nonNegativeLeastSquares(rows, right)
      #expect(x.allSatisfy { $0 >= 0 })
      let residuals = zip(rows, right).map { row, target in
        target - zip(row, x).reduce(0) { $0 + $1.0 * $1.1 }
      }
      // The conditions of Kuhn and Tucker: no direction that is allowed makes the error smaller.
      for column in 0..<3 {
        let gradient = zip(rows, residuals).reduce(0) { $0 + $1.0[column] * $1.1 }
        #expect(gradient < 1e-9)
        if x[column] > 0 { #expect(gradient > -1e-9) }
      }
    }
  }

  @Test func `columns that repeat each other do not end the fit`() {
    let rows = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
    let x = nonNegativeLeastSquares(rows, [2, 4, 6])
    #expect((x[0] + x[1] - 2).magnitude < 1e-9)
    #expect(nonNegativeLeastSquares([], []) == [])
  }

  @Test func `a curve's parameters are found, and an outlier does not bend it`() {
    let points = (1...20).map { 1e5 * Double($0) }
    var values = points.map { logarithm(3e-6 + $0 / 2e11) }
    values[7] += 2
    let found = robustLeastSquares([.scale(1e-6), .scale(1e11)], prior: 0) { x in
      zip(points, values).map { logarithm(x[0] + $0 / x[1]) - $1 }
    }
    #expect((found[0] / 3e-6 - 1).magnitude < 0.02)
    #expect((found[1] / 2e11 - 1).magnitude < 0.2)
  }

  @Test func `what no row tells stays where it started, and bounds hold`() {
    let found = robustLeastSquares(
      [.between(0, 1, start: 0.3), .scale(5, atMost: 6), .between(1, 1, start: 1)]
    ) { x in [x[1] - 100] }
    #expect((found[0] - 0.3).magnitude < 1e-6)
    #expect((found[1] - 6).magnitude < 1e-6)
    #expect(found[2] == 1)
  }

  @Test func `a system without a solution has none`() {
    #expect(solution(of: [[1, 2], [2, 4]], [1, 1]) == nil)
    #expect(solution(of: [[0, 2], [4, 0]], [2, 8]) == [2, 1])
    #expect(solution(of: [], []) == [])
  }

  @Test func `samples without a kind that a table needs say which`() throws {
    var table = SampleTable()
    table.facts = [
      ("board", "B"), ("compute_capability", "7.5"), ("sms", "40"), ("l2_bytes", "4194304"),
      ("dram_bytes", "1000000000"), ("power_limit_w", "70"), ("idle_context_w", "20"),
    ]
    #expect(throws: Obstacle.self) { try TableFit(table) }
    table.samples = [sample(.launch, .none, KernelWork())]
    let obstacle = #expect(throws: Obstacle.self) { try TableFit(table) }
    #expect(obstacle?.description.contains("copy or triad") == true)
    table.samples.append(sample(.copy, .elements(1 << 26), KernelWork(bytes: 1 << 28)))
    let next = #expect(throws: Obstacle.self) { try TableFit(table) }
    #expect(next?.description.contains("a matrix product in float32") == true)
    table.facts.removeAll { $0.key == "sms" }
    let last = #expect(throws: Obstacle.self) { try TableFit(table) }
    #expect(last?.description == "the samples do not say the board's sms")
  }

  @Test
  func `products measured in TF32 give classes of their own, and the others borrow from them`()
    throws
  {
    var table = SampleTable()
    table.facts = [
      ("board", "B"), ("compute_capability", "8.0"), ("sms", "108"), ("l2_bytes", "41943040"),
      ("dram_bytes", "40000000000"), ("power_limit_w", "400"), ("idle_context_w", "50"),
    ]
    table.samples = [
      sample("launch", .launch, .float32, .none, KernelWork(), 2e-6, watts: 80),
      sample(
        "copy", .copy, .float32, .elements(1 << 28), KernelWork(bytes: 1 << 31), 1.6e-3, watts: 250),
    ]
    for (type, rate) in [(NumberType.float32, 15e12), (.tensorFloat32, 100e12)] {
      for size in [1024, 2048, 4096, 8192] {
        let work = KernelWork(
          operations: 2 * size * size * size, bytes: 3 * size * size * type.byteCount)
        table.samples.append(
          sample(
            "gemm-\(type.rawValue)-\(size)", .gemm, type,
            .product(rows: size, columns: size, depth: size), work,
            2e-6 + Double(work.operations) / rate, watts: 300))
      }
    }
    let device = try TableFit(table).device
    let tensor = try #require(device.rate(.gemm, .tensorFloat32))
    let single = try #require(device.rate(.gemm, .float32))
    #expect(tensor.samples == 4)
    #expect((5...9).contains(tensor.flopsPerSecond / single.flopsPerSecond))
    #expect(tensor.joulesPerFlop < single.joulesPerFlop)
    for operation in [Kernel.Operation.convolution, .attention, .recurrence] {
      let rate = try #require(device.rate(operation, .tensorFloat32))
      #expect(rate.samples == 0)
      #expect(rate.provider == "gemm")
      #expect(rate.flopsPerSecond == tensor.flopsPerSecond)
    }
    #expect(device.rate(.groupedConvolution, .tensorFloat32)?.provider.hasPrefix("grouped") == true)
    #expect(device.rate(.depthwiseConvolution, .tensorFloat32) == nil)
    #expect(!DeviceCheck(device).problems.contains { $0.message.contains("tf32") })
  }

  @Test func `a kernel that came to the board with its clock down is timed where the clock was up`()
    throws
  {
    func run(launch: Double, burst: Double, isCapped: Bool) -> Sample {
      Sample(
        Subject(
          name: "gemm", .gemm, .float32, provider: "nncost",
          .product(rows: 512, columns: 512, depth: 512), KernelWork()),
        repetition: 0, started: 0,
        Measurement(
          launchSeconds: launch, burstSeconds: burst, seconds: 0.3, updates: 0,
          throttling: isCapped ? .powerCap : []), isLocked: false)
    }
    let down = run(launch: 1.5e-3, burst: 1.5e-3, isCapped: true)
    let up = run(launch: 1e-3, burst: 0.99e-3, isCapped: false)
    let fell = run(launch: 1.4e-3, burst: 1e-3, isCapped: true)
    let free = run(launch: 1.2e-3, burst: 1e-3, isCapped: false)
    for (samples, seconds) in [
      ([down, up, fell, down], 0.995e-3), ([down, down], 1.5e-3), ([up, free], 1.1e-3),
    ] {
      let found = try #require(Observation(samples)).seconds
      #expect(abs(found - seconds) < 1e-9)
    }
  }

  private func sample(
    _ name: String, _ kind: KernelClass, _ type: NumberType, _ problem: Problem, _ work: KernelWork,
    _ seconds: Double, watts: Double
  ) -> Sample {
    Sample(
      Subject(name: name, kind, type, provider: "nncost", problem, work), repetition: 0, started: 0,
      Measurement(
        launchSeconds: seconds, burstSeconds: seconds, counterWatts: watts, integralWatts: watts,
        seconds: 5, updates: 50, throttling: []), isLocked: false)
  }

  private func sample(_ kind: KernelClass, _ problem: Problem, _ work: KernelWork) -> Sample {
    Sample(
      Subject(name: "\(kind)", kind, .float32, provider: "nncost", problem, work), repetition: 0,
      started: 0,
      Measurement(
        launchSeconds: kind == .launch ? 1e-6 : 1e-3, burstSeconds: 1e-3, counterWatts: 50,
        integralWatts: 50, seconds: 5,
        updates: 50, throttling: []), isLocked: false)
  }
}
