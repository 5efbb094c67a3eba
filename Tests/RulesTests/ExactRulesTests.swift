import Cost
import Graph
import Testing

@testable import Rules

/// What holds of every exact rewrite, tested on every example that a rule reports.
@Suite struct ExactRulesTests {
  private func subject(_ text: String, _ runtime: Runtime) throws -> Subject {
    let model = try ONNXTextFormat.parse(text.replacing("↓", with: " "))
    return try subject(model, runtime)
  }

  private func subject(_ model: Model, _ runtime: Runtime) throws -> Subject {
    let device = try #require(try Device.named("t4"))
    return Subject(Estimate(try Analysis(model), on: device, under: Scenario(runtime: runtime)))
  }

  private func reports(_ rule: any Rule.Type, _ subject: Subject) -> [Report] {
    var reports: [Report] = []
    rule.init().check(subject) { reports.append($0) }
    return reports
  }

  @Test(arguments: RuleTests.cases.filter { $0.rule.page.group == .redundantWork })
  func `a rewrite keeps shapes and types, understands everything, and leaves nothing to report`(
    _ test: RuleTests.Case
  ) throws {
    let subject = try subject(test.example.text, test.rule.page.runtime)
    for report in reports(test.rule, subject) where report.isExact {
      guard case .rewrite(let rewrite) = report.remedy else { continue }
      let model = subject.estimate.analysis.model
      let after = try self.subject(model.applying(rewrite), test.rule.page.runtime)
      #expect(after.estimate.analysis.totals.coverage.uncounted == [])
      #expect(
        after.scope.outputs.map { $0?.tensor?.shape }
          == subject.scope.outputs.map { $0?.tensor?.shape })
      #expect(
        after.scope.outputs.map { $0?.tensor?.type }
          == subject.scope.outputs.map { $0?.tensor?.type })
      // What is folded of the extents alone is not computed here.
      let isComplete = rewrite.isComplete(valueCount: model.body.values.count)
      #expect(isComplete || test.rule is UnfoldedConstants.Type)
      // A rewrite made twice is the same.
      let again = reports(test.rule, subject).map(\.nodes)
      #expect(again == reports(test.rule, subject).map(\.nodes))
    }
    // All of them together, as far as they leave each other alone.
    var rewritten = subject
    for _ in 0..<4 {
      guard let first = reports(test.rule, rewritten).first(where: \.isExact),
        case .rewrite(let rewrite) = first.remedy
      else { break }
      rewritten = try self.subject(
        rewritten.estimate.analysis.model.applying(rewrite), test.rule.page.runtime)
    }
    let left = reports(test.rule, rewritten).filter(\.isExact)
    #expect(left.isEmpty)
  }

  /// Multiply-accumulates after the rewrites of `rule`.
  private func macs(_ rule: any Rule.Type, _ text: String) throws -> (before: Int, after: Int) {
    let subject = try subject(text, .fused)
    var model = subject.estimate.analysis.model
    let report = try #require(reports(rule, subject).first)
    guard case .rewrite(let rewrite) = report.remedy else { return (0, 0) }
    model = model.applying(rewrite)
    return (
      subject.estimate.analysis.totals.work.macs, try Analysis(model).totals.work.macs
    )
  }

  @Test func `only the row that is read is computed`() throws {
    let macs = try macs(
      DeadTokenPositions.self,
      """
      g (float[1,128,64] x) => (y) <float[64,32] a, float[32,16] b, int64 i = {-1}> {
        h = MatMul(x, a)  r = Relu(h)  l = MatMul(r, b)  y = Gather <axis = 1> (l, i)
      }
      """)
    #expect(macs.before == 128 * (64 * 32 + 32 * 16))
    #expect(macs.after == 64 * 32 + 32 * 16)
  }

  @Test func `keys and values of all positions stay`() throws {
    let macs = try macs(
      DeadTokenPositions.self,
      """
      g (float[1,128,64] x) => (y) <float[64,64] q, float[64,64] k, float[64,64] v, int64 i = {0}> {
        a = MatMul(x, q)  b = MatMul(x, k)  c = MatMul(x, v)  t = Transpose <perm = [0, 2, 1]> (b)
        s = MatMul(a, t)  p = Softmax(s)  o = MatMul(p, c)  y = Gather <axis = 1> (o, i)
      }
      """)
    #expect(macs.before == 3 * 128 * 64 * 64 + 2 * 128 * 128 * 64)
    #expect(macs.after == (1 + 2 * 128) * 64 * 64 + 2 * 128 * 64)
  }

  @Test func `a stride moves to the convolution before`() throws {
    let macs = try macs(
      StridedPointwiseDeadPixels.self,
      """
      g (float[1,8,16,16] x) => (y) <float[8,8,3,3] a, float[16,8,1,1] b> {
        c = Conv <pads = [1, 1, 1, 1]> (x, a)  r = Relu(c)  y = Conv <strides = [2, 2]> (r, b)
      }
      """)
    #expect(macs.before == 256 * 8 * 8 * 9 + 64 * 8 * 16)
    #expect(macs.after == 64 * 8 * 8 * 9 + 64 * 8 * 16)
  }

  @Test func `repeating pixels and convolving takes sixteen of thirty-six products`() throws {
    let macs = try macs(
      ConvAfterUpsample.self,
      """
      g (float[1,8,16,16] x) => (y) <float[8,8,3,3] a, float[4] s = {1, 1, 2, 2}> {
        u = Resize <mode = "nearest"> (x, , s)  y = Conv <pads = [1, 1, 1, 1]> (u, a)
      }
      """)
    #expect(macs.before * 16 == macs.after * 36)
  }

  @Test func `a network with an open sequence is cut by what its file says`() throws {
    let text = """
      g (float[batch,sequence,64] x) => (y) <float[64,64] a, int64[3] t = {0, -1, 64}, int64 i = {0}> {
        h = MatMul(x, a)  r = Reshape(h, t)  y = Gather <axis = 1> (r, i)
      }
      """
    let macs = try macs(DeadTokenPositions.self, text)
    #expect(macs.after * 128 == macs.before)
  }

  @Test(arguments: [
    // Two readers want different rows.
    """
    g (float[1,128,64] x) => (y, z) <float[64,64] a, int64 i = {0}, int64 j = {1}> {
      h = MatMul(x, a)  y = Gather <axis = 1> (h, i)  z = Gather <axis = 1> (h, j)
    }
    """,
    // Scales that follow from the whole tensor.
    """
    g (float[1,128,64] x) => (y) <float[64,64] a, int64 i = {0}> {
      h = MatMul(x, a)  q, s, z = DynamicQuantizeLinear(h)  y = Gather <axis = 1> (q, i)
    }
    """,
    // Every row is part of every result.
    """
    g (float[1,128,64] x) => (y) <float[64,64] a, int64 i = {0}> {
      h = MatMul(x, a)  c = CumSum(h, i)  y = Gather <axis = 1> (c, i)
    }
    """,
    // The place depends on data.
    """
    g (float[1,128,64] x, int64 i) => (y) <float[64,64] a> {
      h = MatMul(x, a)  y = Gather <axis = 1> (h, i)
    }
    """,
    // A subgraph reads the whole.
    """
    g (float[1,128,64] x, bool c) => (y, z) <float[64,64] a, int64 i = {0}> {
      h = MatMul(x, a)
      y = Gather <axis = 1> (h, i)
      z = If (c) <then_branch = t () => (u) { u = Relu(h) }, else_branch = e () => (w) { w = Abs(h) }>
    }
    """,
  ])
  func `what is read whole is made whole`(_ text: String) throws {
    let subject = try subject(text, .fused)
    #expect(reports(DeadTokenPositions.self, subject).isEmpty)
  }

  @Test func `an upper bound of an extent is no extent`() throws {
    let text = """
      g (float[1,128,64] x) => (y) <float[3,64] a, int64 i = {0}> {
        n = NonZero(x)  f = Cast <to = 1> (n)  t = Transpose(f)  h = MatMul(t, a)  y = Gather(h, i)
      }
      """
    let model = try ONNXTextFormat.parse(text)
    let subject = try subject(model, .fused)
    #expect(reports(DeadTokenPositions.self, subject).isEmpty)
  }
}
