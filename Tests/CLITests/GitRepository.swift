import Foundation
import Testing

@testable import CLI

/// A git repository with files of given contents, on a branch `main`, which goes when the test ends.
struct GitRepository: ~Copyable {
  let project: Project

  init(_ files: [String: String]) throws {
    let project = try Project(files)
    for words in [
      ["init", "-q", "-b", "main"], ["config", "user.email", "test@example.org"],
      ["config", "user.name", "Test"], ["config", "commit.gpgsign", "false"], ["add", "."],
      ["commit", "-q", "-m", "first", "--allow-empty"],
    ] {
      try Self.git(words, in: project.root)
    }
    self.project = project
  }

  /// Runs git in the repository and expects that it succeeds.
  func git(_ words: String...) throws { try Self.git(words, in: project.root) }

  private static func git(_ words: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder.path] + words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "git \(words.joined(separator: " "))")
  }

  func write(_ name: String, _ text: String) throws {
    let url = project.root.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: project.root.appending(path: name))
  }

  func path(_ name: String) -> String { project.path(name) }

  /// What the program answers, without the folder that nobody can foresee.
  func run(_ words: String...) -> (exit: Exit, text: String, messages: String) {
    let reply = Program.run(words, on: Terminal(isInteractive: false) { _ in nil })
    let folder = project.root.path
    func clean(_ text: String) -> String {
      text.replacing(project.root.resolvingSymlinksInPath().path, with: "REPO")
        .replacing(folder, with: "REPO")
    }
    return (
      reply.exit, clean(String(decoding: reply.output, as: UTF8.self)),
      clean(reply.messages.joined(separator: "\n"))
    )
  }
}

/// Products of a width, one for each of `names`.
func productModel(_ width: Int, _ names: [String] = ["a", "b"]) -> String {
  var lines = ["products (float[64,\(width)] v0) => (y) <"]
  let weights = names.indices.map { "float[\(width),\(width)] w\($0)" }
  lines.append("  \(weights.joined(separator: ", "))")
  lines.append("> {")
  for (index, name) in names.enumerated() {
    let result = index == names.count - 1 ? "y" : "v\(index + 1)"
    lines.append("  [\(name)] \(result) = MatMul(v\(index), w\(index))")
  }
  return (lines + ["}"]).joined(separator: "\n")
}
