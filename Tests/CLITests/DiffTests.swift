import Foundation
import Graph
import Rules
import Testing

@testable import CLI

@Suite struct DiffTests {
  @Test func `two files are compared, and the change has a cause`() throws {
    let project = try Project([
      "old.onnxtxt": productModel(512), "new.onnxtxt": productModel(512, ["a", "b", "c"]),
    ])
    let reply = Program.run(
      ["diff", project.path("old.onnxtxt"), project.path("new.onnxtxt")],
      on: Terminal(isInteractive: false) { _ in nil })
    #expect(reply.exit == .clean && reply.messages.isEmpty)
    let text = String(decoding: reply.output, as: UTF8.self)
    #expect(text.contains("mostly dense +"))
    #expect(text.contains("nodes: 1 added"))
  }

  @Test func `folders are matched by the paths within`() throws {
    let project = try Project([
      "old/a.onnxtxt": productModel(512), "old/in/gone.onnxtxt": productModel(64),
      "new/a.onnxtxt": productModel(256), "new/in/new.onnxtxt": productModel(64),
    ])
    let reply = Program.run(
      ["diff", project.path("old"), project.path("new"), "-f", "json"],
      on: Terminal(isInteractive: false) { _ in nil })
    #expect(reply.exit == .clean)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(reply.output)) as? [String: Any])
    #expect(json["schema"] as? String == "nncost-diff/1")
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.compactMap { $0["status"] as? String } == ["modified", "removed", "added"])
    let change = try #require(models[0]["change"] as? [String: Any])
    let share = try #require(change["joules_share"] as? [String: Double])
    let value = try #require(share["value"])
    #expect(value < 0 && value > -1)
    #expect(models[1]["head"] == nil && models[2]["base"] == nil)
  }

  @Test func `since a revision, models are changed, new, gone, renamed or the same`() throws {
    let repository = try GitRepository([
      "models/a.onnxtxt": productModel(512), "models/gone.onnxtxt": productModel(64),
      "models/old name.onnxtxt": productModel(128, ["a", "b", "c"]),
      "models/same.onnxtxt": productModel(96), "other/b.onnxtxt": productModel(64),
      ".gitignore": "ignored*\n",
    ])
    try repository.git("checkout", "-q", "-b", "work")
    try repository.write("models/a.onnxtxt", productModel(512, ["a", "b", "c"]))
    try repository.remove("models/gone.onnxtxt")
    try repository.git("mv", "models/old name.onnxtxt", "models/name.onnxtxt")
    try repository.write("models/new.onnxtxt", productModel(32))
    try repository.write("models/ignored.onnxtxt", productModel(32))
    try repository.write("other/b.onnxtxt", productModel(32))
    let answer = repository.run("diff", "--base", "main", repository.path("models"))
    #expect(answer.exit == .clean && answer.messages == "")
    let lines = answer.text.split(separator: "\n").filter { $0.contains("(t4") }
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("REPO/models/a.onnxtxt: +"))
    #expect(lines[1].hasPrefix("REPO/models/gone.onnxtxt: removed, "))
    #expect(lines[2].hasPrefix("REPO/models/name.onnxtxt: no change, "))
    #expect(lines[2].contains("old name.onnxtxt"))
    #expect(lines[3].hasPrefix("REPO/models/new.onnxtxt: new, "))
    #expect(answer.text.hasSuffix("1 model not changed\n"))
  }

  @Test func `a model that was moved without a word to git is renamed, once for each that is gone`()
    throws
  {
    let repository = try GitRepository([
      "models/a.onnxtxt": productModel(512), "models/b.onnxtxt": productModel(64),
      "elsewhere/c.onnxtxt": productModel(128), "models/notes.txt": "a",
    ])
    func move(_ from: String, _ to: String, _ text: String) throws {
      try repository.remove(from)
      try repository.write(to, text)
    }
    try move("models/a.onnxtxt", "models/in a/new.onnxtxt", productModel(512))
    // Moved and changed: two models.
    try move("models/b.onnxtxt", "models/changed.onnxtxt", productModel(32))
    try move("elsewhere/c.onnxtxt", "models/c.onnxtxt", productModel(128))
    try repository.write("models/copy.onnxtxt", productModel(128))
    let answer = repository.run("diff", "--base", "HEAD", repository.path("models"))
    #expect(answer.exit == .clean && answer.messages == "")
    let lines = answer.text.split(separator: "\n").filter { $0.contains("(t4") }
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("REPO/models/b.onnxtxt: removed, "))
    #expect(lines[1].hasPrefix("REPO/models/c.onnxtxt: no change, "))
    #expect(lines[1].hasSuffix("c.onnxtxt"))
    #expect(lines[2].hasPrefix("REPO/models/changed.onnxtxt: new, "))
    #expect(lines[3].hasPrefix("REPO/models/copy.onnxtxt: new, "))
    #expect(lines[4].hasPrefix("REPO/models/in a/new.onnxtxt: no change, "))
    #expect(lines[4].hasSuffix("models/a.onnxtxt"))
  }

  @Test func `what main did since the branch left it is no change of the branch`() throws {
    let repository = try GitRepository([
      "a.onnxtxt": productModel(256), "b.onnxtxt": productModel(256),
    ])
    try repository.git("checkout", "-q", "-b", "work")
    try repository.write("a.onnxtxt", productModel(512))
    try repository.git("commit", "-q", "-a", "-m", "wider")
    try repository.git("checkout", "-q", "main")
    try repository.write("b.onnxtxt", productModel(1024))
    try repository.git("commit", "-q", "-a", "-m", "wider elsewhere")
    try repository.git("checkout", "-q", "work")
    let answer = repository.run("diff", "--base=main", repository.path("."))
    #expect(answer.text.contains("a.onnxtxt: +"))
    #expect(!answer.text.contains("b.onnxtxt"))
  }

  @Test func `a limit on the increase decides the status`() throws {
    let repository = try GitRepository(["a.onnxtxt": productModel(512)])
    try repository.write("a.onnxtxt", productModel(512, ["a", "b", "c"]))
    func diff(_ limit: String) -> (exit: Exit, text: String, messages: String) {
      repository.run(
        "diff", "--base", "HEAD", repository.path("a.onnxtxt"), "--max-increase", limit)
    }
    #expect(diff("3%").exit == .findings)
    #expect(diff("3%").text.contains("budget +3 % over HEAD: FAIL"))
    #expect(diff("300%").exit == .clean)
    #expect(diff("1 uJ/inf").exit == .findings)
    #expect(diff("1 J/inf").exit == .clean)
    #expect(diff("3").exit == .usage)
    let both = repository.run(
      "diff", "--base", "HEAD", repository.path("a.onnxtxt"), "--max-increase", "300%",
      "--max-increase", "1 uJ/inf")
    #expect(both.exit == .findings, "both limits hold")
  }

  @Test func `only findings that are new fail`() throws {
    let model =
      "idle (float[1,1048576] x) => (y) {\n  s = Sigmoid(x)\n  a = Relu(s)\n  y = Tanh(a)\n}"
    let repository = try GitRepository(["a.onnxtxt": model])
    let words = ["--runtime=eager", "--select=NNC249", "--fail-on=info"]
    func diff() -> (exit: Exit, text: String, messages: String) {
      repository.run(
        "diff", "--base", "HEAD", repository.path("a.onnxtxt"), words[0], words[1], words[2])
    }
    try repository.write("a.onnxtxt", model.replacing("Tanh(a)", with: "Exp(a)"))
    #expect(diff().exit == .clean, "the finding was there before")
    try repository.write(
      "a.onnxtxt",
      model.replacing("y = Tanh(a)", with: "t = Tanh(a)\n  u = Sigmoid(t)\n  y = Relu(u)"))
    let worse = diff()
    #expect(worse.exit == .findings)
    #expect(worse.text.contains("new warning NNC249") || worse.text.contains("new info NNC249"))
    try repository.write(
      "a.onnxtxt", model.replacing("  a = Relu(s)\n", with: "").replacing("(a)", with: "(s)"))
    #expect(diff().text.contains("gone NNC249 redundant-activation, 1 place"))
  }

  @Test func `what takes another batch is not compared`() throws {
    let project = try Project([
      "old.onnxtxt": productModel(64),
      "new.onnxtxt": productModel(64).replacing("float[64,64] v0", with: "float[8,64] v0"),
    ])
    let reply = Program.run(
      ["diff", project.path("old.onnxtxt"), project.path("new.onnxtxt")],
      on: Terminal(isInteractive: false) { _ in nil })
    #expect(reply.exit == .input)
    #expect(reply.messages.first?.contains("compare both at one batch with '--batch 8'") == true)
  }

  @Test func `training and lifecycle are compared where they are asked for`() throws {
    let project = try Project([
      "old.onnxtxt": productModel(256), "new.onnxtxt": productModel(256, ["a", "b", "c"]),
    ])
    let reply = Program.run(
      [
        "diff", project.path("old.onnxtxt"), project.path("new.onnxtxt"), "--dataset-size=1000",
        "--train-batch=64", "--inferences=1e6/month", "-f", "full",
      ], on: Terminal(isInteractive: false) { _ in nil })
    let text = String(decoding: reply.output, as: UTF8.self)
    #expect(text.contains("\nTraining: ") && text.contains("\nLifecycle: "))
    #expect(text.contains("CO2e"))
  }
}

