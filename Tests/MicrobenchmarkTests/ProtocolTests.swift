import Cost
import Foundation
import Graph
import Testing

@testable import BenchmarkKernels
@testable import Microbenchmark

/// What the instrument does when a board, or its user, does not behave.
@Suite struct ProtocolTests {
  private let kernels = InventedKernels.few
  private let quick = Arguments.Request(isQuick: true)

  private func board(_ changes: [String: String]) throws -> SimulatedBoard {
    try SimulatedBoard(try PipelineTests.board(), kernels, changes)
  }

  @Test(arguments: [
    (0.1, 0.1, 0.0), (0.1, 1.0, 0.0), (0.02, 0.02, 0.0), (0.1, 0.025, 0.0), (0.1, 0.1, 0.15),
  ])
  func `the sensor's period, window and delay are found`(
    update: Double, window: Double, latency: Double
  ) throws {
    let board = try board([
      "update_s": "\(update)", "window_s": "\(window)", "latency_s": "\(latency)",
      "counter_update_s": "0.02", "noise": "0.001",
    ])
    defer { board.remove() }
    let samples = try board.measure(
      kernels, .init(isQuick: true, only: ["launch", "gemm-float32-2048"])
    ).samples
    func found(_ key: String) throws -> Double {
      try #require(samples.fact(key).flatMap(Double.init))
    }
    #expect(PipelineTests.error(try found("sensor_update_s"), update) < 0.1)
    #expect((try found("sensor_window_s") - window).magnitude < 0.1 * window + 0.01)
    #expect((try found("sensor_latency_s") - latency).magnitude < 0.02)
    #expect(PipelineTests.error(try found("counter_update_s"), 0.02) < 0.15)
  }

