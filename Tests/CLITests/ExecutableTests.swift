import Foundation
import Testing

/// The program as it is built, run in a process of its own.
private struct Executable {
  struct Answer: Hashable {
    var status: Int32
    var output: String
    var messages: String
  }

  /// The folder in which the program runs.
  var folder = snapshotFolder
  /// The file that standard input is read from.
  var input: URL?

  func callAsFunction(_ words: String...) throws -> Answer { try run(words) }

  func run(_ words: [String]) throws -> Answer {
    let process = Process()
    let (output, messages) = (Pipe(), Pipe())
    process.executableURL = Self.products.appending(path: "nncost")
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ["TERM": "xterm"]
    process.standardOutput = output
    process.standardError = messages
    process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? .nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let errors = try messages.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      messages: String(decoding: errors, as: UTF8.self))
  }

  /// The folder with what the package builds.
  private static var products: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    return bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
  }
}

private let nncost = Executable()

@Test func `a model is costed and linted with status 0`() throws {
  for command in ["cost", "lint"] {
    let answer = try nncost(command, "tiny.onnx", "-d", "./board.json")
    #expect(answer.status == 0)
    #expect(answer.messages == "")
    #expect(answer.output.hasPrefix("tiny.onnx: at least "))
  }
}

@Test func `a missing file ends with 3, and the others are still reported`() throws {
  let answer = try nncost("cost", "gone.onnx", "tiny.onnx", "-d", "./board.json")
  #expect(answer.status == 3)
  #expect(answer.messages == "gone.onnx: there is no such file\n")
  #expect(answer.output.hasPrefix("tiny.onnx: "))
}

@Test func `in JSON a missing file is an error object`() throws {
  let answer = try nncost("cost", "gone.onnx", "-f", "json")
  #expect(answer.status == 3)
  #expect(answer.messages == "")
  #expect(answer.output.contains(#""message": "there is no such file""#))
  #expect(answer.output.contains(#""exit_reason": "input_error""#))
}

@Test func `a budget decides the status`() throws {
  let board = ["-d", "./board.json"]
  #expect(try nncost("lint", "tiny.onnx", board[0], board[1], "--budget", "1 nJ/inf").status == 1)
  #expect(
    try nncost("lint", "tiny.onnx", board[0], board[1], "--budget", "1 nJ/inf", "--exit-zero")
      .status == 0)
  // One node is not understood, so nothing passes for sure.
  let undecided = try nncost("lint", "tiny.onnx", "-d", "./board.json", "--budget", "1 kJ/inf")
  #expect(undecided.status == 0)
  #expect(undecided.output.contains("UNDECIDED"))
  #expect(
    try nncost("lint", "tiny.onnx", board[0], board[1], "--budget", "1 kJ/inf", "--strict").status
      == 1)
}

@Test func `a budget without a unit ends with 2 and the forms that are taken`() throws {
  let answer = try nncost("lint", "tiny.onnx", "--budget", "11")
  #expect(answer.status == 2)
  #expect(answer.output == "")
  #expect(answer.messages.contains("11 mJ/inf") && answer.messages.contains("2 kWh/training"))
}

@Test func `TF32 on a board without it ends with 2 and the boards that have it`() throws {
  let answer = try nncost("cost", "tiny.onnx", "-d", "t4", "--precision", "tf32")
  #expect(answer.status == 2)
  #expect(answer.output == "")
  #expect(
    answer.messages
      == """
      nncost: t4 has no TF32, which came with compute capability 8.0: its tensor cores take '--precision fp16'; \
      a100, h100, l4 have TF32

      """)
  let other = try nncost("cost", "tiny.onnx", "-d", "a100", "--precision", "tf32", "-f", "json")
  #expect(other.status == 0)
  #expect(other.output.contains(#""precision": "tf32""#))
}