@Suite struct DiffErrorTests {
  private func message(_ words: String...) -> (Exit, String) {
    let reply = Program.run(
      ["diff"] + words, on: Terminal(isInteractive: false) { _ in nil })
    return (reply.exit, reply.messages.joined(separator: "\n"))
  }

  @Test func `it says what to write where there is nothing to compare`() throws {
    let project = try Project(["a.onnxtxt": productModel(64), "models/b.onnxtxt": productModel(64)])
    let one = message(project.path("a.onnxtxt"))
    #expect(one.0 == .usage && one.1.contains("'nncost diff BASE HEAD'"))
    let revision = message("main", project.path("models"))
    #expect(revision.0 == .usage)
    #expect(revision.1.contains("'nncost diff --base main \(project.path("models"))'"))
    let mixed = message(project.path("models"), project.path("a.onnxtxt"))
    #expect(mixed.0 == .usage && mixed.1.contains("is a folder"))
    #expect(message("-", project.path("a.onnxtxt")).0 == .usage)
  }

  @Test func `outside a repository there is no revision`() throws {
    let project = try Project(["a.onnxtxt": productModel(64)])
    let answer = message("--base", "main", project.path("."))
    #expect(answer.0 == .usage && answer.1.contains("is in no git repository"))
  }

  @Test func `an unknown revision is told, with the remote's of that name`() throws {
    let repository = try GitRepository(["a.onnxtxt": productModel(64)])
    let unknown = repository.run("diff", "--base", "mian", repository.path("."))
    #expect(unknown.exit == .usage)
    #expect(unknown.messages.contains("git knows no revision 'mian'"))
    try repository.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    let remote = repository.run("diff", "--base", "trunk", repository.path("."))
    #expect(remote.messages.contains("did you mean 'origin/trunk'?"))
    let option = repository.run("diff", "--base=--all", repository.path("."))
    #expect(option.exit == .usage && option.messages.contains("'--all'"))
  }

