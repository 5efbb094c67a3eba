import Foundation
import Graph
import Testing

@testable import CLI
@testable import Rules

private func answered(_ words: [String]) -> Reply {
  Program.run(words, on: Terminal(isInteractive: false) { _ in nil })
}

private func text(_ reply: Reply) -> String { String(decoding: reply.output, as: UTF8.self) }

/// Rectifiers side by side, none of which has anything to rectify.
private func model(_ names: [String]) -> String {
  var lines = ["idle (float[1,1048576] x) => (y) {", "  s = Sigmoid(x)"]
  for name in names { lines.append("  \(name) = Relu(s)") }
  lines.append("  y = Concat <axis = 1> (\(names.joined(separator: ", ")))")
  return (lines + ["}"]).joined(separator: "\n")
}

extension Project {
  fileprivate func write(_ name: String, _ text: String) throws {
    try text.write(to: root.appending(path: name), atomically: true, encoding: .utf8)
  }

  fileprivate func lint(_ words: String...) -> Reply {
    answered(
      ["lint", path("m.onnxtxt"), "--select=NNC249", "--runtime=eager", "--fail-on=info"] + words)
  }

  /// Lints, and writes the baseline to its file.
  fileprivate func record() throws {
    let reply = lint("--write-baseline", path("base.json"))
    #expect(reply.exit == .clean)
    let file = try #require(reply.files.first)
    try Data(file.bytes).write(to: root.appending(path: "base.json"))
  }

  fileprivate var base: String { "--baseline=\(path("base.json"))" }
}

@Suite struct BaselineTests {
  @Test func `what was there before is quiet, whatever it is called and numbered`() throws {
    let project = try Project(["m.onnxtxt": model(["a", "b"])])
    #expect(project.lint().exit == .findings)
    try project.record()
    let known = project.lint(project.base)
    #expect(known.exit == .clean && known.messages.isEmpty)
    #expect(text(known).contains("1 finding in the baseline"))
    let renamed = model(["one", "two"]).replacing("  one =", with: "  z = Tanh(x)\n  one =")
      .replacing("=> (y)", with: "=> (y, z)")
    try project.write("m.onnxtxt", renamed)
    #expect(project.lint(project.base).exit == .clean)
  }

  @Test func `a new place fails, and only it is told`() throws {
    let project = try Project(["m.onnxtxt": model(["a", "b"])])
    try project.record()
    try project.write("m.onnxtxt", model(["a", "b", "c"]))
    let reply = project.lint(project.base)
    #expect(reply.exit == .findings)
    #expect(text(reply).contains("1 finding in the baseline"))
    #expect(!text(reply).contains("places"))
  }

  @Test func `what is mended is to be forgotten`() throws {
    let project = try Project(["m.onnxtxt": model(["a", "b", "c", "d"])])
    try project.record()
    try project.write("m.onnxtxt", model(["a", "b"]))
    let reply = project.lint(project.base)
    #expect(reply.exit == .clean)
    #expect(reply.messages.count == 1)
    #expect(reply.messages.first?.contains("are mended") == true)
  }

  @Test func `an inference may take so much more than it did`() throws {
    let project = try Project(["m.onnxtxt": model(["a", "b"])])
    try project.record()
    #expect(project.lint(project.base, "--max-increase=3%").exit == .clean)
    try project.write("m.onnxtxt", model(["a", "b", "c"]))
    let reply = project.lint(project.base, "--max-increase=3%", "--exit-zero")
    #expect(text(reply).contains("budget +3 % over baseline: FAIL"))
    #expect(project.lint(project.base, "--max-increase=300%", "--fail-on=never").exit == .clean)
    let other = project.lint(project.base, "--max-increase=3%", "--device=a100")
    #expect(other.exit == .input)
    #expect(other.messages.contains { $0.contains("cannot be compared") })
    #expect(project.lint("--max-increase=3%").exit == .usage)
  }

