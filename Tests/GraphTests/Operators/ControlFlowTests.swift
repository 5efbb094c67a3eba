import Testing

@testable import Graph

/// What the results of a model are, and how often its bodies run.
private struct Flow {
  let analysis: Analysis

  init(_ text: String) throws { analysis = try Analysis(try ONNXTextFormat.parse(text)) }

  var shapes: [[Int]?] { analysis.scope.outputs.map { $0?.tensor?.dims } }
  var isEstimated: [Bool?] { analysis.scope.outputs.map { $0?.isEstimated } }
  var macs: Int { analysis.totals.work.macs }
  var branches: [Branch] { analysis.scope.steps.flatMap(\.branches) }
}

struct BranchingTests {
  static func model(condition: String) -> String {
    """
    g (float[4,8] x\(condition == "given" ? ", bool c" : "")) => (y)
      <float[8,16] w, float[8,2] v\(condition == "given" ? "" : ", bool c = {\(condition)}")> {
      y = If (c) <
        then_branch = t () => (a) { a = MatMul(x, w) },
        else_branch = e () => (b) { b = MatMul(x, v) }>
    }
    """
  }

  @Test func `a condition that is known leaves one body`() throws {
    let taken = try Flow(Self.model(condition: "1"))
    #expect(taken.shapes == [[4, 16]])
    #expect(taken.isEstimated == [false])
    #expect(taken.branches.map(\.name) == ["then_branch"])
    #expect(try Flow(Self.model(condition: "0")).macs == 64)
  }

  @Test func `the costlier body counts where the condition is data`() throws {
    let flow = try Flow(Self.model(condition: "given"))
    #expect(flow.macs == 4 * 8 * 16)
    #expect(flow.branches.map(\.executions) == [1, 0])
    #expect(flow.shapes == [[4, 16]])
    #expect(flow.isEstimated == [true])
  }

  @Test func `weights that only a body reads are parameters`() throws {
    #expect(try Flow(Self.model(condition: "given")).analysis.totals.parameters == 8 * 18)
  }

  @Test func `bodies that agree about a shape leave it exact`() throws {
    let flow = try Flow(
      """
      g (float[4,8] x, bool c) => (y) {
        y = If (c) <
          then_branch = t () => (a) { a = Relu(x) },
          else_branch = e () => (b) { b = Neg(x) }>
      }
      """)
    #expect(flow.shapes == [[4, 8]])
    #expect(flow.isEstimated == [false])
  }
}

struct LoopingTests {
  /// A loop that multiplies what it carries by weights, `count` times.
  static func multiplying(count: String, condition: String = "1") -> String {
    """
    g (float[4,8] x) => (y, all) <float[8,8] w, int64 n = {\(count)}, bool c = {\(condition)}> {
      y, all = Loop (n, c, x) <
        body = b (int64 i, bool go, float[4,8] a) => (on, r, s) {
          on = Identity(go)
          r = MatMul(a, w)
          s = Relu(r)
        }>
    }
    """
  }

  @Test(arguments: [0, 1, 7, 64, 65, 100_000])
  func `the body counts as often as it runs`(count: Int) throws {
    let flow = try Flow(Self.multiplying(count: "\(count)"))
    #expect(flow.macs == count * 4 * 64)
    #expect(flow.shapes == [[4, 8], [count, 4, 8]])
    #expect(flow.isEstimated == [false, false])
    #expect(flow.branches.map(\.executions) == [count])
    #expect(flow.analysis.totals.parameters == 64)
  }

  @Test func `a condition that fails at once means no iteration`() throws {
    let flow = try Flow(Self.multiplying(count: "7", condition: "0"))
    #expect(flow.macs == 0)
    #expect(flow.shapes == [[4, 8], [0, 4, 8]])
  }

