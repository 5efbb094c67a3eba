import BenchmarkKernels
import Cost
import Foundation
import Testing

@testable import Microbenchmark

/// Boards of other shapes than a T4's: more multiprocessors, larger caches, other types.
@Suite(.serialized) struct ShapeTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    let name: String
    let limits: BoardLimits
    let capability: Int

    var testDescription: String { name }

    init(
      _ name: String, _ target: Target, _ capability: Int, _ sms: Int, _ cache: Int, _ memory: Int
    ) {
      self.name = name
      self.capability = capability
      limits = BoardLimits(
        target: target, multiprocessors: sms, cacheBytes: cache << 20, memoryBytes: memory << 30)
    }
  }

  /// As the embedded tables have them, less a gigabyte that the driver takes.
  static let shapes = [
    Shape("v100", .sm70, 70, 80, 6, 31), Shape("t4", .sm75, 75, 40, 4, 14),
    Shape("a100", .sm80, 80, 108, 40, 79), Shape("l4", .sm80, 89, 58, 48, 23),
    Shape("h100", .sm80, 90, 132, 50, 79),
  ]

  @Test
  func `a T4 has every kernel five times, and a board with more types some of them less often`() {
    let powered = { (shape: Shape) in Self.products(shape).map(\.isPowered) }
    #expect(Plan.full.fitted(to: powered(Self.shapes[1])) == Plan.full)
    let fitted = Plan.full.fitted(to: powered(Self.shapes[4]))
    #expect((fitted.repetitions, fitted.timings) == (4, 3))
  }

  /// What is measured where a library does everything that it is asked.
  private static func products(_ shape: Shape) -> [Product] {
    let calls = KernelList.libraryCalls(on: shape.limits)
    let kinds = Set(calls.map { "\($0.kernelClass) \($0.type)" })
    return KernelList.kernels(on: shape.limits)
      .filter { !kinds.contains("\($0.kernelClass) \($0.type)") }.map { Product($0) }
      + calls.map { Product($0, by: "library 1.0") }
  }

  @Test(arguments: shapes)
  func `a board of any shape is expected to take less than 40 minutes, and 10 in a hurry`(
    shape: Shape
  ) {
    let powered = Self.products(shape).map(\.isPowered)
    for (plan, minutes) in [(Plan.full, 36.0), (.quick, 10)] {
      let fitted = plan.fitted(to: powered)
      let jobs = Schedule.jobs(powered, fitted, seed: 1)
      #expect(Progress(jobs, fitted).secondsLeft < 60 * minutes)
      #expect(fitted.repetitions >= min(4, plan.repetitions))
      #expect(fitted.timings >= (plan.timings + 1) / 2)
    }
  }

  private static let isThorough = ProcessInfo.processInfo.environment["NNCOST_THOROUGH"] != nil

  @Test(.enabled(if: isThorough, "NNCOST_THOROUGH is not set"), arguments: shapes)
  func `a board of any shape is found as it is, within 5 %`(shape: Shape) throws {
    let kernels = KernelList.kernels(on: shape.limits)
    let calls = KernelList.libraryCalls(on: shape.limits)
    let truth = try PipelineTests.board(of: shape.name)
    let board = try SimulatedBoard(
      truth, kernels,
      [
        "capability": "\(shape.capability)", "sms": "\(shape.limits.multiprocessors)",
        "l2_bytes": "\(shape.limits.cacheBytes)",
        "memory_bytes": "\(shape.limits.memoryBytes + 1 << 30)",
        // From the Ampere generation on power is the mean of a second.
        "window_s": shape.capability < 80 ? "0.1" : "1", "jitter": "0.002",
      ], calls: calls)
    defer { board.remove() }
    let outcome = try board.measure(
      kernels, .init(isQuick: true), hasLibrary: true, calls: calls)
    let device = try TableFit(outcome.samples).device
    PipelineTests.expect(
      device, isLike: board.libraryDevice, within: 0.05, leavingOut: Coefficient.fine)
    #expect(outcome.samples.samples.allSatisfy { $0.rejection == nil })
    #expect(outcome.seconds < 15 * 60)
    let types = Set(calls.map(\.type))
    for type in types {
      let products = device.rates.filter { $0.type?.name == type.rawValue && $0.samples > 0 }
      #expect(products.contains { $0.operation == .gemm }, "\(type)")
      #expect(products.contains { $0.operation == .convolution }, "\(type)")
    }
  }
}
