import Cost
import Foundation
import Graph
import Rules
import Testing

@testable import CLI

@Suite struct ConfigurationTests {
  @Test func `the nearest file wins, up to the root of the repository`() throws {
    let project = try Project([
      "nncost.json": #"{"usage": {"batch": 2}}"#,
      "deep/nncost.json": #"{"usage": {"batch": 4}}"#,
      "repository/.git/HEAD": "", "repository/models/x.txt": "",
    ])
    #expect(try project.settings(for: "a.onnx").request.batch == 2)
    #expect(try project.settings(for: "other/a.onnx").request.batch == 2)
    #expect(try project.settings(for: "deep/down/a.onnx").request.batch == 4)
    #expect(try project.settings(for: "repository/models/a.onnx").request.batch == nil)
    #expect(try project.settings(for: "deep/a.onnx", ["--no-config"]).request.batch == nil)
    #expect(try project.settings(for: "deep/a.onnx", ["--isolated"]).request.batch == nil)
    let other = try project.settings(for: "deep/a.onnx", ["-c", project.path("nncost.json")])
    #expect(other.request.batch == 2)
  }

  @Test func `every kind of key is read, with comments as people write them`() throws {
    let project = try Project([
      "nncost.json": #"""
      // What holds here.
      {
        "$schema": "x", device: "t4", "runtime": "eager", "precision": "fp16", "per": "image",
        "usage": {
          "batch": 8, "inferences": "3e7/month", "lifetime": "2 years", "boards": 3,
          "region": "DE", "pue": 1.2,
        },
        "training": {
          "dataset_size": 4708, "epochs": 28, "batch": 64, "optimizer": "adam", "accumulate": 2,
          "checkpointing": true, "trials": 64, "search": "random",
        },
        "inputs": {"image": [1, 3, 16, 16], "mask": "1x7", "step": []}, "dims": {"batch": 4},
        "rules": {
          "select": ["NNC5", "noop-node"], "ignore": ["NNC514"],
          "severity": {"NNC501": "error", "NNC5": "info", "NNC506": "off"},
          "min_saving": {"absolute": "1 mJ/inf", "relative": "2%"},
        },
        "fail_on": "warning", "strict": true, /* and so on */
      }
      """#
    ])
    let read = try project.settings(for: "a.onnx")
    #expect(read.device == "t4" && read.runtime == .eager && read.precision == .fp16)
    #expect(read.per == .image && read.request.batch == 8)
    #expect(read.lifecycle.inferences?.count == 3e7 && read.lifecycle.boards == 3)
    #expect(read.lifecycle.grid?.code == "DE" && read.lifecycle.pue == 1.2)
    #expect(read.training.datasetSize == 4708 && read.training.epochs == 28)
    #expect(read.training.batch == 64 && read.training.optimizer == .adam)
    #expect(read.training.accumulation == 2 && read.training.checkpoints)
    #expect(read.training.trials == 64 && read.training.search == .random)
    #expect(read.request.inputShapes.map(\.dims) == [[1, 3, 16, 16], [1, 7], []])
    #expect(read.request.symbols == [.init(name: "batch", value: 4)])
    #expect(read.settings.minimumJoules == 1e-3 && read.settings.minimumShare == 0.02)
    #expect(read.failureLevel == .warning && read.isStrict)
    let runs = allRules.map { $0.page }.filter(read.settings.runs).map(\.code)
    #expect(runs.contains("NNC501") && runs.contains("NNC244"))
    #expect(!runs.contains("NNC506") && !runs.contains("NNC514") && !runs.contains("NNC435"))
  }

  @Test func `the command line holds over the environment, that over a block, that over the file`()
    throws
  {
    let project = try Project([
      "nncost.json": #"""
      {
        "device": "t4", "usage": {"batch": 2, "region": "DE"}, "dims": {"n": 1, "m": 1},
        "rules": {"ignore": ["NNC5"], "severity": {"NNC4": "off"}},
        "overrides": [
          {"paths": ["big/**"], "usage": {"batch": 4}},
          {"paths": ["big/last.onnx"], "usage": {"batch": 5, "grams_per_kwh": 20}}
        ]
      }
      """#
    ])
    #expect(try project.settings(for: "a.onnx").request.batch == 2)
    #expect(try project.settings(for: "big/a.onnx").request.batch == 4)
    let last = try project.settings(for: "big/last.onnx")
    #expect(last.request.batch == 5)
    #expect(last.lifecycle.grid == nil && last.lifecycle.gramsPerKilowattHour == 20)
    let environment = ["NNCOST_BATCH": "6", "NNCOST_DEVICE": "a100"]
    #expect(try project.settings(for: "big/a.onnx", [], environment).request.batch == 6)
    #expect(try project.settings(for: "big/a.onnx", [], environment).device == "a100")
    let words = ["--batch=7", "--device=v100", "--region=FR", "--dim=n=9", "--select=NNC4"]
    let given = try project.settings(for: "big/a.onnx", words, environment)
    #expect(given.request.batch == 7 && given.device == "v100")
    #expect(given.lifecycle.grid?.code == "FR")
    #expect(given.request.symbols == [.init(name: "m", value: 1), .init(name: "n", value: 9)])
    let runs = allRules.map { $0.page }.filter(given.settings.runs).map(\.code)
    #expect(!runs.isEmpty && runs.allSatisfy { $0.hasPrefix("NNC4") })
    #expect(try project.settings(for: "a.onnx", ["--no-config"], environment).request.batch == nil)
  }

  @Test func `a file extends another, and says where nothing else does`() throws {
    let project = try Project([
      "base/all.json":
        #"{"device": "board.json", "fail_on": "info", "budgets": [{"max": "1 J/inf"}]}"#,
      "nncost.json":
        #"{"extends": "base/all.json", "fail_on": "never", "budgets": [{"max": "2 J/inf"}]}"#,
      "circle/nncost.json": #"{"extends": "nncost.json"}"#,
    ])
    let read = try project.settings(for: "a.onnx")
    #expect(read.failureLevel == nil)
    #expect(read.budgets.map(\.text) == ["1 J/inf", "2 J/inf"])
    // A table is found beside the file that names it.
    #expect(read.device?.hasSuffix("base/board.json") == true)
    #expect(project.message(for: "circle/a.onnx")?.contains("extends itself") == true)
  }

  @Test func `budgets and exceptions hold for the models that they name`() throws {
    let project = try Project([
      "nncost.json": #"""
      {
        "budgets": [
          {"name": "detector", "paths": ["models/det*.onnx"], "max": "11 mJ/inf", "warn_at": "90%",
           "decide": "pessimistic", "coverage_min": "50 %"},
          {"max": "900 gCO2e/month"}
        ],
        "ignore": [
          {"rules": ["NNC402", "noop-node"], "paths": ["models/**"], "nodes": ["/head/**"], "reason": "known"},
          {"rules": ["NNC5"], "reason": "over", "expires": "2020-01-31"}
        ]
      }
      """#.replacing("NNC402", with: "NNC435")
    ])
    let detector = try project.settings(for: "models/detector.onnx")
    #expect(detector.budgets.map(\.name) == ["detector", "900 gCO2e/month"])
    let budget = try #require(detector.budgets.first)
    #expect(budget.limit == 11e-3 && budget.warningShare == 0.9)
    #expect(budget.decision == .pessimistic && budget.minimumCoverage == 0.5)
    #expect(detector.settings.suppressions.map(\.rules) == [["NNC435", "noop-node"], ["NNC5"]])
    #expect(try project.settings(for: "b.onnx").budgets.count == 1)
    let late = try project.settings(
      for: "models/a.onnx", [], ["SOURCE_DATE_EPOCH": "1600000000"])
    #expect(late.settings.suppressions.map(\.reason) == ["known"])
  }

  @Test(arguments: [
    (#"{"devise": "t4"}"#, "nncost.json:1:2: unknown key 'devise'; did you mean 'device'?"),
    (
      "{\n  \"usage\": {\n    \"bach\": 1}}",
      "nncost.json:3:5: unknown key 'bach'; did you mean 'batch'?"
    ),
    (
      #"{"usage": {"batch": "8"}}"#,
      "nncost.json:1:21: 'batch' must be a whole number above 0, not text (8)"
    ),
    (
      #"{"usage": {"batch": 0}}"#,
      "nncost.json:1:21: 'batch' must be a whole number above 0, not a number (0)"
    ),
    (
      #"{"runtime": "fusde"}"#,
      "nncost.json:1:13: 'runtime' must be one of \"fused\", \"eager\", not 'fusde'; did you mean 'fused'?"
    ),
    (#"{"usage": []}"#, "nncost.json:1:11: 'usage' must be an object, not a list"),
    (
      #"{"usage": {"pue": 0.5}}"#,
      "nncost.json:1:19: 'pue' is '0.5': expected a number from 1 to 10, like 1.2"
    ),
    (
      #"{"rules": {"select": ["quantum"]}}"#,
      "nncost.json:1:22: 'select' is 'quantum': unknown rule 'quantum'"
    ),
    (
      #"{"budgets": [{"name": "x"}]}"#,
      "nncost.json:1:14: a budget needs 'max', like \"11 mJ/inf\", or 'against' and 'max_increase'"
    ),
    (
      #"{"ignore": [{"rules": ["NNC5"]}]}"#,
      "nncost.json:1:13: an entry of 'ignore' needs a 'reason'"
    ),
    (
      #"{"ignore": [{"rules": ["NNC5"], "reason": "x", "expires": "soon"}]}"#,
      "nncost.json:1:59: 'expires' must be a day like \"2027-03-31\""
    ),
    (#"{"device": "t4", "device": "l4"}"#, "nncost.json:1:18: key 'device' is given twice"),
    (#"{"device": "t4""#, "nncost.json:1:16: the file ends too early"),
    ("[]", "nncost.json:1:1: the configuration must be an object, not a list"),
    (
      #"{"usage": {"region": "DE", "grams_per_kwh": 20}}"#,
      "nncost.json:1:28: 'grams_per_kwh' stands in the place of 'region'; give one"
    ),
    ("{} x", "nncost.json:1:4: expected the end of the file, not 'x'"),
    ("{\"strict\": null}", "nncost.json:1:12: 'strict' must be true or false, not null"),
  ])
  func `what is wrong is said with line, column and the nearest key`(text: String, expected: String)
    throws
  {
    #expect(try wrong(text) == expected)
  }

  @Test func `a budget without a unit shows the forms`() throws {
    #expect(
      try wrong(#"{"budgets": [{"max": "11"}]}"#)?.contains("write it like \"11 mJ/inf\"") == true)
    #expect(try wrong(#"{"budgets": [{"max": 11}]}"#)?.contains("'max' must be text") == true)
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000), String(repeating: "{a:", count: 100_000), "\u{0}",
    "{\"dims\": {\"n\": 1e400}}", "{\"dims\": {\"n\": 99999999999999999999}}",
    "{\"usage\": {\"lifetime\": \"99999999999999999999999999 years\"}}", "/*",
    "{\"extends\": \"\"}",
    "{\"extends\": \"/dev/zero\"}", "{\"inputs\": {\"x\": [-1]}}", "{\"inputs\": {\"x\": [1e30]}}",
  ])
  func `a hostile file is an error, and nothing worse`(text: String) throws {
    #expect(try wrong(text) != nil)
  }

  @Test func `two words for files go against one another`() throws {
    let project = try Project([:])
    #expect(
      project.message(for: "a.onnx", ["--no-config", "-c", "x.json"])?.contains("give one") == true)
    #expect(
      project.message(for: "a.onnx", ["-c", "gone.json"]) == "gone.json: there is no such file")
  }

  @Test func `each setting is shown with where it comes from`() throws {
    let project = try Project([
      "nncost.json": #"""
      {"device": "t4", "usage": {"batch": 2, "pue": 1.3},
       "overrides": [{"paths": ["*.onnx"], "usage": {"batch": 3}}]}
      """#
    ])
    let terminal = Terminal(isInteractive: false) { $0 == "NNCOST_PUE" ? "1.1" : nil }
    let file = try ConfigurationFile(project.path("nncost.json"))
    let given = try Arguments(["--device=l4", "--strict"], of: LintCommand.self)
    let rows = Origins(given, file, for: project.path("a.onnx"), on: terminal).rows
    let shown = rows.map { "\($0.key) \($0.value) \($0.origin.split(separator: "/").last ?? "")" }
    #expect(
      shown == [
        "device l4 --device", "usage.batch 3 nncost.json:2:48", "usage.pue 1.1 NNCOST_PUE",
        "strict yes --strict",
      ])
  }

  @Test func `every option that a key names is one, and takes the key's values`() throws {
    func options(_ fields: [Field]) -> [String] {
      fields.flatMap { field -> [String] in
        if case .object(let fields) = field.kind { return options(fields) }
        return [field.option].compactMap { $0 }
      }
    }
    let names = Option.table.map(\.name)
    let used = options(ConfigurationForm.file)
    #expect(!used.isEmpty && used.allSatisfy(names.contains))
    // What describes a model, its use or its training can be said in a file too.
    let groups: [Option.Group] = [.training, .execution]
    for option in Option.table where groups.contains(option.group) && option.name != "--train" {
      #expect(used.contains(option.name), "no key for \(option.name)")
    }
  }

  @Test(arguments: ["README.md", "docs/configuration.md"])
  func `what the documentation shows can be read`(_ name: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../..").standardizedFileURL
    let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
    let blocks = text.components(separatedBy: "```json\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let project = try Project(["nncost.json": block])
      for model in ["models/det.onnx", "models/mobile/a.onnx", "other.onnx"] {
        #expect(project.message(for: model) == nil)
      }
    }
  }

  @Test func `the example and the schema are what they should be`() throws {
    let project = try Project(["nncost.json": ConfigurationForm.example])
    #expect(project.message(for: "a.onnx") == nil)
    let schema = try JSONSerialization.jsonObject(with: Data(ConfigurationForm.schema.utf8))
    let properties = try #require((schema as? [String: Any])?["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(ConfigurationForm.file.map(\.name)))
  }

  @Test(arguments: [
    (0, "1970-01-01"), (951_782_400, "2000-02-29"), (951_868_800, "2000-03-01"),
    (1_795_219_200, "2026-11-21"), (4_107_542_399, "2100-02-28"), (4_107_542_400, "2100-03-01"),
    (.max, "9892-03-08"), (.min, "1970-01-01"),
  ])
  func `days are those of the calendar`(seconds: Int, expected: String) {
    #expect(day(secondsSince1970: seconds) == expected)
  }
}