@Test(arguments: [
  (["lnt"], "did you mean 'lint'?"), (["lint", "--bugdet", "1"], "did you mean '--budget'?"),
  (["cost", "-d", "t5"], "did you mean 't4'?"), (["explain", "NNC50"], "did you mean 'NNC501'?"),
  (["lint", "--select", "excesive-depth"], "did you mean 'excessive-depth'?"),
  (["cost", "-f", "jsn"], "did you mean 'json'?"), (["tiny.onnx"], "nncost lint tiny.onnx"),
  (["cost", "tiny.onnx", "--dim", "bacth=2"], "did you mean 'batch'?"),
  (["cost", "tiny.onnx", "--input-shape", "imgae=1x3x16x16"], "did you mean 'image'?"),
])
func `a slip ends with 2 and the nearest match`(words: [String], tip: String) throws {
  let answer = try nncost.run(words)
  #expect(answer.status == 2)
  #expect(answer.output == "")
  #expect(answer.messages.contains(tip))
}

@Test func `the same input gives the same bytes, wherever the folder lies`() throws {
  let copy = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.copyItem(at: snapshotFolder, to: copy)
  defer { try? FileManager.default.removeItem(at: copy) }
  for format in ["full", "concise", "json", "jsonl", "csv"] {
    let words = ["lint", ".", "-f", format, "-d", "./board.json"]
    let first = try nncost.run(words)
    #expect(first.status == 0)
    #expect(try nncost.run(words) == first)
    #expect(try Executable(folder: copy).run(words) == first)
  }
}

@Test func `a folder without models is no failure`() throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let answer = try Executable(folder: folder)("lint")
  #expect(answer == .init(status: 0, output: "", messages: "nncost: no models in '.'\n"))
}

@Test func `reports are written to files too`() throws {
  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: file) }
  let answer = try nncost(
    "cost", "tiny.onnx", "-d", "./board.json", "--output", "jsonl=\(file.path)")
  #expect(answer.status == 0)
  let lines = try String(contentsOf: file, encoding: .utf8)
  #expect(lines.hasPrefix(#"{"path": "tiny.onnx""#))
  #expect(try nncost("cost", "tiny.onnx", "--output", "json=/gone/away.json").status == 4)
}

@Test func `help and version are printed`() throws {
  #expect(try nncost("version").output.hasPrefix("nncost "))
  #expect(try nncost("--version") == nncost("version"))
  #expect(try nncost("help", "cost") == nncost("cost", "--help"))
  #expect(try nncost("--help").status == 0)
  let bare = try nncost.run([])
  #expect(bare.status == 2 && bare.output == "" && bare.messages.contains("usage: nncost"))
}

@Test func `a model is read from standard input`() throws {
  let input = snapshotFolder.appending(path: "tiny.onnx")
  let answer = try Executable(input: input)("cost", "-", "-d", "./board.json", "-f", "csv")
  let named = try nncost("cost", "tiny.onnx", "-d", "./board.json", "-f", "csv")
  #expect(answer.status == 0)
  #expect(answer.output == named.output.replacing("tiny.onnx", with: "-"))
  let empty = try nncost("cost", "-")
  #expect(empty.status == 3)
  #expect(empty.messages == "-: the file is empty\n")
}

@Test func `a table that cannot be is told with its key, and status 2`() throws {
  let checked = try nncost("devices", "check", "./board.json")
  #expect(checked.status == 0)
  let board = try String(
    contentsOf: snapshotFolder.appending(path: "board.json"), encoding: .utf8)
  let folder = FileManager.default.temporaryDirectory.appending(path: "nncost-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let wrong = board.replacing(/"idle_w": [0-9.]+/, with: "\"idle_w\": 5000")
  #expect(wrong != board)
  try wrong.write(to: folder.appending(path: "wrong.json"), atomically: true, encoding: .utf8)
  let answer = try Executable(folder: folder)("devices", "check", "wrong.json")
  #expect(answer.status == 2)
  #expect(
    answer.output.contains("wrong.json: error: power.idle_w: 5000 W at rest is above the cap"))
  #expect(answer.output.hasSuffix(" 1 error, not to be used\n"))
}