  @Test func `a loop that nothing bounds is assumed to run once, and says so`() throws {
    let flow = try Flow(Self.multiplying(count: "\(Int.max)"))
    #expect(flow.branches.map(\.executions) == [Looping.assumedIterations])
    #expect(flow.branches.map(\.isEstimated) == [true])
    // What is carried keeps its shape however often the body runs.
    #expect(flow.shapes[0] == [4, 8])
    #expect(flow.isEstimated == [false, true])
  }

  @Test func `shapes that grow are followed`() throws {
    let flow = try Flow(
      """
      g (float[1,8] x) => (y) <float[8,8] w, int64 n = {5}, bool c = {1}> {
        y = Loop (n, c, x) <
          body = b (int64 i, bool go, float[N,8] a) => (on, r) {
            on = Identity(go)
            m = MatMul(a, w)
            r = Concat <axis = 0> (a, m)
          }>
      }
      """)
    #expect(flow.shapes == [[32, 8]])
    #expect(flow.isEstimated == [false])
    #expect(flow.macs == (1 + 2 + 4 + 8 + 16) * 64)
    #expect(flow.branches.map(\.executions) == [1, 1, 1, 1, 1])
    // The nodes of one body are counted once, however many shapes it runs over.
    #expect(flow.analysis.totals.nodes == 4)
  }

  @Test func `a condition that is computed ends the loop`() throws {
    let flow = try Flow(
      """
      g (float[4] x) => (k, all) <int64 zero = {0}, int64 one = {1}, int64 limit = {6}> {
        k, all = Loop (, , zero) <
          body = b (int64 i, bool go, int64 a) => (on, next, s) {
            next = Add(a, one)
            on = Less(next, limit)
            s = Identity(x)
          }>
      }
      """)
    #expect(flow.shapes == [[], [6, 4]])
    #expect(flow.isEstimated == [false, false])
    #expect(flow.analysis.scope.outputs[0]?.tensor?.value == .integers([6]))
  }

  @Test func `many iterations that change a shape give a bound`() throws {
    let flow = try Flow(
      """
      g (float[1,8] x) => (y) <int64 n = {1000}, bool c = {1}> {
        y = Loop (n, c, x) <
          body = b (int64 i, bool go, float[N,8] a) => (on, r) {
            on = Identity(go)
            r = Concat <axis = 0> (a, x)
          }>
      }
      """)
    #expect(flow.isEstimated == [true])
    #expect(flow.branches.reduce(0) { $0 + $1.executions } == 1000)
  }

  @Test func `loops within loops end`() throws {
    var inner = "r = Relu(a)"
    for depth in 0..<12 {
      inner = """
        r = Loop (n, c, a) < body = b\(depth) (int64 i, bool go, float[M] a) => (on, r) {
          on = Identity(go) q = Concat <axis = 0> (a, a) \(inner) }>
        """
    }
    let flow = try Flow(
      "g (float[2] a) => (r) <int64 n = {64}, bool c = {1}> { \(inner) }")
    #expect(flow.analysis.totals.nodes > 0)
  }
}

struct ScanningTests {
  @Test func `a body runs once for each slice`() throws {
    let flow = try Flow(
      """
      g (float[2] s, float[3,2] x) => (last, all) <float[2] b> {
        last, all = Scan <num_scan_inputs = 1,
          body = f (float[2] a, float[2] e) => (sum, copy) {
            sum = Add(a, e)
            copy = Identity(sum)
          }> (s, x)
      }
      """)
    #expect(flow.shapes == [[2], [3, 2]])
    #expect(flow.branches.map(\.executions) == [3])
    #expect(flow.analysis.totals.work.elementwise == 6)
  }

  @Test func `axes say where slices are cut and put`() throws {
    let flow = try Flow(
      """
      g (float[4,5,2] x) => (all) {
        all = Scan <num_scan_inputs = 1, scan_input_axes = [1], scan_output_axes = [-1],
          body = f (float[4,2] e) => (r) { r = Relu(e) }> (x)
      }
      """)
    #expect(flow.shapes == [[4, 2, 5]])
  }

