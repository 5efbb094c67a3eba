import Cost
import Foundation
import Graph
import Testing

@testable import CLI
@testable import Rules

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a report says of the tiny model, on a board whose figures never change.
private func written(
  _ format: any ReportFormat.Type, linting: Bool = false,
  _ change: (inout Arguments) -> Void = { _ in }
) throws -> String {
  var arguments = Arguments()
  change(&arguments)
  let device = try Device.read(from: snapshotFolder.appending(path: "board.json").path)
  var run = try Run(arguments, on: device, linting: false)
  var entry = run.entry(snapshotFolder.appending(path: "tiny.onnx").path)
  entry.path = "models/tiny.onnx"
  if linting { entry = try linted(entry) }
  var report = format.init(
    ReportContext(
      arguments: arguments, device: device, isLinting: linting, paint: Paint(isOn: false)))
  report.add(entry)
  report.add(
    Entry(
      path: "models/broken.onnx",
      outcome: .failed(
        InputError(code: "format", message: "the file ends too early", place: "byte 12"))))
  return String(decoding: report.finish(.findings), as: UTF8.self)
}

/// Nodes of one place, or each at a place of its own that people know.
private func places(_ count: Int, isSplit: Bool) -> [Place] {
  let names = (0..<count).map { "/stem/\($0)" }
  guard isSplit else { return [Place(nodes: names)] }
  return names.indices.map { index in
    Place(
      nodes: [names[index]], module: "stem",
      source: SourceLine(file: "net.py", line: 40 + index / 2))
  }
}

/// The entry with findings and budgets made by hand, so that no rule changes the snapshots.
private func linted(_ entry: Entry) throws -> Entry {
  guard case .costed(var costed) = entry.outcome else { return entry }
  let joules = costed.estimate.joules
  func finding(_ level: Level, _ number: Int, _ share: Double, isExact: Bool) -> Finding {
    Finding(
      code: "NNC90\(number)", name: "made-up-\(number)", level: level,
      places: places(6 - 2 * number, isSplit: isExact),
      message: "this is why", fix: "this is how", saving: joules * share, share: share,
      isExact: isExact, isFixable: isExact, fingerprint: "0123456789abcdef")
  }
  var lint = LintResult()
  lint.findings = [
    finding(.error, 0, 0.5, isExact: false), finding(.warning, 1, 0.123, isExact: true),
    finding(.info, 2, 0.001, isExact: true),
  ]
  lint.suppressed = [
    .init(finding: finding(.warning, 2, 0.2, isExact: false), cause: .baseline),
    .init(
      finding: finding(.info, 1, 0.1, isExact: false),
      cause: .ignored(Suppression(reason: "it stays", origin: "nncost.json:3:5"))),
  ]
  lint.jointExact = joules * 0.124
  lint.jointAll = joules * 0.6
  costed.lint = lint
  costed.budgets = try ["1 nJ/inf", "1 kJ/inf"].map { costed.result(of: try Budget($0)) }
  return Entry(path: entry.path, outcome: .costed(costed))
}

@Test func `the full report of a cost looks as recorded`() throws {
  try expectSnapshot(try written(FullReport.self), "cost.full")
}

@Test func `the full report of a lint looks as recorded`() throws {
  try expectSnapshot(try written(FullReport.self, linting: true), "lint.full")
}

@Test func `the concise report looks as recorded`() throws {
  try expectSnapshot(try written(ConciseReport.self, linting: true), "lint.concise")
}

@Test func `the JSON report looks as recorded`() throws {
  try expectSnapshot(
    try written(JSONReport.self, linting: true) { $0.withTensors = true }, "lint.json")
}

@Test func `the JSON lines look as recorded`() throws {
  try expectSnapshot(try written(JSONLReport.self), "cost.jsonl")
}

@Test func `the commands of a GitHub workflow look as recorded`() throws {
  try expectSnapshot(try written(GitHubReport.self, linting: true), "lint.github")
}

@Test func `the SARIF report looks as recorded, and is JSON`() throws {
  let text = try written(SARIFReport.self, linting: true)
  try expectSnapshot(text, "lint.sarif")
  _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
}

@Test func `the GitLab report looks as recorded, and is JSON`() throws {
  let text = try written(GitLabReport.self, linting: true)
  try expectSnapshot(text, "lint.gitlab")
  _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
}

@Test func `the Markdown report looks as recorded`() throws {
  try expectSnapshot(try written(MarkdownReport.self, linting: true), "lint.markdown")
}

