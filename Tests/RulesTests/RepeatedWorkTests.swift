import Cost
import Graph
import Testing

@testable import Rules

/// What is left out, since it was looked at or priced before, would have been found again.
@Suite struct RepeatedWorkTests {
  private func lint(_ lines: String, _ rules: [any Rule.Type]) throws -> (Estimate, LintResult) {
    let text = """
      g (float[8,64,56,56] x) => (y) <float[64,64,3,3] v, float[64,64,3,3] w, float one = {1.0}> {
      \(lines)
      }
      """
    let device = try #require(try Device.named("t4"))
    let estimate = Estimate(
      try Analysis(try ONNXTextFormat.parse(text)), on: device, under: Scenario(runtime: .eager))
    return (estimate, Linter(rules: rules).lint(estimate))
  }

  private func duplicates(_ lines: String) throws -> [[String]] {
    try lint(lines, [DuplicateSubgraph.self]).1.findings.map { $0.places.flatMap(\.nodes) }
  }

  @Test func `a duplicate behind a duplicate is found, though one node alone reads its operand`()
    throws
  {
    let found = try duplicates(
      "a = Relu(x) b = Relu(x) c = Sigmoid(a) d = Sigmoid(b) e = Tanh(c) f = Tanh(d) y = Add(e, f)")
    #expect(found == [["b", "d", "f"]])
  }

  @Test func `duplicates of what small constants make are found`() throws {
    let found = try duplicates(
      """
      k = Constant <value_float = 2.0> ()
      l = Constant <value_float = 2.0> ()
      a = Mul(x, k)
      b = Mul(x, l)
      y = Add(a, b)
      """)
    #expect(found == [["b"]])
  }

  @Test func `layers with weights of their own are no duplicates`() throws {
    #expect(try duplicates("a = Conv(x, v) b = Conv(x, w) y = Add(a, b)").isEmpty)
  }

  @Test func `one finding saves jointly what it saves by itself`() throws {
    let (_, result) = try lint(
      "a = Relu(x) b = Relu(a) c = Sigmoid(b) d = Relu(c) y = Sigmoid(d)",
      [RedundantActivation.self])
    let finding = try #require(result.findings.first)
    #expect(result.findings.count == 1)
    #expect(finding.places.count == 2)
    #expect(finding.saving.value > 0)
    #expect(result.jointAll == finding.saving)
    #expect(result.jointExact == finding.saving)
  }

  @Test func `a rewritten model at another batch costs what it costs looked at anew`() throws {
    let device = try #require(try Device.named("t4"))
    let model = try ONNXTextFormat.parse(
      """
      g (float[1,64,56,56] x) => (y) <float[64,64,3,3] w, int64[2] flat = {1, -1}> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = Relu(a)
        c = Relu(b)
        y = Reshape(c, flat)
      }
      """)
    let subject = Subject(
      Estimate(try Analysis(model), on: device, under: Scenario(runtime: .eager)))
    var rewrite = Rewrite()
    rewrite.bypass(2, subject.steps[2].node, reading: try #require(subject.input(2)))
    let request = try #require(subject.estimate.analysis.binding.request(batch: 8))
    let after = try #require(subject.estimate(after: [.rewrite(rewrite), .binding(request)]))
    let anew = try Analysis(model.applying(rewrite), binding: request, isFitting: true)
    #expect(after.analysis.binding.batch == 8)
    #expect(after.joules == Estimate(anew, on: device, under: Scenario(runtime: .eager)).joules)
    #expect(after.analysis.scope.outputs == anew.scope.outputs)
  }
}
