import BenchmarkKernels
import Cost
import Foundation
import Testing

@testable import Microbenchmark

/// The programs as they are built, on a simulated board with this project's own kernels.
@Suite struct EndToEndTests {
  /// Small ones, of each kind that a table needs.
  private static let names = [
    "launch", "arithmetic-float32", "copy-268435456", "gemm-float32-640", "gemm-float32-1024",
  ]

  private var kernels: [BenchmarkKernel] {
    KernelList.kernels(
      on: BoardLimits(
        target: .sm75, multiprocessors: 40, cacheBytes: 4 << 20, memoryBytes: 14 << 30)
    ).filter { kernel in Self.names.contains { kernel.name.hasPrefix($0) } }
  }

  private func environment(_ board: SimulatedBoard) -> [String: String] {
    [
      "FAKE_BOARD": board.settings, "NNCOST_NVML_LIBRARY": board.library,
      "NNCOST_CUDA_LIBRARY": board.library, "NNCOST_CLOCK_LIBRARY": board.library,
      "NNCOST_CUBLASLT_LIBRARY": board.library, "NNCOST_CUDNN_LIBRARY": board.library,
    ]
  }

  @Test func `one command makes a table that nncost uses at once`() throws {
    let board = try SimulatedBoard(try PipelineTests.board(), kernels)
    defer { board.remove() }
    let table = board.folder.appendingPathComponent("mine.json").path
    let residuals = board.folder.appendingPathComponent("residuals.csv").path
    let arguments = [
      "--quick", "--output", table, "--residuals", residuals, "--only",
      Self.names.joined(separator: ","),
    ]
    let run = try ProgramRun.calibrate(arguments, environment(board))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("matrix products by cublaslt 12.4"))
    #expect(run.errors.contains(" left\n"))
    let device = try DeviceFile.read(
      Array(Data(contentsOf: URL(fileURLWithPath: table))), name: "mine", file: table)
    #expect(
      PipelineTests.error(device.memory.bytesPerSecond, board.device.memory.bytesPerSecond) < 0.03)
    #expect(
      PipelineTests.error(device.power.activeWatts, board.device.power.activeWatts) < 0.03)

    let check = try ProgramRun.product("nncost", ["devices", "check", table])
    #expect(check.status == 0)
    #expect(check.output.contains("Simulated Board"))
    let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../examples/resnet50.onnx").standardized.path
    let cost = try ProgramRun.product("nncost", ["cost", model, "--device", table])
    #expect(cost.status == 0)
    // Every kernel of the network has a price.
    #expect(cost.output.contains("mJ/inf"))
    #expect(!cost.output.contains("at least"))

    let lines = try String(contentsOfFile: residuals, encoding: .utf8).split(separator: "\n")
    #expect(lines.first.map(String.init) == ResidualReport.columns.joined(separator: ","))
    #expect(
      lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 15 })

    // The samples alone make the same table.
    let samples = board.folder.appendingPathComponent("mine.samples.csv").path
    let fit = try ProgramRun.calibrate(["fit", samples])
    #expect(fit.status == 0)
    #expect(fit.output == (try String(contentsOfFile: table, encoding: .utf8)))
  }

  @Test func `Ctrl-C keeps the samples and says how to go on`() throws {
    let board = try SimulatedBoard(try PipelineTests.board(), kernels)
    defer { board.remove() }
    let samples = board.folder.appendingPathComponent("raw.csv").path
    let process = Process()
    process.executableURL = ProgramRun.program("nncost-calibrate")
    process.arguments = ["--raw", samples, "--only", Self.names.joined(separator: ",")]
    process.environment = ProcessInfo.processInfo.environment.merging(environment(board)) { $1 }
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    // The first sample is on its way when the sentinel's line is there.
    while process.isRunning {
      let text = (try? String(contentsOfFile: samples, encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count(where: { !$0.hasPrefix("#") }) > 2 { break }
      usleep(2000)
    }
    process.interrupt()
    process.waitUntilExit()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(said.hasSuffix("stopped; the same command goes on with the samples in \(samples)\n"))
    let table = try SampleTable(
      text: String(contentsOfFile: samples, encoding: .utf8), file: samples)
    #expect(!table.samples.isEmpty)
  }

  @Test func `samples that are not there or no samples are said, with status 2`() throws {
    let run = try ProgramRun.calibrate(["fit", "no-such-file.csv"])
    #expect(run.status == 2)
    #expect(run.errors == "nncost-calibrate: no-such-file.csv: there is no such file\n")
    let other = try ProgramRun.calibrate(["fit", #filePath])
    #expect(other.status == 2)
    #expect(other.errors.contains(":1: this is no file of samples"))
  }
}