  @Test func `a batch led the first version`() throws {
    let flow = try Flow(
      """
      <ir_version: 4, opset_import: ["" : 8]>
      g (float[1,2] s, float[1,3,2] x) => (last, all) {
        last, all = Scan <num_scan_inputs = 1,
          body = f (float[2] a, float[2] e) => (sum, copy) {
            sum = Add(a, e)
            copy = Identity(sum)
          }> (, s, x)
      }
      """)
    #expect(flow.shapes == [[1, 2], [1, 3, 2]])
  }
}

struct SequencesTests {
  @Test func `a sequence is taken apart and put together`() throws {
    let flow = try Flow(
      """
      g (float[7,4] x) => (last, count, whole, stack) <int64 size = {3}, int64 end = {-1}> {
        parts = SplitToSequence <axis = 0> (x, size)
        last = SequenceAt(parts, end)
        count = SequenceLength(parts)
        more = SequenceInsert(parts, x)
        whole = ConcatFromSequence <axis = 0> (more)
        twice = SequenceConstruct(x, x)
        stack = ConcatFromSequence <axis = 1, new_axis = 1> (twice)
      }
      """)
    #expect(flow.shapes == [[1, 4], [], [14, 4], [7, 2, 4]])
    #expect(flow.analysis.scope.outputs[1]?.tensor?.value == .integers([3]))
  }

  @Test func `single slices may lose their axis`() throws {
    let flow = try Flow(
      """
      g (float[7,4] x) => (y) <int64 first = {0}> {
        parts = SplitToSequence <axis = 0, keepdims = 0> (x)
        y = SequenceAt(parts, first)
      }
      """)
    #expect(flow.shapes == [[4]])
  }

  @Test func `which element is taken matters only where they differ`() throws {
    let alike = try Flow(
      "g (float[2] x, int64 i) => (y) { s = SequenceConstruct(x, x) y = SequenceAt(s, i) }")
    #expect(alike.shapes == [[2]])
    let different = try Flow(
      """
      g (float[2] x, float[3] z, int64 i) => (y) { s = SequenceConstruct(x, z) y = SequenceAt(s, i) }
      """)
    #expect(different.shapes == [nil])
  }

  @Test func `a body runs for each element`() throws {
    let flow = try Flow(
      """
      g (float[2,3] x, float[4,3] z) => (y) <float[3,5] w, int64 last = {1}> {
        s = SequenceConstruct(x, z)
        r = SequenceMap <body = b (float[N,3] e) => (p) { p = MatMul(e, w) }> (s)
        y = SequenceAt(r, last)
      }
      """)
    #expect(flow.shapes == [[4, 5]])
    #expect(flow.macs == 6 * 15)
  }

  @Test func `an optional holds a value or says that it does not`() throws {
    let flow = try Flow(
      """
      g (float[2,3] x) => (has, y, none) {
        o = Optional(x)
        has = OptionalHasElement(o)
        y = OptionalGetElement(o)
        none = OptionalHasElement()
      }
      """)
    #expect(flow.shapes == [[], [2, 3], []])
    #expect(flow.analysis.scope.outputs[0]?.tensor?.value == .integers([1]))
    #expect(flow.analysis.scope.outputs[2]?.tensor?.value == .integers([0]))
  }
}

struct FlexibleAttentionTests {
  @Test func `scores pass through a body of the model's own`() throws {
    let flow = try Flow(
      """
      <ir_version: 10, opset_import: ["" : 26, "ai.onnx.preview" : 1]>
      g (float[1,2,4,8] q, float[1,2,6,8] k, float[1,2,6,8] v) => (y) {
        y = ai.onnx.preview.FlexAttention <
          score_mod = m (float[1,2,4,6] s) => (t) { t = Tanh(s) }> (q, k, v)
      }
      """)
    #expect(flow.shapes == [[1, 2, 4, 8]])
    #expect(flow.macs == 2 * 4 * 6 * 16)
    #expect(flow.analysis.totals.work.transcendentals == 2 * 48)
  }
}
