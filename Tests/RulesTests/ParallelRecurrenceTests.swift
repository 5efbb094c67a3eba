import Cost
import Graph
import Testing

@testable import Rules

@Suite struct ParallelRecurrenceTests {
  private func subject(_ text: String) throws -> Subject {
    let device = try #require(try Device.named("t4"))
    return Subject(
      Estimate(
        try Analysis(try ONNXTextFormat.parse(text)), on: device,
        under: Scenario(runtime: .eager)))
  }

  /// The layer's results and those of what takes its place have the same extents, whichever of them are wanted.
  @Test(arguments: ["", ", direction = \"bidirectional\""], [0, 1])
  func `what takes a layer's place gives results of the same extents`(
    _ direction: String, _ layout: Int
  ) throws {
    let directions = direction.isEmpty ? 1 : 2
    let input = layout == 1 ? "3,16,32" : "16,3,32"
    for op in ["LSTM", "GRU", "RNN"] {
      let gates = ["LSTM": 4, "GRU": 3][op] ?? 1
      let subject = try subject(
        """
        g (float[\(input)] x) => (y, h\(op == "LSTM" ? ", c" : ""))
          <float[\(directions),\(gates * 64),32] w, float[\(directions),\(gates * 64),64] r> {
          y, h\(op == "LSTM" ? ", c" : "") = \(op) <hidden_size = 64, layout = \(layout)\(direction)> (x, w, r)
        }
        """)
      let layer = try #require(ParallelRecurrence(0, subject))
      #expect((layer.steps, layer.batch) == (16, 3))
      var rewrite = Rewrite()
      try #require(layer.replace(&rewrite, subject))
      let after = try #require(subject.estimate(after: [.rewrite(rewrite)]))
      #expect(after.analysis.totals.coverage.uncounted == [])
      let before = subject.scope.outputs.map { $0?.tensor?.dims }
      #expect(after.analysis.scope.outputs.map { $0?.tensor?.dims } == before)
      // The input's products stay, for three gates, and no other is left.
      let products = after.analysis.scope.steps.flatMap(\.contractions)
      #expect(products.map(\.macs) == [3 * 16 * 32 * 3 * 64 * directions])
    }
  }

  @Test func `layers whose hidden weights are computed are left alone`() throws {
    let subject = try subject(
      """
      g (float[16,1,32] x, float[1,256,64] r) => (y) <float[1,256,32] w> {
        y, h, c = LSTM <hidden_size = 64> (x, w, r)
      }
      """)
    #expect(ParallelRecurrence(0, subject) == nil)
  }

  @Test func `batches are a matter of the batch, recurrences of the layer`() throws {
    let subject = try subject(
      """
      g (float[128,1,512] x) => (y) <float[1,2048,512] w, float[1,2048,512] r> {
        y, h, c = LSTM <hidden_size = 512> (x, w, r)
      }
      """)
    let findings = Linter(rules: [SequentialRecurrence.self]).lint(subject.estimate).findings
    let message = try #require(findings.first?.message)
    #expect(message.hasPrefix("1 recurrent layer of 128 steps one after another: "))
    #expect(!message.contains("batch"))
    #expect(findings.first?.isExact == false)
    #expect(findings.first?.isFixable == false)
  }
}
