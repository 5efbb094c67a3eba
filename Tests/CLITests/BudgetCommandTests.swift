import Foundation
import Rules
import Testing

@testable import CLI

extension Project {
  fileprivate func run(_ words: String...) -> (exit: Exit, text: String, messages: String) {
    let reply = Program.run(words, on: Terminal(isInteractive: false) { _ in nil })
    for file in reply.files { try? Data(file.bytes).write(to: URL(filePath: file.path)) }
    return (
      reply.exit, String(decoding: reply.output, as: UTF8.self),
      reply.messages.joined(separator: "\n")
    )
  }

  fileprivate func write(_ name: String, _ text: String) throws {
    try text.write(to: root.appending(path: name), atomically: true, encoding: .utf8)
  }

  fileprivate func text(_ name: String) throws -> String {
    try String(contentsOf: root.appending(path: name), encoding: .utf8)
  }
}

@Suite struct LimitTextTests {
  @Test(arguments: [
    (1, "1"), (12.31, "12.4"), (12.3, "12.3"), (999.1, "1000"), (1234, "1240"), (0.0101, "0.0101"),
    (0.01011, "0.0102"), (9.999e-7, "1e-6"), (1.231e-7, "1.24e-7"), (0, "0"),
    (Double.infinity, "0"),
  ])
  func `limits are rounded up, and read again`(value: Double, text: String) throws {
    #expect(LimitText.roundedUp(value) == text)
    guard value > 0, value.isFinite else { return }
    #expect(try Quantity("\(text) J").amount >= value * (1 - 1e-9))
  }

  @Test func `a limit leaves the room that is asked for`() {
    #expect(LimitText.limit(0.010, headroom: 0.1, "J/inf") == "11 mJ/inf")
    #expect(LimitText.limit(0.010, headroom: 0, "J/image") == "10 mJ/image")
  }
}

@Suite struct BudgetCommandTests {
  @Test func `what is suggested can be used, and passes`() throws {
    let project = try Project([
      "models/a.onnxtxt": productModel(256), "b.onnxtxt": productModel(512), "nncost.json": "",
    ])
    let suggested = project.run("budget", "suggest", project.path("."))
    #expect(suggested.exit == .clean)
    try project.write("nncost.json", suggested.text)
    let check = project.run("budget", "check", project.path("."))
    #expect(check.exit == .clean)
    #expect(check.text.hasSuffix("2 budgets held: 2 pass\n"))
    try project.write("b.onnxtxt", productModel(512, (0..<12).map { "n\($0)" }))
    try project.write("models/b.onnxtxt", productModel(64))
    let failed = project.run("budget", "check", project.path("."))
    #expect(failed.exit == .findings)
    #expect(failed.text.hasSuffix("2 budgets held: 1 passes, 1 fails; 1 model has no budget\n"))
    let again = project.run("budget", "suggest", project.path("."))
    #expect(again.text.contains("models/b") && !again.text.contains("models/a"))
    #expect(again.messages.contains("has a budget already"))
  }