  @Test func `a shallow clone is told to be one`() throws {
    let origin = try GitRepository(["a.onnxtxt": productModel(64)])
    try origin.git("checkout", "-q", "-b", "work")
    try origin.write("a.onnxtxt", productModel(128))
    try origin.git("commit", "-q", "-a", "-m", "second")
    let clone = try Project([:])
    try origin.git(
      "clone", "-q", "--depth=1", "--branch=work", "file://\(origin.path("."))", clone.root.path)
    let reply = Program.run(
      ["diff", "--base", "origin/main", clone.root.path],
      on: Terminal(isInteractive: false) { _ in nil })
    #expect(reply.exit == .input)
    #expect(reply.messages.first?.contains("fetch-depth: 0") == true)
  }

  @Test func `a base that cannot be read is told, and the others are compared`() throws {
    let repository = try GitRepository([
      "a.onnx": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
      "b.onnxtxt": productModel(64),
    ])
    try FileManager.default.removeItem(at: repository.project.root.appending(path: "a.onnx"))
    try repository.project.addModel("a.onnx")
    try repository.write("b.onnxtxt", productModel(96))
    let answer = repository.run("diff", "--base", "HEAD", repository.path("."))
    #expect(answer.exit == .input)
    #expect(answer.messages.contains("a.onnx: the base: as it was at "))
    #expect(answer.messages.contains("this is a Git LFS pointer"))
    #expect(answer.text.contains("b.onnxtxt: +"))
  }
}
