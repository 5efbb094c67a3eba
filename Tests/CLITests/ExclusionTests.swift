import Foundation
import Testing

@testable import CLI

/// What is left out where a folder stands for the models within.
@Suite struct ExclusionTests {
  private static let names = [
    "a.onnx", "old/b.onnx", "sub/c.onnx", "sub/d.onnx", "sub/old/e.onnx", "third/x/f.onnx",
  ]

  private func project(_ configurations: [String: String] = [:]) throws -> Project {
    let project = try Project(configurations.merging(["notes.txt": ""]) { given, _ in given })
    for name in Self.names { try project.addModel(name) }
    return project
  }

  /// The models that are left, as seen from the project.
  private func left(_ project: borrowing Project, _ words: [String] = [], of folder: String = "")
    throws -> [String]
  {
    let given = try Arguments(words, of: CostCommand.self)
    var plan = RunPlan(given, linting: false, on: Terminal(isInteractive: false) { _ in nil })
    let root = project.root.path
    let inputs = try plan.inputs([folder.isEmpty ? root : "\(root)/\(folder)"])
    return inputs.paths.map { String($0.dropFirst(root.count + 1)) }
  }

  @Test(arguments: [
    ("old", ["a.onnx", "sub/c.onnx", "sub/d.onnx", "third/x/f.onnx"]),
    ("old/", ["a.onnx", "sub/c.onnx", "sub/d.onnx", "third/x/f.onnx"]),
    ("c.onnx", ["a.onnx", "old/b.onnx", "sub/d.onnx", "sub/old/e.onnx", "third/x/f.onnx"]),
    ("*.onnx", []),
    ("sub/*.onnx", ["a.onnx", "old/b.onnx", "sub/old/e.onnx", "third/x/f.onnx"]),
    ("sub/**", ["a.onnx", "old/b.onnx", "third/x/f.onnx"]),
    ("third", ["a.onnx", "old/b.onnx", "sub/c.onnx", "sub/d.onnx", "sub/old/e.onnx"]),
    ("./third/x", ["a.onnx", "old/b.onnx", "sub/c.onnx", "sub/d.onnx", "sub/old/e.onnx"]),
    ("b", names),
  ])
  func `a glob in the configuration leaves out files and folders`(glob: String, expected: [String])
    throws
  {
    let project = try project(["nncost.json": "{ exclude: [\"\(glob)\"] }"])
    #expect(try left(project) == expected)
    #expect(try left(project, ["--no-config"]) == Self.names)
  }

  @Test func `globs of the command line are seen from the current folder, and add up`() throws {
    let project = try project(["nncost.json": "{ exclude: [\"third\"] }"])
    #expect(
      try left(project, ["--exclude", "d.onnx", "--exclude=old"]) == ["a.onnx", "sub/c.onnx"])
    let root = FilePath(project.root.path).relative(to: .current)
    #expect(try left(project, ["--exclude", "\(root)/sub"]) == ["a.onnx", "old/b.onnx"])
    // Seen from here, a folder of that name at the top is another one.
    #expect(try left(project, ["--exclude", "sub/c.onnx"]).contains("sub/c.onnx"))
  }

  @Test
  func `the nearest file says what is left out, and a file that it extends where it is silent`()
    throws
  {
    let nearest = try project([
      "nncost.json": "{ exclude: [\"old\", \"c.onnx\"] }",
      "sub/nncost.json": "{ exclude: [\"d.onnx\"] }",
    ])
    // The folder below is looked into or not as the file above it says.
    #expect(try left(nearest) == ["a.onnx", "sub/c.onnx", "sub/old/e.onnx", "third/x/f.onnx"])
    let extended = try project([
      "nncost.json": "{ extends: \"base/all.json\" }",
      "base/all.json": "{ exclude: [\"../sub\"] }",
    ])
    #expect(try left(extended) == ["a.onnx", "old/b.onnx", "third/x/f.onnx"])
  }

  @Test func `a file that is named itself is costed all the same`() throws {
    let project = try project(["nncost.json": "{ exclude: [\"*.onnx\"] }"])
    #expect(try left(project, of: "a.onnx") == ["a.onnx"])
    let given = try Arguments([project.root.path], of: CostCommand.self)
    let reply = try CostCommand.run(given, on: Terminal(isInteractive: false) { _ in nil })
    #expect(reply.exit == .clean)
    #expect(
      reply.messages == [
        "nncost: no models in '\(project.root.path)' but those that are excluded"
      ])
  }

  @Test func `two folders are compared without what is left out`() throws {
    let project = try project()
    let root = project.root.path
    let given = try Arguments(
      ["\(root)/old", "\(root)/sub", "--exclude", "b.onnx", "--exclude", "old/e.onnx"]
        + ["--exclude", "c.onnx"], of: DiffCommand.self)
    var plan = RunPlan(given, linting: true, on: Terminal(isInteractive: false) { _ in nil })
    let pairing = try Pairing(given) { path throws(UsageError) in try plan.isExcluded(path) }
    #expect(pairing.pairs.map(\.path) == ["\(root)/sub/d.onnx", "\(root)/sub/old/e.onnx"])
  }
}
