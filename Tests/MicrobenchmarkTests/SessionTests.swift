import Cost
import Foundation
import Graph
import Testing

@testable import BenchmarkKernels
@testable import Microbenchmark

/// All kernels that a board is measured with, from the first reading to the table, on a board of which all is known.
///
/// Times jitter, power is noisy, heat adds to it, the clock falls for a while, and the counter is wrong for another.
@Suite(.serialized) struct SessionTests {
  private static let limits = BoardLimits(
    target: .sm75, multiprocessors: 40, cacheBytes: 4 << 20, memoryBytes: 14 << 30)
  private static let kernels = KernelList.kernels(on: limits)
  private static let calls = KernelList.libraryCalls(on: limits)

  private static let faults = [
    "jitter": "0.003", "noise": "0.005", "leakage_w_per_c": "0.01", "slow_from": "1000",
    "slow_for": "40", "gain_from": "1500", "gain_for": "40", "gain": "1.2",
  ]

  private struct Session {
    let outcome: SimulatedBoard.Outcome
    let fit: TableFit
    /// What the table should say.
    let truth: Device
  }

  private func measure(
    _ changes: [String: String] = [:], isQuick: Bool = false, hasLibraries: Bool = false
  ) throws -> Session {
    let board = try SimulatedBoard(
      try PipelineTests.board(), Self.kernels, Self.faults.merging(changes) { _, given in given },
      calls: hasLibraries ? Self.calls : [])
    defer { board.remove() }
    let outcome = try board.measure(
      Self.kernels, .init(isQuick: isQuick), hasLibrary: hasLibraries, calls: Self.calls)
    return Session(
      outcome: outcome, fit: try TableFit(outcome.samples),
      truth: hasLibraries ? board.libraryDevice : board.device)
  }

  /// Two sessions of 40 minutes on the board's clock take a minute on the host's.
  private static let isThorough = ProcessInfo.processInfo.environment["NNCOST_THOROUGH"] != nil

  @Test(.enabled(if: isThorough, "NNCOST_THOROUGH is not set"))
  func `a whole session finds every figure within 3 % in under 40 minutes, whatever happens`()
    throws
  {
    let session = try measure(hasLibraries: true)
    let (outcome, fit) = (session.outcome, session.fit)
    PipelineTests.expect(fit.device, isLike: session.truth, leavingOut: [])
    #expect(outcome.seconds < 40 * 60)
    #expect(outcome.said.contains { $0.hasPrefix("measuring again what was rejected") })
    #expect(fit.device.rate(.convolution, .float16)?.provider == "cudnn 9.1")
    #expect(fit.device.rate(.gemm, .int8)?.provider == "cublaslt 12.4")
    #expect(!fit.priors.contains { $0.contains("gradient of convolution in float") })

    let rejections = outcome.samples.samples.compactMap(\.rejection)
    #expect(rejections.contains("slowed down: too hot for the hardware"))
    #expect(rejections.contains { $0.hasPrefix("the integral of power differs from the counter") })
    let kinds = Set(rejections.map { $0.prefix(20) })
    #expect(kinds.count == 2)
    // What was rejected is there in a usable form, too.
    for name in Set(outcome.samples.samples.map(\.subject.name)) {
      let usable = outcome.samples.samples.filter {
        $0.rejection == nil && !$0.isSentinel && $0.subject.name == name
      }
      #expect(Set(usable.map(\.repetition)) == Set(0..<Plan.full.repetitions), "\(name)")
    }

    // Another day on the same board: the table is the same within 3 %.
    let again = try measure(["seed": "77"], hasLibraries: true)
    PipelineTests.expect(again.fit.device, isLike: fit.device, leavingOut: [])
    #expect(again.fit.device.power.activeWatts != fit.device.power.activeWatts)
  }

  @Test(.enabled(if: isThorough, "NNCOST_THOROUGH is not set"))
  func `without libraries this project's own kernels tell everything but gradients`() throws {
    let session = try measure()
    PipelineTests.expect(
      session.fit.device, isLike: session.truth, leavingOut: Coefficient.untold)
    #expect(session.outcome.seconds < 40 * 60)
    #expect(session.fit.device.rate(.convolution, .float16)?.provider == "nncost")
    #expect(session.fit.priors.contains("weight_gradient of convolution in float32"))
    // What is not told is what is known of another board.
    let known = try #require(try Device.named("t4")?.rate(.convolution, .float32))
    #expect(
      session.fit.device.rate(.convolution, .float32)?.weightGradientShare
        == known.weightGradientShare)
  }

  @Test
  func `a quick session takes minutes, finds every figure within 5 %, and nncost takes its table`()
    throws
  {
    let session = try measure(
      ["slow_from": "200", "gain_from": "300"], isQuick: true, hasLibraries: true)
    let fit = session.fit
    PipelineTests.expect(fit.device, isLike: session.truth, within: 0.05, leavingOut: [])
    #expect(session.outcome.seconds < 12 * 60)

    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nncost-session-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = folder.appendingPathComponent("board.json").path
    try DeviceFile.text(of: fit.device).write(toFile: table, atomically: true, encoding: .utf8)
    let check = try ProgramRun.product("nncost", ["devices", "check", table])
    #expect(check.status == 0, "\(check.errors)")
    #expect(check.output.hasSuffix(", usable\n"), "\(check.output)")
    let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../examples").standardized
    for name in try FileManager.default.contentsOfDirectory(atPath: examples.path)
    where name.hasSuffix(".onnx") {
      let model = examples.appendingPathComponent(name).path
      let cost = try ProgramRun.product("nncost", ["cost", model, "--device", table])
      #expect(cost.status == 0)
      // Every kernel of the network has a price.
      #expect(cost.output.contains("mJ/inf"))
      #expect(!cost.output.contains("at least"))
    }
  }
}
