import Cost
import Foundation
import Testing

@testable import Microbenchmark

/// Two tables against each other.
@Suite struct ComparisonTests {
  private func file(_ text: String, _ name: String) throws -> String {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("nncost-\(UUID().uuidString)-\(name)").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func compare(_ first: Device, _ second: Device, _ options: String...) throws -> ProgramRun
  {
    let files = [
      try file(DeviceFile.text(of: first), "a.json"),
      try file(DeviceFile.text(of: second), "b.json"),
    ]
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    return try ProgramRun.calibrate(["compare"] + files + options)
  }

  @Test func `a table agrees with itself`() throws {
    let device = try PipelineTests.board()
    let run = try compare(device, device)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasSuffix(" figures of both tables agree within 3.0 %\n"))
    #expect(run.output.contains("     37.0      37.0     0.0 %  active_w\n"))
    #expect(run.errors.isEmpty)
  }

  @Test func `a figure that is further off is marked, and the status is 1`() throws {
    let device = try PipelineTests.board()
    var other = device
    other.power.activeWatts *= 1.02
    other.memory.bytesPerSecond *= 0.9
    let run = try compare(device, other)
    #expect(run.status == 1)
    #expect(run.output.contains("+1.9 %  active_w\n"))
    #expect(run.output.contains("-10.0 %  dram.bytes_per_s  <\n"))
    #expect(run.output.contains("\n1 of "))
    #expect(run.output.hasSuffix(" figures differ by more than 3.0 %\n"))
    #expect(try compare(device, other, "--within", "11%").status == 0)
    #expect(try compare(device, other, "--within", "1.5%").output.contains("\n2 of "))
  }

  @Test func `what one table alone has measured is no agreement, nor is what is no number`() throws
  {
    let device = try PipelineTests.board()
    var other = device
    let index = try #require(other.rates.firstIndex { $0.operation == .softmax })
    other.rates[index].samples = 0
    for (first, second) in [(device, other), (other, device)] {
      let comparison = TableComparison(first, second, within: 10)
      #expect(!comparison.agrees)
      #expect(
        comparison.figures.filter { $0.change == nil }.map(\.name) == [
          "softmax any joules_per_flop", "softmax any launch_us", "softmax any bytes_per_s",
          "softmax any row_bytes",
        ])
      #expect(comparison.text.contains("4 were measured for one of the tables only"))
    }
    var strange = device
    strange.power.idleWatts = .nan
    #expect(!TableComparison(device, strange, within: 10).agrees)
    // A share is held against 1, and may be 0.
    var shares = device
    let products = try #require(shares.rates.firstIndex { $0.tiling != nil })
    let loss = try #require(shares.rates[products].tiling?.waveLoss)
    shares.rates[products].tiling?.waveLoss = loss + 0.02
    #expect(TableComparison(device, shares, within: 0.03).agrees)
    #expect(!TableComparison(device, shares, within: 0.01).agrees)
  }

  @Test func `samples stand for the table that is fitted to them`() throws {
    let board = try SimulatedBoard(try PipelineTests.board(), InventedKernels.few)
    defer { board.remove() }
    let samples = try board.measure(InventedKernels.few, .init(isQuick: true)).samples
    let files = [
      try file(samples.text, "a.csv"),
      try file(DeviceFile.text(of: try TableFit(samples).device), "b.json"),
    ]
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    let run = try ProgramRun.calibrate(["compare"] + files + ["--within", "0.6%"])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("first:  Simulated Board, 2030-01-02\n"))
  }

  @Test func `a file that is neither is said, with status 2`() throws {
    let table = try file(DeviceFile.text(of: try PipelineTests.board()), "a.json")
    defer { try? FileManager.default.removeItem(atPath: table) }
    let missing = try ProgramRun.calibrate(["compare", table, "no-such-file.json"])
    #expect(missing.status == 2)
    #expect(missing.errors == "nncost-calibrate: no-such-file.json: there is no such file\n")
    let other = try ProgramRun.calibrate(["compare", #filePath, table])
    #expect(other.status == 2)
    #expect(other.errors.contains("ComparisonTests.swift:1:1: "), "\(other.errors)")
  }
}