@Test func `the JUnit report looks as recorded, and is XML`() throws {
  let text = try written(JUnitReport.self, linting: true) { $0.failureLevel = .warning }
  try expectSnapshot(text, "lint.junit")
  #expect(XMLParser(data: Data(text.utf8)).parse())
}

@Test func `the HTML report looks as recorded, and asks for nothing from elsewhere`() throws {
  let text = try written(HTMLReport.self, linting: true)
  try expectSnapshot(text, "lint.html")
  #expect(!text.contains("http") && !text.contains("src="))
}

@Test func `what would end a workflow's command is written as a code`() {
  #expect(GitHubReport.escaped("50 %: a,b\n", isProperty: true) == "50 %25%3A a%2Cb%0A")
  #expect(GitHubReport.escaped("50 %: a,b\n", isProperty: false) == "50 %25: a,b%0A")
}

@Test func `the rows look as recorded`() throws {
  try expectSnapshot(try written(CSVReport.self), "cost.csv")
}

@Test func `quiet reports keep to findings and failed budgets`() throws {
  try expectSnapshot(
    try written(ConciseReport.self, linting: true) { $0.isQuiet = true }, "quiet.concise")
  try expectSnapshot(
    try written(FullReport.self, linting: true) { $0.isQuiet = true }, "quiet.full")
}

@Test func `both JSON reports are JSON`() throws {
  let json = try written(JSONReport.self, linting: true)
  let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
  #expect(document?["schema"] as? String == "nncost/1")
  #expect((document?["models"] as? [Any])?.count == 2)
  let lines = try written(JSONLReport.self).split(separator: "\n")
  #expect(lines.count == 2)
  for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
}

@Test func `the work of all nodes times their executions is that of the model`() throws {
  struct Line: Decodable {
    struct Node: Decodable { let executions: Int, macs: Int?, joules: Double? }
    struct Totals: Decodable { let macs: Int }
    struct Cost: Decodable { let joules: Figure }
    struct Figure: Decodable { let value: Double }
    let nodes: [Node]
    let totals: Totals
    let cost: Cost
  }
  let text = try #require(try written(JSONLReport.self).split(separator: "\n").first)
  let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
  #expect(line.nodes.reduce(0) { $0 + ($1.macs ?? 0) * $1.executions } == line.totals.macs)
  let joules = line.nodes.reduce(0) { $0 + ($1.joules ?? 0) }
  #expect(abs(joules - line.cost.joules.value) < 1e-9 * joules)
}

@Test(arguments: [
  ("plain", "plain"), ("a,b", "\"a,b\""), ("a \"b\"", "\"a \"\"b\"\"\""), ("a\nb", "\"a\nb\""),
  ("", ""), ("\"", "\"\"\"\""),
])
func `cells are quoted where they must be`(text: String, cell: String) {
  #expect(CSVReport.cell(text) == cell)
}

@Test func `points of a column stand under one another`() {
  var table = Table([("mJ", .point), ("share", .right), ("name", .left)])
  table.add(["1.25", "50 %", "a"])
  table.add(["100", "5 %", "bcd"])
  table.add(["12.5", "", ""])
  #expect(
    table.text == """
            mJ  share  name
          1.25   50 %  a
        100       5 %  bcd
         12.5

      """)
}

@Test func `a training run is reported with its conditions`() throws {
  let train = { (arguments: inout Arguments) in
    arguments.training = TrainingRequest(
      datasetSize: 100, epochs: 2, batch: 8, optimizer: .adam)
  }
  try expectSnapshot(try written(FullReport.self, train), "train.full")
  try expectSnapshot(try written(ConciseReport.self, train), "train.concise")
  let line = try #require(try written(JSONLReport.self, train).split(separator: "\n").first)
  let model = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
  let training = try #require(model?["training"] as? [String: Any])
  #expect(training["steps"] as? Int == 26)
  #expect(training["optimizer"] as? String == "adam")
  let joules = try #require((training["joules"] as? [String: Any])?["value"] as? Double)
  let kilowattHours = try #require((training["kwh"] as? [String: Any])?["value"] as? Double)
  #expect(abs(kilowattHours * 3.6e6 - joules) < 1e-9 * joules)
}

