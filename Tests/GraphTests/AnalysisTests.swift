import Testing

@testable import Graph

@Suite struct AnalysisTests {
  private func analysis(_ text: String) throws -> Analysis {
    try Analysis(try ONNXTextFormat.parse(text))
  }

  @Test func `an unknown operator is uncounted, not free`() throws {
    let analysis = try analysis("g (float[2,3] x) => (y) { t = Relu(x)  y = Mystery(t) }")
    let coverage = analysis.totals.coverage
    #expect(
      coverage.uncounted == [
        Coverage.Uncounted(op: "Mystery", count: 1, reason: "operator 'Mystery' is not known")
      ])
    #expect(coverage.share == 0.5)
    #expect(analysis.scope.outputs[0] == nil)
  }

  @Test func `what follows an unknown operator is uncounted with the reason`() throws {
    let analysis = try analysis("g (float[2,3] x) => (y) { t = Mystery(x)  y = Relu(t) }")
    #expect(analysis.scope.steps[1].error == .unknownInput(0))
  }

  @Test func `a view moves no bytes and is free`() throws {
    let analysis = try analysis("g (float[2,3,4] x) => (y) { f = Flatten(x)  y = Relu(f) }")
    #expect(analysis.scope.steps[0].state == .free(.view))
    #expect(analysis.scope.steps[0].work == Work())
  }

  @Test func `what depends on weights alone is computed when the model is loaded`() throws {
    let analysis = try analysis(
      "g (float[2,3] x) => (y) <float[4,3] w> { t = Transpose(w)  y = MatMul(x, t) }")
    #expect(analysis.scope.steps[0].state == .free(.constant))
    #expect(analysis.totals.parameters == 12)
    #expect(analysis.totals.work.macs == 24)
  }

  @Test
  func `products of weights alone are multiply-accumulates, but nothing else is counted of them`()
    throws
  {
    let analysis = try analysis(
      "g (float[2,3] x) => (y) <float[3,4] w, float[4,5] v> { t = MatMul(w, v)  y = MatMul(x, t) }")
    #expect(analysis.scope.steps[0].state == .free(.constant))
    #expect(analysis.scope.steps[0].work == Work(macs: 60))
    #expect(analysis.scope.steps[0].contractions.isEmpty)
    #expect(analysis.totals.work.macs == 60 + 30)
  }

  @Test func `a first result that nobody reads is computed, but not written`() throws {
    let analysis = try analysis(
      "g (float[1,2,8,8] x) => (i) { p, i = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x) }"
    )
    let step = analysis.scope.steps[0]
    #expect(step.isCounted)
    #expect(step.work.elementwise == 2 * 4 * 4 * 4)
    #expect(step.work.bytesWritten == 2 * 4 * 4 * 8)
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [1, 2, 4, 4])
  }

  @Test func `sizes are computed on the host`() throws {
    let analysis = try analysis(
      """
      g (float[2,3,4] x) => (y) <int64[1] rest = {-1}, int64 zero = {0}> {
        s = Shape(x)
        n = Gather(s, zero)
        a = Constant <value_ints = [0]> ()
        u = Unsqueeze(n, a)
        t = Concat <axis = 0> (u, rest)
        y = Reshape(x, t)
      }
      """)
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [2, 12])
    #expect(analysis.totals.work.traffic == 0)
  }

  @Test(arguments: 1...6) func `doubling the batch doubles the multiply-accumulates`(_ n: Int)
    throws
  {
    func macs(_ batch: Int) throws -> Int {
      try analysis(
        """
        g (float[\(batch),3,9,9] x) => (y) <float[8,3,3,3] w, float[5,8] v> {
          c = Conv(x, w)
          p = GlobalAveragePool(c)
          f = Flatten(p)
          y = Gemm <transB = 1> (f, v)
        }
        """
      ).totals.work.macs
    }
    #expect(try macs(2 * n) == 2 * macs(n))
  }

  @Test func `an unread result costs nothing and leaves the total known`() throws {
    let analysis = try analysis(
      "g (float[1,4,8,8] x) => (y) { y, i = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x) }"
    )
    #expect(analysis.scope.steps[0].work.bytesWritten == 4 * 4 * 4 * 4)
  }

  @Test func `an extent that depends on data is a bound, and so is all that follows`() throws {
    let analysis = try analysis(
      """
      g (float[7,4] x) => (y) {
        i = NonZero(x)
        t = Transpose(i)
        y = GatherND(x, t)
      }
      """)
    #expect(analysis.scope.outputs[0]?.isEstimated ?? false)
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [28])
  }

  @Test func `a subgraph reads the values around it`() throws {
    let analysis = try analysis(
      """
      g (float[4,4] x, bool c) => (y) <float[4,4] w> {
        y = If (c) <
          then_branch = t () => (a) { a = MatMul(x, w) },
          else_branch = e () => (b) { b = Relu(x) }>
      }
      """)
    #expect(analysis.totals.work.macs == 64)
    #expect(analysis.scopes.count == 3)
    #expect(analysis.placements.map(\.executions) == [1, 1, 0])
  }

  @Test func `totals saturate and never trap`() {
    let huge = Work(macs: .max, elementwise: .max, bytesRead: .max)
    #expect((huge + huge).macs == .max)
    #expect(huge.times(3).flops == .max)
    #expect(huge.traffic == .max)
  }
}
