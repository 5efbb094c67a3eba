import Testing

@testable import Graph

/// How many rows each expert of a mixture gets.
struct RoutingTests {
  /// The places found where `marks` are not zero, of 64 tokens that choose among 8 experts by their scores `p`.
  private func found(_ marks: String) throws -> TensorInfo {
    let model = try ONNXTextFormat.parse(
      """
      g (float[64,8] p) => (i)
        <int64[1] one = {1}, int64[1] two = {2}, int64 depth = {8}, float[2] values = {0, 1}, int64 zero = {0}> {
        \(marks)
        i = NonZero(m)
      }
      """)
    return try #require(try Analysis(model).scope.outputs[0]?.tensor)
  }

  @Test func `experts share out the tokens that a router sends them`() throws {
    let one = try found(
      """
      s = ArgMax <axis = 1, keepdims = 0> (p)
      h = OneHot(s, depth, values)
      t = Transpose(h)
      c = Cast <to = 9> (t)
      m = Gather <axis = 0> (c, zero)
      """)
    #expect(one.dims == [1, 8] && one.isEstimated)
  }

  @Test func `a token that chooses two experts is there twice`() throws {
    let two = try found("v, s = TopK(p, two)  m = Equal(s, zero)")
    #expect(two.dims == [2, 16] && two.isEstimated)
  }

  @Test func `a mask of what experts have room for keeps their shares`() throws {
    let masked = try found(
      """
      v, s = TopK(p, one)
      k = Squeeze(s, one)
      h = OneHot(k, depth, values)
      c = CumSum(h, zero)
      l = LessOrEqual(c, h)
      b = Cast <to = 1> (l)
      a = Mul(h, b)
      m = Gather <axis = 1> (a, zero)
      """)
    #expect(masked.dims == [1, 8] && masked.isEstimated)
  }

  @Test func `an expert that fewer tokens than experts choose among gets one`() throws {
    let few = try found(
      """
      f, r = Split <axis = 0, num_outputs = 2> (p)
      v, s = TopK(f, one)
      q, w, e, d = Split <axis = 0, num_outputs = 4> (s)
      a, o = Split <axis = 0, num_outputs = 2> (q)
      m = Equal(a, zero)
      """)
    #expect(few.dims == [2, 1])
  }

  @Test func `what chooses no class leaves all places the bound`() throws {
    let bound = try found("m = Greater(p, p)")
    #expect(bound.dims == [2, 512] && bound.isEstimated)
  }
}
