import Testing

@testable import Graph

/// Graphs that nobody exports: each must be analysed, or refused, within the test's patience.
@Suite struct HostileTests {
  private static let large = 1 << 62

  @Test(arguments: [
    "y = Tile (x, n)", "y = Expand (x, n)", "y = ConstantOfShape (n)", "y = Reshape (x, n)",
    "y = RandomNormal <shape = [\(large), \(large)]> ()", "y = OneHot (x, n, x)", "y = Pad (x, n)",
    "y = MaxPool <kernel_shape = [\(large)], pads = [\(large), \(large)]> (x)",
    "y = MaxPool <kernel_shape = [0], strides = [0]> (x)",
    "y = Conv <strides = \"a\", pads = 1.5> (x, x)", "y = Conv <group = 0> (x, x)",
    "y = Conv <strides = [\(Int.min)], dilations = [\(Int.max)]> (x, x)",
    "y = Concat <axis = \(Int.min)> (x, x)",
    "y = Transpose <perm = [0, 0, \(Int.min)]> (x)", "y = Squeeze (x, n)", "y = Unsqueeze (x, n)",
    "y = TopK (x, n)", "y = ReduceSum (x, n)", "y = Gather <axis = \(Int.min)> (x, n)",
    "y = Einsum <equation = \"...ii,,->\"> (x, x, x)", "y = Flatten <axis = \(Int.max)> (x)",
  ])
  func `impossible extents leave a node uncounted`(_ node: String) throws {
    let analysis = try analyse(
      """
      g (float[2,2,2] x) => (y) <int64[2] n = {\(Self.large), \(Self.large)}> { \(node) }
      """)
    #expect(analysis.scope.steps[0].error != nil)
  }

  @Test(arguments: [
    "a = Div (m, o)", "a = Mod (m, o)", "a = Mul (m, m)", "a = Sub (m, o)", "a = Neg (m)",
    "a = Abs (m)", "a = Pow (m, m)", "a = BitShift <direction = \"LEFT\"> (m, m)",
    "a = ReduceProd (m)", "a = CumSum (m, o)", "a = Cast <to = 7> (q)", "a = Range (o, m, o)",
    "a = Slice (m, m, m)", "a = Gather (m, m)", "a = Clip (m, m, o)", "a = Sum (m, m, m)",
  ])
  func `arithmetic on the extremes of integers does not trap`(_ node: String) throws {
    _ = try analyse(
      """
      g (int64[2] x) => (y) <int64[2] m = {\(Int.min), \(Int.max)}, int64[2] o = {-1, 0},
        float[3] q = {1e38, -1e38, 0.0}> { \(node)  y = Reshape (x, a) }
      """)
  }

  @Test(arguments: [0, 1, 64, 65, 1 << 30, Int.max, Int.min])
  func `loops of any length end`(_ trips: Int) throws {
    _ = try analyse(
      """
      g (float[2] x) => (y, z) <int64 n = {\(trips)}> {
        y, z = Loop <body = b (int64 i, bool c, float[N] s) => (c, t, u) {
          t = Concat <axis = 0> (s, s)  u = Exp (t)
        }> (n, "", x)
      }
      """)
  }

  @Test(arguments: [3, 8, 30])
  func `loops in loops end`(_ depth: Int) throws {
    var node = "r\(depth) = Exp (s\(depth - 1))"
    for level in (0..<depth).reversed() {
      node = """
        r\(level) = Loop <body = b (int64 i, bool c, float[2] s\(level)) => (c, r\(level + 1)) {
          \(node)
        }> (n, "", \(level == 0 ? "x" : "s\(level - 1)"))
        """
    }
    _ = try analyse("g (float[2] x) => (r0) <int64 n = {1000}> { \(node) }")
  }

  @Test func `a sequence that grows without end is not followed to the end`() throws {
    let nodes = (0..<5000).map { "s\($0 + 1) = SequenceInsert (s\($0), x)" }
    let analysis = try analyse(
      "g (float[2] x) => (s5000) { s0 = SequenceConstruct (x) \(nodes.joined(separator: " ")) }")
    #expect(analysis.scope.steps.last?.error != nil)
  }

  @Test(arguments: ["0", "0,3", String(repeating: "1,", count: 63) + "1", "-1,2", "?,N"])
  func `extents may be nothing, many or unknown`(_ dims: String) throws {
    let analysis = try analyse("g (float[\(dims)] x) => (y) { y = Relu (x) }")
    #expect(analysis.scope.steps[0].error == nil)
  }

  @Test func `a node of many operands is looked at once`() throws {
    let names = [String](repeating: "x", count: 10_000).joined(separator: ",")
    let analysis = try analyse("g (float[2] x) => (y) { y = Concat <axis = 0> (\(names)) }")
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [20_000])
  }

  private func analyse(_ text: String) throws -> Analysis {
    try Analysis(try ONNXTextFormat.parse(text))
  }
}
