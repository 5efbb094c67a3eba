import Cost
import Foundation
import Testing

@testable import CLI

private let network = """
  network (float[1,64,64,64] x) => (y) <float[64,64,3,3] w> {
    y = Conv <pads = [1, 1, 1, 1]> (x, w)
  }
  """

/// The budgets of a lint, as JSON tells them.
private func budgets(_ words: String..., configuration: String = "{}") throws -> [[String: Any]] {
  let project = try Project(["m.onnxtxt": network, "nncost.json": configuration])
  let reply = Program.run(
    ["lint", project.path("m.onnxtxt"), "--format=json"] + words,
    on: Terminal(isInteractive: false) { _ in nil })
  let document = try JSONSerialization.jsonObject(with: Data(reply.output)) as? [String: Any]
  let model = try #require((document?["models"] as? [[String: Any]])?.first)
  return try #require(model["budgets"] as? [[String: Any]])
}

private func value(_ budget: [String: Any]?) throws -> Double {
  try #require((budget?["value"] as? [String: Any])?["value"] as? Double)
}

@Suite struct GateTests {
  @Test func `the same energy is held against joules, watt hours and grams`() throws {
    let found = try budgets(
      "--budget=1 J/inf", "--budget=1 Wh/inf", "--budget=1 gCO2e/inf", "--pue=1.5",
      "--grams-per-kwh=400")
    let joules = try value(found.first)
    #expect(found.map { $0["verdict"] as? String } == ["pass", "pass", "pass"])
    #expect(found.map { $0["unit"] as? String } == ["joules", "joules", "grams_co2e"])
    #expect(try value(found[1]) == joules)
    let grams = joules * 1.5 / 3.6e6 * 400
    #expect(abs(try value(found[2]) - grams) < 1e-9 * grams)
  }

  @Test func `a month of use is as many inferences, in the building`() throws {
    let found = try budgets(
      "--budget=1 J/inf", "--budget=1 kWh/month", "--budget=1 kWh/year", "--budget=9 GWh/lifecycle",
      "--inferences=1e6/month", "--lifetime=2 years", "--pue=1.5")
    let month = try value(found[0]) * 1e6 * 1.5
    #expect(abs(try value(found[1]) - month) < 1e-9 * month)
    #expect(abs(try value(found[2]) - 12 * month) < 1e-8 * month)
    #expect(abs(try value(found[3]) - 24 * month) < 1e-8 * month)
    #expect(found[1]["verdict"] as? String == "fail" || month < 3.6e6)
  }

  @Test func `budgets of a file have names, ends and a share to keep to`() throws {
    let joules = try value(try budgets("--budget=1 J/inf").first)
    let found = try budgets(
      configuration: """
        {"budgets": [
          {"name": "near", "max": "\(joules * 1.05) J/inf", "warn_at": "90%"},
          {"name": "careful", "max": "\(joules * 1.05) J/inf", "decide": "pessimistic"},
          {"name": "lenient", "max": "\(joules * 0.95) J/inf", "decide": "optimistic"},
          {"name": "other", "max": "1 nJ/inf", "paths": ["other/**"]}
        ]}
        """)
    #expect(found.map { $0["name"] as? String } == ["near", "careful", "lenient"])
    #expect(found.map { $0["verdict"] as? String } == ["pass", "fail", "pass"])
    #expect(found.map { $0["near"] as? Bool } == [true, false, false])
  }

  @Test func `a file's training that a model cannot take is told, and fails nothing`() throws {
    let pair = network.replacing("float[1,64", with: "float[2,3,64").replacing(
      "Conv <pads = [1, 1, 1, 1]> (x, w)", with: "Relu(x)")
    let project = try Project([
      "m.onnxtxt": pair.replacing("float[2,3,64,64,64] x", with: "float[3,5] x, float[2,7] z")
        .replacing("=> (y)", with: "=> (y, u)").replacing(
          "Relu(x)", with: "Relu(x)\n  u = Relu(z)"),
      "nncost.json": #"{"training": {"dataset_size": 10}}"#,
    ])
    func reply(_ words: String...) -> Reply {
      Program.run(
        ["lint", project.path("m.onnxtxt")] + words,
        on: Terminal(isInteractive: false) { _ in nil })
    }
    #expect(reply().exit == .clean)
    #expect(reply().messages.first?.contains("training is not costed: ") == true)
    #expect(reply("--train").exit == .input)
  }

  @Test func `a budget that is failed ends with 1, one that lacks its use with 2`() throws {
    let project = try Project([
      "m.onnxtxt": network, "nncost.json": #"{"budgets": [{"max": "1 nJ/inf"}]}"#,
    ])
    func exit(_ words: String...) -> Exit {
      Program.run(
        ["lint", project.path("m.onnxtxt")] + words,
        on: Terminal(isInteractive: false) { _ in nil }
      ).exit
    }
    #expect(exit() == .findings)
    #expect(exit("--no-config") == .clean)
    let cost = Program.run(
      ["cost", project.path("m.onnxtxt")], on: Terminal(isInteractive: false) { _ in nil })
    #expect(cost.exit == .clean && !String(decoding: cost.output, as: UTF8.self).contains("budget"))
    #expect(exit("--no-config", "--budget=1 kWh/month") == .usage)
    #expect(exit("--no-config", "--budget=1 kWh/training") == .usage)
  }
}
