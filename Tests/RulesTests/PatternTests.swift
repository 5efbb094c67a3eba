import Cost
import Graph
import Testing

@testable import Rules

/// Findings of what occurs again and again.
@Suite struct PatternTests {
  private func lint(_ text: String, _ runtime: Runtime = .eager) throws -> LintResult {
    let device = try #require(try Device.named("t4"))
    var settings = Settings()
    settings.minimumJoules = 0
    settings.minimumShare = 0
    let model = try ONNXTextFormat.parse(text)
    return Linter(settings: settings)
      .lint(Estimate(try Analysis(model), on: device, under: Scenario(runtime: runtime)))
  }

  /// `count` convolutions with batch normalisations behind them.
  private func blocks(_ count: Int) -> String {
    let lines = (0..<count).map { index in
      """
        c\(index) = Conv <pads = [1, 1, 1, 1]> (\(index == 0 ? "x" : "n\(index - 1)"), w)
        n\(index) = BatchNormalization(c\(index), s, b, m, v)
      """
    }
    return """
      blocks (float[1,64,56,56] x) => (n\(count - 1))
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v> {
      \(lines.joined(separator: "\n"))
      }
      """
  }

  @Test(arguments: [2, 3, 7]) func `places of one pattern are one finding`(_ count: Int) throws {
    let findings = try lint(blocks(count)).findings.filter { $0.code == "NNC228" }
    #expect(findings.count == 1)
    #expect(findings.first?.places.count == count)
    #expect(findings.first?.message.hasSuffix(", in \(count) places") == true)
  }

  @Test func `a pattern saves what its places save together`() throws {
    let one = try #require(try lint(blocks(1)).findings.first { $0.code == "NNC228" })
    let two = try #require(try lint(blocks(2)).findings.first { $0.code == "NNC228" })
    #expect(!one.message.contains("places"))
    #expect(abs(two.saving.value / one.saving.value - 2) < 0.05)
  }

  @Test func `a constant without elements or recipe cannot be written`() throws {
    let model = try ONNXTextFormat.parse("g (float[1,4] x) => (y) <float[4] w> { y = Add(x, w) }")
    let info = try TensorInfo(.float32, [4])
    var rewrite = Rewrite()
    _ = rewrite.addConstant("half", info, .constant(1) * .number(0.5), to: model.body)
    #expect(rewrite.isComplete(valueCount: model.body.values.count))
    _ = rewrite.addConstant("unknown", info, to: model.body)
    #expect(!rewrite.isComplete(valueCount: model.body.values.count))
  }

  @Test func `recipes of joined rewrites read the values that each of them adds`() throws {
    let model = try ONNXTextFormat.parse("g (float[1,4] x) => (y) <float[4] w> { y = Add(x, w) }")
    let info = try TensorInfo(.float32, [4])
    var first = Rewrite()
    _ = first.addConstant("a", info, .constant(1) * .number(2), to: model.body)
    var second = Rewrite()
    let b = second.addConstant("b", info, .constant(1) * .number(3), to: model.body)
    let c = second.addConstant("c", info, .constant(b) + .constant(1), to: model.body)
    let count = model.body.values.count
    var both = first
    both.join(second, valueCount: count)
    #expect(both.recipes[c + 1] == .constant(b + 1) + .constant(1))
    #expect(both.recipes[count] == .constant(1) * .number(2))
  }

  @Test func `rewrites of one node are at odds`() {
    var first = Rewrite()
    first.removed = [3]
    var second = Rewrite()
    second.replaced[3] = []
    var third = Rewrite()
    third.removed = [4]
    #expect(first.conflicts(with: second))
    #expect(!first.conflicts(with: third))
    first.substitutions[9] = 1
    third.substitutions[9] = 1
    #expect(!first.conflicts(with: third))
    third.substitutions[9] = 2
    #expect(first.conflicts(with: third))
  }
}