  @Test func `limits are lowered after a win, never raised, and comments stay`() throws {
    let settings = """
      {
        // The fleet's own.
        "budgets": [
          { "name": "loose", "paths": ["*.onnxtxt"], "max": "1000 J/inf" }, // keep an eye on it
          { "name": "tight", "max": "1 nJ/inf" },
          { "max": "  2 kJ/inf", "paths": ["gone.onnx"] },
          { "against": "main", "max_increase": "3%" },
        ],
      }

      """
    let project = try Project(["a.onnxtxt": productModel(256), "nncost.json": settings])
    let file = project.path("nncost.json")
    let dry = project.run("budget", "tighten", file, "--dry-run", "--no-config")
    #expect(dry.exit == .usage, "without a configuration there is nothing to lower")
    try project.write(
      "nncost.json",
      settings.replacing(#"    { "against": "main", "max_increase": "3%" },\#n"#, with: ""))
    let before = try project.text("nncost.json")
    #expect(project.run("budget", "tighten", file, "--dry-run").text.contains("1000 -> "))
    #expect(try project.text("nncost.json") == before)
    let answer = project.run("budget", "tighten", file)
    #expect(answer.exit == .clean)
    #expect(answer.text.contains("budget tight: 1 nJ/inf stays"))
    #expect(answer.text.contains("fits no model, left as it is"))
    let after = try project.text("nncost.json")
    #expect(after.contains("// keep an eye on it") && after.contains("\"1 nJ/inf\""))
    #expect(after.contains("\"  2 kJ/inf\"") && !after.contains("1000 J/inf"))
    let check = project.run("budget", "check", project.path("a.onnxtxt"), "--json")
    #expect(check.exit == .findings && check.text.contains(#""verdict": "pass""#))
    let again = project.run("budget", "tighten", file)
    #expect(!again.text.contains("->"))
  }

  @Test func `a limit for a model that cannot be costed is left alone`() throws {
    let project = try Project([
      "a.onnxtxt": productModel(64), "b.onnxtxt": "no model",
      "nncost.json": #"{"budgets": [{"max": "1 J/inf"}]}"#,
    ])
    let answer = project.run("budget", "tighten", project.path("nncost.json"))
    #expect(answer.exit == .input)
    #expect(answer.text.contains("stays, since") && answer.text.contains("could not be costed"))
  }

  @Test func `what cannot be done is said`() throws {
    let project = try Project(["a.onnxtxt": productModel(64), "nncost.json": "{}"])
    #expect(project.run("budget", "chek").messages.contains("did you mean 'check'?"))
    let none = project.run("budget", "tighten", project.path("nncost.json"))
    #expect(none.exit == .usage && none.messages.contains("no budget with 'max'"))
    #expect(project.run("budget", "suggest", "--headroom=10").exit == .usage)
    let bare = project.run("budget", "check", project.path("a.onnxtxt"))
    #expect(bare.exit == .clean && bare.text.hasPrefix("no budgets for 1 model"))
  }
}

@Suite struct BaselineCommandTests {
  private static let idle = """
    idle (float[1,1048576] x) => (y) {
      s = Sigmoid(x)
      a = Relu(s)
      y = Tanh(a)
    }
    """
  private static let mended = idle.replacing("  a = Relu(s)\n", with: "")
    .replacing("(a)", with: "(s)")

  private func project() throws -> Project {
    try Project(["a.onnxtxt": Self.idle, "b.onnxtxt": Self.idle])
  }

  @Test func `a record is written, shown, compared and pruned`() throws {
    let project = try project()
    let record = "--baseline=\(project.path("base.json"))"
    func run(_ action: String) -> (exit: Exit, text: String, messages: String) {
      project.run(
        "baseline", action, project.path("."), record, "--runtime=eager", "--select=NNC249",
        "--fail-on=info")
    }
    #expect(run("write").text.hasSuffix("base.json: 2 findings in 2 models\n"))
    let shown = project.run("baseline", "show", project.path("base.json"))
    #expect(shown.text.contains("NNC249 redundant-activation"))
    #expect(run("compare").exit == .clean)
    #expect(run("compare").text.contains("a.onnxtxt: 1 place as before"))

    try project.write("a.onnxtxt", Self.mended)
    try project.write("c.onnxtxt", Self.idle)
    let compared = run("compare")
    #expect(compared.exit == .findings, "the new model has a finding")
    #expect(compared.text.contains("a.onnxtxt: gone NNC249 redundant-activation, 1 place"))
    #expect(compared.text.contains("a.onnxtxt: -"))
    #expect(compared.text.contains("c.onnxtxt: not in "))

    try FileManager.default.removeItem(at: project.root.appending(path: "b.onnxtxt"))
    let pruned = run("prune")
    #expect(pruned.exit == .clean)
    #expect(pruned.text.contains("b.onnxtxt: gone, forgotten"))
    #expect(pruned.text.contains("a.onnxtxt: 1 place mended, forgotten"))
    #expect(pruned.text.hasSuffix("base.json: 2 -> 0 places\n"))
    #expect(run("compare").exit == .findings, "what is new is not added")
  }

  @Test func `what was found on another device is not pruned`() throws {
    let project = try project()
    let record = "--baseline=\(project.path("base.json"))"
    _ = project.run(
      "baseline", "write", project.path("."), record, "--runtime=eager", "--select=NNC249")
    try project.write("a.onnxtxt", Self.mended)
    let before = try project.text("base.json")
    let answer = project.run(
      "baseline", "prune", project.path("."), record, "--runtime=eager", "--select=NNC249",
      "--device=a100")
    #expect(answer.text.contains("a.onnxtxt: recorded on another device"))
    #expect(try project.text("base.json") == before)
  }

  @Test func `a record that is not there is told`() throws {
    let project = try project()
    let answer = project.run("baseline", "show", project.path("gone.json"))
    #expect(answer.exit == .usage && answer.messages.contains("there is no such file"))
    #expect(project.run("baseline", "shwo").messages.contains("did you mean 'show'?"))
  }
}