@Test func `a training that the board cannot hold is told, with the way out`() throws {
  let device = try Device.read(from: snapshotFolder.appending(path: "board.json").path)
  var arguments = Arguments()
  arguments.training = TrainingRequest(
    datasetSize: 100_000_000, epochs: 1, batch: 10_000_000, accumulation: 2)
  var run = try Run(arguments, on: device, linting: false)
  let entry = run.entry(snapshotFolder.appending(path: "tiny.onnx").path)
  guard case .costed(let costed) = entry.outcome, let training = costed.training else {
    Issue.record("the model could not be costed")
    return
  }
  let text = TrainingWords(training, isPartial: false).text
  #expect(text.contains("batch 10000000, 2 to an update"))
  #expect(
    text.contains(
      "of board: it takes a smaller --train-batch with --accumulate, or --checkpointing"))
}

@Test func `a lifecycle is reported with every phase and every assumption`() throws {
  let live = { (arguments: inout Arguments) in
    arguments.training = TrainingRequest(
      datasetSize: 100, epochs: 2, overhead: 0.8, search: .random)
    arguments.lifecycle.inferences = .init(count: 1e6, perSeconds: 86400)
    arguments.lifecycle.boards = 1
    arguments.lifecycle.withEquivalences = true
  }
  try expectSnapshot(try written(FullReport.self, live), "lifecycle.full")
  try expectSnapshot(try written(ConciseReport.self, live), "lifecycle.concise")
  try expectSnapshot(
    try written(FullReport.self) {
      $0.isQuiet = true
      $0.lifecycle.isWanted = true
    }, "inference.full")
  let line = try #require(try written(JSONLReport.self, live).split(separator: "\n").first)
  let model = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
  let lifecycle = try #require(model?["lifecycle"] as? [String: Any])
  func kilowattHours(_ phase: String) throws -> Double {
    let phase = try #require(lifecycle[phase] as? [String: Any])
    return try #require((phase["kwh"] as? [String: Any])?["value"] as? Double)
  }
  let phases = try ["search", "training", "inferences", "standby"].map(kilowattHours)
  let total = try kilowattHours("total")
  #expect(abs(phases.reduce(0, +) - total) < 1e-9 * total)
  #expect(abs(try kilowattHours("search") - 64 * kilowattHours("training")) < 1e-9 * total)
  #expect(abs(try kilowattHours("training") - 1000 * kilowattHours("inference")) < 1e-9 * total)
  #expect((lifecycle["region"] as? [String: Any])?["assumed"] as? Bool == true)
  #expect(lifecycle["pue"] as? Double == 1.58)
}

@Test func `greenhouse gas is told where a grid or a building is given`() throws {
  func line(_ change: (inout Arguments) -> Void) throws -> Substring? {
    try written(FullReport.self, change).split(separator: "\n").first { $0.hasPrefix("Carbon: ") }
  }
  #expect(try line { _ in } == nil)
  let german = try #require(try line { $0.lifecycle.grid = Grid.named("DE") })
  #expect(german.contains("PUE 1.58 (assumed)") && german.contains("(Germany; 2024, Ember"))
  let given = try #require(
    try line {
      $0.lifecycle.pue = 1.2
      $0.lifecycle.gramsPerKilowattHour = 20
    })
  #expect(given.hasSuffix("PUE 1.20, 20.0 g CO2e/kWh"))
}

@Test func `figures are given for an image, and for an inference where there is none`() throws {
  let image = try written(FullReport.self) { $0.per = .image }
  #expect(image.contains("µJ/image [") && !image.contains("J/inf"))
  let token = try written(FullReport.self, linting: true) { $0.per = .token }
  #expect(token.contains("Per inference: the model has no tokens among its inputs\n"))
  #expect(token.contains("saves 163 µJ/inf"))
  #expect(try written(ConciseReport.self) { $0.per = .image }.contains("µJ/image ["))
}

@Test func `a budget for what the model has none of is undecided, and says why`() throws {
  let device = try Device.read(from: snapshotFolder.appending(path: "board.json").path)
  var run = try Run(Arguments(), on: device, linting: false)
  let entry = run.entry(snapshotFolder.appending(path: "tiny.onnx").path)
  guard case .costed(let costed) = entry.outcome else {
    Issue.record("the model could not be costed")
    return
  }
  let token = costed.result(of: try Budget("1 J/token"))
  #expect(token.verdict == .undecided)
  #expect(token.line(Paint(isOn: false)).hasSuffix("there is no token among the model's inputs"))
  #expect(costed.result(of: try Budget("1 nJ/image")).verdict == .fail)
}
