import Foundation

@testable import CLI

/// A folder with files of given contents, which goes when the test ends.
struct Project: ~Copyable {
  let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init(_ files: [String: String]) throws {
    for (name, text) in files {
      let url = root.appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
  }

  /// Puts in the tiny model at `name`.
  func addModel(_ name: String) throws {
    let url = root.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: snapshotFolder.appending(path: "tiny.onnx"), to: url)
  }

  func path(_ name: String) -> String { root.appending(path: name).path }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// The settings that hold for a model, with words of the command line.
  func settings(
    for model: String, _ words: [String] = [], _ environment: [String: String] = [:]
  ) throws(UsageError) -> Arguments {
    let given = try Arguments(words, of: LintCommand.self)
    let path = path(model)
    let name = try given.configurationFile(for: path)
    let file: ConfigurationFile? = if let name { try ConfigurationFile(name) } else { nil }
    let terminal = Terminal(isInteractive: false) { environment[$0] }
    return try Configuration(given, file, for: path, on: terminal).arguments
  }

  /// What is wrong, without the folder that nobody can foresee.
  func message(for model: String, _ words: [String] = []) -> String? {
    do throws(UsageError) {
      _ = try settings(for: model, words)
      return nil
    } catch {
      let name = error.message.range(of: "nncost.json")
      return name.map { String(error.message[$0.lowerBound...]) } ?? error.message
    }
  }
}

func wrong(_ text: String) throws -> String? {
  try Project(["nncost.json": text]).message(for: "a.onnx")
}
