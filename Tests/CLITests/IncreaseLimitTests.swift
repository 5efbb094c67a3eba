import Foundation
import Graph
import Rules
import Testing

@testable import CLI

@Suite struct IncreaseLimitTests {
  private func limits(_ text: String) throws -> [IncreaseLimit] {
    try Project(["nncost.json": text]).settings(for: "a.onnx").increaseLimits
  }

  @Test func `a budget may be one against a revision`() throws {
    let limit = try #require(
      try limits(
        #"{"budgets": [{"name": "no creep", "against": "merge-base:main", "max_increase": "3%", "decide": "pessimistic"}]}"#
      ).first)
    #expect(limit.name == "no creep" && limit.against == "merge-base:main")
    #expect(limit.increase.share == 0.03 && limit.increase.joules == nil)
    #expect(limit.decision == .pessimistic)
    #expect(limit.budget(over: 2).limit == 2.06)
  }

  @Test func `a share and an amount hold both`() throws {
    let limit = try #require(
      try limits(
        #"{"budgets": [{"against": "main", "max_increase": {"relative": "3%", "absolute": "0.2 mJ/inf"}}]}"#
      ).first)
    #expect(limit.budget(over: 1).limit == 1.0002)
    #expect(limit.budget(over: 1e-3).limit == 1.03e-3)
    #expect(limit.budget(over: 1).name == "+3 % and +0.2 mJ/inf over main")
  }

  @Test(arguments: [
    (#"{"budgets": [{"against": "main"}]}"#, "needs both"),
    (#"{"budgets": [{"max_increase": "3%"}]}"#, "needs both"),
    (#"{"budgets": [{"max": "1 J/inf", "against": "main"}]}"#, "stands in the place of 'max'"),
    (#"{"budgets": [{"against": "main", "max_increase": "3"}]}"#, "has no unit"),
    (#"{"budgets": [{"against": "main", "max_increase": {}}]}"#, "'max_increase' is empty"),
    (
      #"{"budgets": [{"against": "main", "max_increase": {"relativ": "3%"}}]}"#,
      "did you mean 'relative'"
    ),
    (#"{"budgets": [{"against": "main", "max_increase": 3}]}"#, "must be text, or an object"),
    (
      #"{"budgets": [{"against": "main", "max_increase": "3%", "warn_at": "90%"}]}"#,
      "does not go with 'against'"
    ),
  ])
  func `what is wrong with it is said at its place`(text: String, words: String) throws {
    let message = try #require(try wrong(text))
    #expect(message.hasPrefix("nncost.json:1:") && message.contains(words))
  }

  @Test func `lint holds a model against what it was`() throws {
    let repository = try GitRepository([
      "a.onnxtxt": productModel(512), "same.onnxtxt": productModel(64),
      "nncost.json":
        #"{"fail_on": "never", "budgets": [{"name": "creep", "against": "main", "max_increase": "3%"}]}"#,
    ])
    try repository.git("checkout", "-q", "-b", "work")
    #expect(repository.run("lint", repository.path("a.onnxtxt")).exit == .clean)
    try repository.write("a.onnxtxt", productModel(512, ["a", "b", "c"]))
    try repository.write("new.onnxtxt", productModel(64))
    let answer = repository.run(
      "lint", repository.path("a.onnxtxt"), repository.path("new.onnxtxt"),
      repository.path("same.onnxtxt"))
    #expect(answer.exit == .findings)
    let lines = answer.text.split(separator: "\n").filter { $0.contains("budget creep") }
    #expect(lines.count == 3)
    #expect(lines[0].contains("(+3 % over main): FAIL, ") && lines[0].contains(" % more than "))
    #expect(lines[1].hasSuffix("PASS, the model is new"))
    #expect(lines[2].hasSuffix("as before"))
  }

  @Test func `lint takes a base and a limit from the command line`() throws {
    let repository = try GitRepository(["a.onnxtxt": productModel(512)])
    try repository.write("a.onnxtxt", productModel(512, ["a", "b", "c"]))
    let path = repository.path("a.onnxtxt")
    #expect(repository.run("lint", path, "--base=HEAD", "--max-increase=3%").exit == .findings)
    #expect(repository.run("lint", path, "--base=HEAD", "--max-increase=300%").exit == .clean)
    #expect(repository.run("lint", path, "--base=HEAD").exit == .usage)
    #expect(repository.run("lint", path, "--max-increase=3%").exit == .usage)
  }
}

@Suite struct LoosenedLimitTests {
  @Test func `a limit that is loosened or gone is told, one that is tightened is not`() throws {
    let repository = try GitRepository([
      "a.onnxtxt": productModel(64),
      "nncost.json": """
      {
        "budgets": [
          { "name": "loosened", "max": "10 mJ/inf" },
          { "name": "tightened", "max": "10 mJ/inf" },
          { "name": "gone", "max": "1 J/inf" },
          { "name": "creep", "against": "HEAD", "max_increase": "3%" },
        ]
      }
      """,
    ])
    try repository.write(
      "nncost.json",
      """
      {
        "budgets": [
          { "name": "loosened", "max": "20 mJ/inf" },
          { "name": "tightened", "max": "9 mJ/inf" },
          { "name": "creep", "against": "HEAD", "max_increase": "5%" },
          { "name": "new", "max": "1 J/inf" },
        ]
      }
      """)
    let text = repository.run("diff", "--base=HEAD", repository.path(".")).text
    let notes = text.split(separator: "\n").filter { $0.hasPrefix("note: ") }
    try #require(notes.count == 3)
    #expect(notes[0].hasSuffix("'loosened' is loosened from 10 mJ/inf to 20 mJ/inf"))
    #expect(notes[1].hasSuffix("'gone' is gone, which was 1 J/inf"))
    #expect(notes[2].hasSuffix("'creep' is loosened from +3 % over HEAD to +5 % over HEAD"))
  }
}
