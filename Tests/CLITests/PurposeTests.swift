import Cost
import Foundation
import Rules
import Testing

@testable import CLI
@testable import Rules

/// What the configurations that pages show say of a model's purpose.
@Suite struct PurposeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let code: String
    let example: Example
    var testDescription: String { "\(code) \(example.configuration ?? "")" }
  }

  static let cases = allRules.flatMap { rule in
    (rule.page.triggers + rule.page.passes).filter { $0.configuration != nil }.map {
      Case(code: rule.page.code, example: $0)
    }
  }

  @Test(arguments: cases) func `a page's configuration says what its example is run with`(
    _ test: Case
  )
    throws
  {
    let project = try Project(["nncost.json": test.example.configuration ?? ""])
    try project.addModel("models/this.onnx")
    let read = try project.settings(for: "models/this.onnx")
    let purpose = test.example.purpose
    #expect(read.task == purpose.task)
    #expect(read.allowedGrids == purpose.grids)
    if let plan = purpose.training {
      #expect(try read.trainingPlan() == .steps(plan))
    }
    if let lifecycle = purpose.lifecycle {
      let plan = try #require(try read.lifecyclePlan())
      #expect(plan.search == lifecycle.plan.search)
      #expect(plan.carbon.grid == lifecycle.plan.carbon.grid)
      #expect(plan.use?.inferences == lifecycle.plan.use?.inferences)
      #expect((read.training.datasetSize != nil) || test.code == "NNC660")
    }
    if let own = purpose.candidate {
      let file = try ConfigurationFile(project.path("nncost.json"))
      let candidates = try #require(Candidates(file))
      let candidate = try #require(
        candidates.candidate(project.path("models/this.onnx")) { _ in Interval(exactly: 0) })
      #expect(candidate.metric == own.metric && candidate.score == own.score)
      #expect(candidate.rivals.map(\.score) == own.rivals.map(\.score))
      #expect(candidate.rivals.map(\.name) == own.rivals.map(\.name))
      #expect(candidates.candidate(project.path("elsewhere.onnx")) { _ in nil } == nil)
    }
  }

  @Test func `every option of a page is a key that there is`() {
    func keys(_ fields: [Field], _ path: String) -> [String] {
      fields.flatMap { field -> [String] in
        if case .object(let fields) = field.kind { return keys(fields, path + field.name + ".") }
        return [path + field.name]
      }
    }
    let known = keys(ConfigurationForm.file, "")
    for rule in allRules {
      for option in rule.page.options {
        #expect(known.contains(option.key), "\(rule.page.code) names \(option.key)")
      }
    }
  }
}