  @Test func `what saves more than it did is told again`() {
    let entry = Baseline.Entry(code: "NNC249", fingerprint: "f", places: 2, joules: 2)
    var match = BaselineMatch(Baseline(entries: [entry]))
    #expect(match.take("NNC249", "f") == 0)
    #expect(match.isKept(2.1, [0]) && !match.isKept(2.3, [0]))
    #expect(match.take("NNC249", "g") == nil && match.take("NNC217", "f") == nil)
    #expect(match.stale(["NNC249"]).map(\.places) == [1])
    #expect(match.stale(["NNC217"]).isEmpty)
    #expect(match.take("NNC249", "f") == 0 && match.take("NNC249", "f") == nil)
    let other = BaselineMatch(Baseline(entries: [entry], isComparable: false))
    #expect(other.isKept(9, [0]))
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"schema": "nncost-baseline/2"}"#,
    #"{"schema": "nncost-baseline/1", "findings": [{}]}"#,
    #"{"schema": "nncost-baseline/1", "models": [{"path": 1}]}"#,
    #"{"schema": "nncost-baseline/1", "findngs": []}"#,
    #"{"schema": "nncost-baseline/1", "findings": [{"path": "a", "rule": "b", "fingerprint": "c", "places": 1e30, "saving_joules": 1}]}"#,
  ])
  func `a baseline that is none ends with 2`(text: String) throws {
    let project = try Project(["m.onnxtxt": model(["a"]), "base.json": text])
    let reply = project.lint(project.base)
    #expect(reply.exit == .usage)
    #expect(reply.messages.first?.contains("base.json: ") == true)
  }

  @Test func `a baseline that is not there is said with the way out`() throws {
    let project = try Project(["m.onnxtxt": model(["a"])])
    #expect(project.lint(project.base).messages.first?.contains("'--write-baseline ") == true)
  }
}

@Suite struct ExceptionTests {
  private func lint(_ configuration: String, _ words: String...) throws -> Reply {
    let project = try Project([
      "m.onnxtxt": model(["a", "b", "c"]), "nncost.json": configuration,
    ])
    return answered(
      [
        "lint", project.path("m.onnxtxt"), "--select=NNC249", "--runtime=eager", "--fail-on=info",
      ] + words)
  }

  @Test func `an accepted finding is counted, and fails nothing`() throws {
    let reply = try lint(#"{"ignore": [{"rules": ["NNC249"], "reason": "why not"}]}"#)
    #expect(reply.exit == .clean && reply.messages.isEmpty)
    #expect(text(reply).contains("1 finding ignored"))
  }

  @Test func `places are accepted one by one`() throws {
    let configuration =
      #"{"ignore": [{"rules": ["redundant-activation"], "nodes": ["c"], "reason": "x"}]}"#
    let reply = try lint(configuration, "--format=json")
    let document = try JSONSerialization.jsonObject(with: Data(reply.output)) as? [String: Any]
    let model = try #require((document?["models"] as? [[String: Any]])?.first)
    let findings = try #require(model["findings"] as? [[String: Any]])
    #expect(findings.map { $0["suppressed"] as? Bool } == [false, true])
    let cause = findings.last?["suppression"] as? [String: Any]
    #expect(cause?["kind"] as? String == "ignore" && cause?["reason"] as? String == "x")
    #expect((findings.first?["places"] as? [Any])?.count == 2)
    #expect(reply.exit == .findings)
  }

  @Test func `an exception that fits nothing is said, with its place`() throws {
    let reply = try lint(
      "{\"ignore\": [\n  {\"rules\": [\"NNC2\"], \"nodes\": [\"zz\"], \"reason\": \"x\"}]}")
    #expect(reply.exit == .findings)
    #expect(reply.messages.count == 1)
    #expect(reply.messages.first?.contains("nncost.json:2:3: ") == true)
    // Nobody knows of rules that were not run.
    #expect(try lint(#"{"ignore": [{"rules": ["NNC5"], "reason": "x"}]}"#).messages.isEmpty)
  }

  @Test func `a level that somebody sets holds whatever a finding saves`() throws {
    #expect(
      try lint(#"{"rules": {"severity": {"NNC249": "info"}}}"#, "--fail-on=warning").exit == .clean)
    #expect(
      try lint(#"{"rules": {"severity": {"NNC249": "error"}}}"#, "--fail-on=error").exit
        == .findings)
    let off = #"{"rules": {"severity": {"NNC2": "off"}}}"#
    #expect(try lint(off).exit == .findings, "the command line selects it")
  }

  @Test func `a model may carry its own exceptions`() throws {
    func lint(_ value: String) throws -> Reply {
      let text =
        "<ir_version: 8, opset_import: [\"\" : 17], metadata_props: [\"nncost.ignore\": \"\(value)\"]>\n"
      let project = try Project(["m.onnxtxt": text + model(["a", "b"])])
      return answered(
        [
          "lint", project.path("m.onnxtxt"), "--select=NNC249", "--runtime=eager",
          "--fail-on=info",
        ])
    }
    let entry = "{rules: [\\\"NNC249\\\"], reason: \\\"known\\\"}"
    #expect(try lint("[\(entry)]").exit == .clean)
    for wrong in ["x", "{}", "[{}]", "[{rule: 1}]", "[\(entry)"] {
      let reply = try lint(wrong)
      #expect(reply.exit == .findings)
      #expect(reply.messages.first?.contains("metadata 'nncost.ignore': ") == true)
    }
  }
}
