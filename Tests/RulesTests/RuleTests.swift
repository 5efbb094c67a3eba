import Cost
import Graph
import Testing

@testable import Rules

/// Every example of every rule is a test: adding a rule adds its tests.
@Suite struct RuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let rule: any Rule.Type
    let example: Example
    let isTrigger: Bool
    var testDescription: String { "\(rule.page.code)\n\(example.text)" }
  }

  static let cases = allRules.flatMap { rule in
    rule.page.triggers.map { Case(rule: rule, example: $0, isTrigger: true) }
      + rule.page.passes.map { Case(rule: rule, example: $0, isTrigger: false) }
  }

  @Test(arguments: cases) func example(_ test: Case) throws {
    let lines = test.example.text.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = lines.indices.filter { lines[$0].contains("↓") }.map { $0 + 1 }
    let model = try ONNXTextFormat.parse(test.example.text.replacing("↓", with: " "))
    var device = try #require(try Device.named("t4"))
    // The published measurements show no loss on widths that do not fill a tensor core; other boards do lose.
    for index in device.rates.indices {
      device.rates[index].tiling?.unalignedShare *= 0.9
    }
    let estimate = Estimate(
      try Analysis(model), on: device, under: Scenario(runtime: test.rule.page.runtime))
    #expect(estimate.analysis.totals.coverage.uncounted == [])
    var settings = Settings()
    settings.minimumJoules = 0
    settings.minimumShare = 0
    let result = Linter(rules: [test.rule], settings: settings).lint(
      estimate, for: test.example.purpose)
    #expect(result.findings.flatMap { $0.places.compactMap(\.line) }.sorted() == expected)
    #expect(result.findings.allSatisfy { $0.saving.value > 0 || $0.benefit != nil })
    // Advice on a lifecycle has no line to mark.
    #expect(result.findings.isEmpty != test.isTrigger)
  }

  @Test func `codes are unique and sorted, and start with their group's digit`() {
    let codes = allRules.map { $0.page.code }
    #expect(codes == Array(Set(codes)).sorted())
    for rule in allRules {
      #expect(rule.page.code.hasPrefix("NNC\(rule.page.group.rawValue)"))
    }
  }

  @Test(arguments: allRules.map { $0.page.name }) func `names are kebab-case`(_ name: String) {
    #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
  }

  @Test(arguments: allRules.map { $0.page.code })
  func `a page has everything that a reader needs`(_ code: String) throws {
    let page = try #require(allRules.first { $0.page.code == code }?.page)
    for text in [page.summary, page.why, page.fix, page.safety] {
      #expect(text.hasSuffix("."))
      #expect(text.first?.isUppercase ?? false)
    }
    #expect(!page.triggers.isEmpty && !page.passes.isEmpty && !page.sources.isEmpty)
  }

  @Test func `every file in Rules is in the list`() throws {
    let files = try swiftFiles(in: "Sources/Rules/Rules")
    #expect(files == allRules.map { String(describing: $0) + ".swift" }.sorted())
  }

  /// Run with `NNCOST_RECORD=1` to write the pages anew, then read the diff.
  @Test(arguments: allRules.map { $0.page.code })
  func `docs hold the rule's page`(_ code: String) throws {
    let page = try #require(allRules.first { $0.page.code == code }?.page)
    try expectFile("docs/rules/\(page.name).md", holds: page.markdown)
    // A row of a table is one line.
    let rows = page.markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.allSatisfy { $0.hasSuffix("|") })
  }
}
