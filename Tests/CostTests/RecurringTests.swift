import Graph
import Testing

@testable import Cost

/// What the steps of recurrent layers take, since each waits for the one before.
@Suite struct RecurringTests {
  /// The kernel of a layer of `gates` gates as wide as its input.
  private func kernel(
    _ op: OperatorName = "GRU", gates: Int = 3, steps: Int, width: Int, rows: Int = 1
  ) throws -> Kernel {
    var net = NetworkBuilder()
    let x = net.input("x", [steps, rows, width])
    let weights = try (0..<2).map { _ in try net.weights([1, gates * width, width]) }
    let y = net.node(
      op, [x, weights[0], weights[1]], [Attribute("hidden_size", .int(width))])
    let kernels = Fusion.kernels(of: try net.analysis(returning: [y]), under: Scenario())
    return try #require(kernels.first { !$0.contractions.isEmpty })
  }

  private func demand(_ kernel: Kernel, on device: Device) throws -> Timing.Demand {
    let rate = try #require(device.rate(kernel.operation, kernel.type))
    return Timing(device: device).demand(kernel, at: rate)
  }

  @Test func `each step launches a product and a cell, however small they are`() throws {
    let device = try #require(try Device.named("t4"))
    let (few, many) = (try kernel(steps: 10, width: 8), try kernel(steps: 110, width: 8))
    let more = try demand(many, on: device).seconds - demand(few, on: device).seconds
    let gaps = 2 * device.launch.kernelSeconds
    let cell = try #require(device.rate(.elementwise, .float32)).launchSeconds
    #expect(more > 100 * (gaps + cell))
    #expect(more < 150 * (gaps + cell))
  }

  @Test func `a matrix of states too large for the cache comes from memory at every step`() throws {
    let device = try #require(try Device.named("t4"))
    let (one, many) = (try kernel(steps: 1, width: 2048), try kernel(steps: 101, width: 2048))
    let matrix = 4.0 * 3 * 2048 * 2048
    let more = try demand(many, on: device).bytes - demand(one, on: device).bytes
    #expect(more > 100 * matrix)
    #expect(more < 101 * matrix)
    let seconds = try demand(many, on: device).seconds - demand(one, on: device).seconds
    #expect(seconds > 100 * matrix / device.memory.bytesPerSecond)
  }

  @Test func `one that the cache holds is read from memory once`() throws {
    let device = try #require(try Device.named("t4"))
    let (one, many) = (try kernel(steps: 1, width: 256), try kernel(steps: 101, width: 256))
    let more = try demand(many, on: device).bytes - demand(one, on: device).bytes
    #expect(more == Double(many.work.traffic - one.work.traffic))
  }

  @Test func `a larger cache takes less time, and half of a matrix may stay there`() throws {
    var device = try #require(try Device.named("t4"))
    let layer = try kernel(steps: 100, width: 1024)
    let matrix = 4.0 * 3 * 1024 * 1024
    var bytes: [Double] = []
    var seconds: [Double] = []
    for share in [0.5, 2.0 / 3, 1] {
      device.l2Bytes = Int(share * matrix)
      bytes.append(try demand(layer, on: device).bytes - Double(layer.work.traffic))
      seconds.append(try demand(layer, on: device).seconds)
    }
    #expect(bytes[0] == 99 * matrix)
    #expect(abs(bytes[1] - 0.5 * bytes[0]) < 0.001 * bytes[0])
    #expect(bytes[2] == 0)
    #expect(seconds[0] > seconds[1] && seconds[1] > seconds[2])
  }

  @Test func `a batch shares the launches and the matrix of each step`() throws {
    let device = try #require(try Device.named("t4"))
    let one = try demand(try kernel(steps: 50, width: 1024), on: device).seconds
    let many = try demand(try kernel(steps: 50, width: 1024, rows: 16), on: device).seconds
    #expect(many < 3 * one)
  }

  @Test func `the states of linear attention have no weights, and one kernel does all steps`()
    throws
  {
    let device = try #require(try Device.named("t4"))
    func heads(steps: Int) -> Kernel {
      Kernel(
        members: [], operation: .recurrence, type: .float32, parts: [Work()],
        contractions: [
          Contraction(
            .recurrence(steps: steps), batch: 8, rows: 64, columns: 64, depth: 1, type: .float32)
        ])
    }
    let more =
      try demand(heads(steps: 1001), on: device).seconds
      - demand(heads(steps: 1), on: device).seconds
    #expect(more < 1000 * device.launch.kernelSeconds)
  }

  @Test func `gradients to weights wait for no step`() throws {
    let device = try #require(try Device.named("t4"))
    var layer = try kernel(steps: 100, width: 1024)
    let forward = try demand(layer, on: device)
    layer.pass = .weightGradient
    let gradient = try demand(layer, on: device)
    #expect(gradient.bytes == Double(layer.work.traffic))
    #expect(gradient.bytes < forward.bytes)
  }
}
