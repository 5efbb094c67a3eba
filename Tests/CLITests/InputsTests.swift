import Foundation
import Testing

@testable import CLI

/// A folder with models and other files, which goes when the test ends.
private struct Folder: ~Copyable {
  let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init(_ files: [String]) throws {
    for file in files {
      let url = path.appending(path: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  deinit { try? FileManager.default.removeItem(at: path) }
}

@Test func `a folder stands for the models within, sorted, without those of tools`() throws {
  let folder = try Folder([
    "b.onnx", "a.onnx", "sub/c.onnx", "sub/deep/d.onnx", "notes.txt", ".git/e.onnx", ".venv/f.onnx",
    ".build/g.onnx", ".build-x/h.onnx", "node_modules/i.onnx", "B.onnx",
    "package.json", "t.onnxtxt", "u.onnx.json",
  ])
  let root = folder.path.path
  let expected = [
    "B.onnx", "a.onnx", "b.onnx", "sub/c.onnx", "sub/deep/d.onnx", "t.onnxtxt", "u.onnx.json",
  ]
  #expect(try Inputs([root]).paths == expected.map { "\(root)/\($0)" })
  #expect(try Inputs(["\(root)/"]).paths == expected.map { "\(root)/\($0)" })
}

@Test func `a circle of links is walked once`() throws {
  let folder = try Folder(["sub/a.onnx"])
  try FileManager.default.createSymbolicLink(
    at: folder.path.appending(path: "sub/loop"), withDestinationURL: folder.path)
  try FileManager.default.createSymbolicLink(
    atPath: folder.path.appending(path: "gone.onnx").path, withDestinationPath: "nowhere")
  #expect(try Inputs([folder.path.path]).paths == ["\(folder.path.path)/sub/a.onnx"])
}

@Test func `files are kept as given, whether they are there or not`() throws {
  let words = ["gone.onnx", "-", "gone.onnx", "x"]
  #expect(try Inputs(words).paths == words)
  #expect(try Inputs(words).warnings.isEmpty)
}

@Test func `a folder without models is worth a warning`() throws {
  let folder = try Folder(["notes.txt"])
  let inputs = try Inputs([folder.path.path])
  #expect(inputs.paths.isEmpty)
  #expect(inputs.warnings == ["no models in '\(folder.path.path)'"])
}

#if os(Linux)
  @Test func `a model whose name is no UTF-8 is not left out without a word`() throws {
    let folder = try Folder(["a.onnx"])
    for name in ["caf\u{e9}.onnx", "note\u{e9}.txt"] {
      let bytes = Array("\(folder.path.path)/".utf8) + name.unicodeScalars.map { UInt8($0.value) }
      let path = bytes.map { CChar(bitPattern: $0) } + [0]
      guard let file = unsafe fopen(path, "w") else {
        Issue.record("\(name) cannot be made")
        return
      }
      unsafe fclose(file)
    }
    let inputs = try Inputs([folder.path.path])
    #expect(
      inputs.paths.map { $0.dropFirst(folder.path.path.count) } == ["/a.onnx", "/caf\u{FFFD}.onnx"])
    let reply = Program.run(
      ["cost", folder.path.path], on: Terminal(isInteractive: false) { _ in nil })
    #expect(reply.exit == .input)
    #expect(
      reply.messages.last?.hasSuffix(
        ".onnx: its name is not UTF-8, and it cannot be opened by another; rename it") == true)
  }
#endif