  @Test func `what the driver alone takes for launches is told, and no framework takes less`()
    throws
  {
    let board = try board(["launch_s": "2.3e-6", "graph_s": "5.5e-6"])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    func found(_ key: String) throws -> Double {
      try #require(samples.fact(key).flatMap(Double.init))
    }
    #expect(PipelineTests.error(try found("driver_launch_s"), 2.3e-6) < 0.1)
    #expect(PipelineTests.error(try found("graph_launch_s"), 5.5e-6) < 0.1)
    #expect(
      PipelineTests.error(try found("graph_kernel_s"), board.device.launch.kernelSeconds) < 0.05)
    let known = try #require(try Device.named("t4")).launch
    let device = try TableFit(samples).device
    #expect(device.launch.dispatchSeconds == known.dispatchSeconds)
    #expect(device.launch.executionSeconds == known.executionSeconds)
    #expect(
      device.provenance.sources.last?.contains("dispatch_us (the driver alone takes 2.3") == true)
    // A driver that is slower than what is known of a framework.
    var slow = samples
    slow.facts.append(("driver_launch_s", "5e-5"))
    slow.facts.append(("graph_launch_s", "5e-3"))
    let other = try TableFit(slow).device.launch
    #expect(other.dispatchSeconds == 5e-5)
    #expect(other.executionSeconds == 5e-3)
  }

  @Test(arguments: ["1e-7", "6.3e-6", "9e-6"])
  func `a kernel is as short as the board makes it, however long the host takes for a launch`(
    seconds: String
  ) throws {
    let board = try board(["launch_s": seconds])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    let device = try TableFit(samples).device
    PipelineTests.expect(device, isLike: board.device)
    let known = board.device.launch.kernelSeconds
    #expect(PipelineTests.error(device.launch.kernelSeconds, known) < 0.01)
    // Between two launches the board would rest, and draw less than it does while it works.
    let launches = samples.samples.filter { $0.subject.kernelClass == .launch }
    #expect(!launches.isEmpty)
    #expect(launches.allSatisfy { PipelineTests.error($0.watts ?? 0, 37) < 0.03 })
  }

  @Test func `a driver that records no launches has them made one by one`() throws {
    // 801: the driver does not support this.
    let board = try board(["record_status": "801"])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    #expect(samples.fact("driver_launch_s") != nil)
    #expect(samples.fact("graph_launch_s") == nil)
    let device = try TableFit(samples).device
    PipelineTests.expect(device, isLike: board.device)
  }

  @Test func `samples taken while heat slows the board are rejected, and taken again`() throws {
    let board = try board(["slow_from": "150", "slow_for": "20"])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    let rejected = samples.samples.filter { $0.rejection != nil }
    #expect(!rejected.isEmpty)
    #expect(rejected.allSatisfy { $0.rejection == "slowed down: too hot for the hardware" })
    for sample in rejected where !sample.isSentinel {
      #expect(
        samples.samples.contains {
          $0.subject == sample.subject && $0.repetition == sample.repetition && $0.rejection == nil
        })
    }
    PipelineTests.expect(try TableFit(samples).device, isLike: board.device)
  }

  @Test func `samples whose counter and power disagree are rejected, and taken again`() throws {
    let board = try board(["gain_from": "150", "gain_for": "20", "gain": "1.3"])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    let rejected = samples.samples.filter { $0.rejection != nil }
    #expect(!rejected.isEmpty)
    #expect(
      rejected.allSatisfy {
        $0.rejection?.hasPrefix("the integral of power differs from the counter by -") == true
      })
    PipelineTests.expect(try TableFit(samples).device, isLike: board.device)
  }

  @Test func `a board that changes for no reason ends the campaign, and samples are kept`() throws {
    let board = try board(["drift_from": "150", "drift": "1.06"])
    defer { board.remove() }
    let path = board.folder.appendingPathComponent("samples.csv").path
    let obstacle = #expect(throws: Obstacle.self) {
      try board.measure(kernels, .init(isQuick: true, raw: path))
    }
    #expect(obstacle?.description.contains("% more time") == true)
    #expect(obstacle?.exit == .incomplete)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(try SampleTable(text: text, file: path).samples.count > 5)
  }

  @Test func `a kernel that computes wrong numbers is not measured`() throws {
    let board = try board(["wrong": "invented_elementwise_33554432"])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    let wrong = samples.samples.filter { $0.subject.kernelClass == .elementwise }
    #expect(wrong.count == 1)
    #expect(wrong.first?.rejection?.contains("element 0 is") == true)
    #expect(wrong.first?.launchSeconds == 0)
    #expect(samples.samples.filter { $0.rejection == nil }.count > 10)
  }

  @Test func `nothing is measured where the product that is measured again and again is wrong`()
    throws
  {
    let board = try board(["wrong": "invented_gemm_float32_2048x2048x2048"])
    defer { board.remove() }
    let obstacle = #expect(throws: Obstacle.self) { try board.measure(kernels, quick) }
    #expect(
      obstacle?.description.hasPrefix(
        "a kernel computes the wrong numbers on this board: gemm-float32-2048x2048x2048: element 0 is"
      )
        == true)
    #expect(obstacle?.exit == .unavailable)
  }

  @Test func `what was measured before an interruption is not measured again`() throws {
    let board = try board([:])
    defer { board.remove() }
    let path = board.folder.appendingPathComponent("samples.csv").path
    let request = Arguments.Request(isQuick: true, raw: path)
    let patience = Patience(20000)
    #expect(throws: Obstacle.self) {
      try board.measure(kernels, request, interruption: Interruption { patience.isOver() })
    }
    let first = try SampleTable(text: String(contentsOfFile: path, encoding: .utf8), file: path)
    #expect(first.samples.count { !$0.isSentinel } > 2)
    // Nothing was measured yet after the block that was not finished.
    #expect(first.samples.last?.idleWattsAfter == nil)
    // The program was stopped in the middle of a line, too.
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("gemm-float32,gem".utf8))
    try handle.close()

    let outcome = try board.measure(kernels, request)
    let all = outcome.samples.samples.filter { !$0.isSentinel }
    #expect(all.count == kernels.count * Plan.quick.repetitions)
    #expect(Set(all.map { "\($0.subject.name) \($0.repetition)" }).count == all.count)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let written = try SampleTable(text: text, file: path)
    #expect(written.samples.count == outcome.samples.samples.count)
    for sample in written.samples.dropFirst(first.samples.count) {
      #expect(
        PipelineTests.error(sample.idleWattsAfter ?? 0, board.device.power.idleContextWatts) < 0.03)
    }
    PipelineTests.expect(try TableFit(outcome.samples).device, isLike: board.device)
    // A third run has nothing left to do.
    #expect(try board.measure(kernels, request).seconds < 1)
  }

  @Test func `samples of another board are not gone on with`() throws {
    let board = try board([:])
    defer { board.remove() }
    let path = board.folder.appendingPathComponent("samples.csv").path
    try "\(SampleTable.title)\n# board=Another\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let obstacle = #expect(throws: Obstacle.self) {
      try board.measure(kernels, .init(isQuick: true, raw: path))
    }
    #expect(obstacle?.description.contains("board was Another and is Simulated Board now") == true)
  }

  @Test func `a board without an energy counter is measured by its power`() throws {
    let board = try board(["energy_status": "3"])
    defer { board.remove() }
    let samples = try board.measure(kernels, quick).samples
    #expect(samples.samples.allSatisfy { $0.counterWatts == nil })
    let device = try TableFit(samples).device
    PipelineTests.expect(device, isLike: board.device)
    #expect(device.sensor?.counterPercent == nil)
  }

  @Test func `a board that tells no power cannot be measured`() throws {
    let board = try board(["power_status": "3"])
    defer { board.remove() }
    let obstacle = #expect(throws: Obstacle.self) { try board.measure(kernels, quick) }
    #expect(obstacle?.exit == .unavailable)
  }

  @Test func `clocks are held only if asked, and let go afterwards`() throws {
    let log = FileManager.default.temporaryDirectory
      .appendingPathComponent("nncost-log-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: log) }
    let board = try board(["log": log.path])
    defer { board.remove() }
    let patience = Patience(3000)
    #expect(throws: Obstacle.self) {
      try board.measure(
        kernels, .init(isQuick: true, lockedClock: 900),
        interruption: Interruption { patience.isOver() })
    }
    #expect(try String(contentsOf: log, encoding: .utf8) == "locked 900 900\nunlocked\n")
    try FileManager.default.removeItem(at: log)
    _ = try board.measure(kernels, .init(isQuick: true, only: ["launch"]))
    #expect(!FileManager.default.fileExists(atPath: log.path))
  }

  @Test func `clocks that may not be held are said`() throws {
    let board = try board(["lock_status": "4"])
    defer { board.remove() }
    let obstacle = #expect(throws: Obstacle.self) {
      try board.measure(kernels, .init(isQuick: true, lockedClock: 900))
    }
    #expect(obstacle?.description.contains("cannot be held at 900 MHz: no permission") == true)
  }
}

/// A user who stops the program when it has asked a number of times.
private final class Patience {
  private var left: Int

  init(_ count: Int) { left = count }

  func isOver() -> Bool {
    left -= 1
    return left < 0
  }
}
