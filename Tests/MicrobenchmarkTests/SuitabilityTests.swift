import Foundation
import Testing

@testable import BenchmarkKernels
@testable import Microbenchmark

/// What a first user meets: each is one sentence before minutes have passed, and what was measured is kept.
@Suite struct SuitabilityTests {
  private let kernels = InventedKernels.few
  private let quick = Arguments.Request(isQuick: true)

  private func board(_ changes: [String: String]) throws -> SimulatedBoard {
    try SimulatedBoard(try PipelineTests.board(), kernels, changes)
  }

  @Test(arguments: [
    (
      ["mig": "1"],
      "GPU 0 is divided into instances (MIG), and what it draws is that of all of them; an administrator makes it "
        + "whole with 'nvidia-smi -i 0 -mig 0'"
    ),
    (
      ["compute_mode": "2"],
      "GPU 0 is closed to computing (compute mode Prohibited); an administrator opens it with 'nvidia-smi -i 0 -c 0'"
    ),
    (
      ["power_status": "3"],
      "GPU 0 does not tell what it draws: the board does not support this (NVML status 3); "
        + "virtual GPUs and those of some laptops never do"
    ),
    (
      ["capability": "61"],
      "GPU 0 has compute capability 6.1: calibration needs 7.0 (Volta) or later"
    ),
    (
      ["context_status": "46"],
      "the NVIDIA driver refused a context: another process has the GPU to itself, or it is closed to computing "
        + "(its compute mode) (CUDA status 46)"
    ),
    (
      ["busy_from": "0", "busy_for": "1e9"],
      "GPU 0 is busy 37 % of the time while it should rest: something else uses it"
    ),
  ])
  func `a board that cannot be measured is said at once, with status 3`(
    changes: [String: String], sentence: String
  ) throws {
    let board = try board(changes)
    defer { board.remove() }
    let path = board.folder.appendingPathComponent("samples.csv").path
    let obstacle = #expect(throws: Obstacle.self) {
      try board.measure(kernels, .init(isQuick: true, raw: path))
    }
    #expect(obstacle?.description == sentence)
    #expect(obstacle?.exit == .unavailable)
    // The same command does as if nothing had been, once the board is in order.
    let before = try? SampleTable(
      text: String(contentsOfFile: path, encoding: .utf8), file: path)
    #expect(before?.samples.isEmpty ?? true)
  }

  @Test(arguments: [
    (
      ["is_virtual": "1"],
      "GPU 0 is a virtual one; what it draws may be that of other machines, too"
    ),
    (["process": "4242"], "process 4242 is on GPU 0 with 1032 MiB; nobody else should be"),
    (
      ["energy_status": "3"],
      "GPU 0 has no energy counter that can be read: the board does not support this (NVML status 3); "
        + "energy is the integral of its power"
    ),
  ])
  func `what makes a measurement worse is said, and it goes on`(
    changes: [String: String], sentence: String
  ) throws {
    let board = try board(changes)
    defer { board.remove() }
    let outcome = try board.measure(kernels, .init(isQuick: true, only: ["launch"]))
    #expect(outcome.said.contains(sentence))
    #expect(!outcome.samples.samples.isEmpty)
  }

  @Test func `a board of which nothing strange is known says nothing strange`() throws {
    let board = try board([:])
    defer { board.remove() }
    let outcome = try board.measure(kernels, .init(isQuick: true, only: ["launch"]))
    #expect(!outcome.said.contains { $0.contains("GPU 0") })
  }

  @Test func `a guest that comes in the middle ends the campaign, and its rows are measured again`()
    throws
  {
    let board = try board(["busy_from": "150", "busy_for": "60"])
    defer { board.remove() }
    let path = board.folder.appendingPathComponent("samples.csv").path
    let request = Arguments.Request(isQuick: true, raw: path)
    let obstacle = #expect(throws: Obstacle.self) { try board.measure(kernels, request) }
    #expect(
      obstacle?.description
        == "something else keeps the board busy, 37 % of the time while it should rest; what was measured is kept, "
        + "and the same command goes on once the board is back in its first state")
    #expect(obstacle?.exit == .incomplete)
    let first = try SampleTable(text: String(contentsOfFile: path, encoding: .utf8), file: path)
    let disturbed = first.samples.filter { $0.rejection == "something else used the board" }
    #expect(!disturbed.isEmpty)
    #expect(first.samples.contains { $0.rejection == nil })
  }

  @Test func `a board that is only cold is warmed again, and what it measured then does not count`()
    throws
  {
    let board = try board(["drift_from": "130", "drift_for": "80", "drift": "1.06"])
    defer { board.remove() }
    let outcome = try board.measure(kernels, quick)
    #expect(
      outcome.said.contains {
        $0.hasPrefix("gemm-float32-2048x2048x2048 takes 6.")
          && $0.hasSuffix("than at first; warming the board through again")
      })
    let samples = outcome.samples.samples
    #expect(samples.contains { $0.rejection?.hasPrefix("the board was not what it was: ") == true })
    // All of it was measured again, and nothing of the slow stretch is in the table.
    for name in Set(samples.map(\.subject.name)) {
      let usable = samples.filter {
        $0.rejection == nil && !$0.isSentinel && $0.subject.name == name
      }
      #expect(Set(usable.map(\.repetition)) == Set(0..<Plan.quick.repetitions), "\(name)")
    }
    PipelineTests.expect(try TableFit(outcome.samples).device, isLike: board.device)
  }

  @Test func `a board that keeps its full clock has drifted in energy alone`() throws {
    func sample(burst: Double, time: Double, watts: Double) -> Sample {
      Sample(
        Subject(InventedKernels.product(.float32, 512, 512, 512)), repetition: 0, started: 0,
        Measurement(
          launchSeconds: time, burstSeconds: burst, counterWatts: watts, seconds: 5, updates: 50,
          throttling: .powerCap), isLocked: false)
    }
    let first = sample(burst: 1e-3, time: 1.4e-3, watts: 70)
    #expect(Drift(from: first, to: sample(burst: 1.02e-3, time: 1.43e-3, watts: 70)) == nil)
    let warmer = try #require(Drift(from: first, to: sample(burst: 1e-3, time: 1.47e-3, watts: 70)))
    #expect(!warmer.isOfClock)
    #expect(
      warmer.description
        == "gemm-float32-512x512x512 takes 5.0 % more time and draws 0.0 % more power than at first"
    )
    let slower = try #require(
      Drift(from: first, to: sample(burst: 1.05e-3, time: 1.47e-3, watts: 70)))
    #expect(slower.isOfClock)
    #expect(Drift(from: first, to: sample(burst: 1e-3, time: 1.4e-3, watts: 66)) != nil)
  }

  @Test func `a board that heat always slows down is given up after three attempts`() throws {
    let board = try board(["slow_from": "0", "slow_for": "1e9"])
    defer { board.remove() }
    let obstacle = #expect(throws: Obstacle.self) { try board.measure(kernels, quick) }
    #expect(
      obstacle?.description
        == "the board cannot be measured as it is: gemm-float32-2048x2048x2048: "
        + "slowed down: too hot for the hardware")
    #expect(obstacle?.exit == .unavailable)
  }

  @Test func `samples of another version of the program are not gone on with`() throws {
    let board = try board([:])
    defer { board.remove() }
    let path = board.folder.appendingPathComponent("samples.csv").path
    let request = Arguments.Request(isQuick: true, raw: path, only: ["launch"])
    _ = try board.measure(kernels, request)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("# tool=\(Calibration.tool)\n", with: "# tool=nncost-calibrate 0.0.1\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let obstacle = #expect(throws: Obstacle.self) { try board.measure(kernels, request) }
    #expect(
      obstacle?.description
        == "\(path): tool was nncost-calibrate 0.0.1 and is \(Calibration.tool) now; name another file with --raw"
    )
    #expect(obstacle?.exit == .usage)
  }

  @Test func `a file that cannot be put in place leaves no draft behind`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nncost-draft-\(UUID().uuidString)")
    let taken = folder.appendingPathComponent("table.json")
    try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let obstacle = #expect(throws: Obstacle.self) { try replaceFile(taken.path, with: "{}") }
    #expect(obstacle?.description.hasPrefix("\(taken.path): cannot be written: ") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["table.json"])
  }

  @Test(arguments: [
    (11405, 100_000, "11.4"), (111103, 100_000, "11.11"), (120405, 100_000, "12.4"),
    (131000, 100_000, "13.10"), (7605, 90_000, "7.6"), (8907, 90_000, "8.9"),
    (90100, 90_000, "9.1"), (92800, 90_000, "9.28"),
  ])
  func `versions are read as NVIDIA's libraries pack them`(number: Int, wide: Int, version: String)
  {
    #expect(PackedVersion(number, wideFrom: wide).description == version)
  }
}
