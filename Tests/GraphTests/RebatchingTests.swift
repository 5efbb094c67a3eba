import Testing

@testable import Graph

@Suite struct RebatchingTests {
  /// A class token, joined heads, and attention whose tokens come first: what exporters fix the batch in.
  private static let encoder = """
    <ir_version: 8, opset_import: ["" : 17]>
    g (float[1,6,8] x) => (float[1,7,8] y)
    <float[1,1,8] token, float[8,8] w, float[8,8] u>
    {
      joined = Concat <axis = 1> (token, x)
      first = Transpose <perm = [1, 0, 2]> (joined)
      q = MatMul (first, w)
      headShape = Constant <value_ints = [7, 2, 4]> ()
      split = Reshape (q, headShape)
      heads = Transpose <perm = [1, 0, 2]> (split)
      keys = Transpose <perm = [0, 2, 1]> (heads)
      scores = MatMul (heads, keys)
      weights = Softmax <axis = -1> (scores)
      mixed = MatMul (weights, heads)
      back = Transpose <perm = [1, 0, 2]> (mixed)
      rowShape = Constant <value_ints = [7, 8]> ()
      rows = Reshape (back, rowShape)
      out = Gemm (rows, u)
      tokenShape = Constant <value_ints = [7, 1, 8]> ()
      tokens = Reshape (out, tokenShape)
      batchFirst = Transpose <perm = [1, 0, 2]> (tokens)
      y = Add (batchFirst, joined)
    }
    """

  @Test func `a batch fixed in reshapes and constants grows with the one asked for`() throws {
    let model = try ONNXTextFormat.parse(Self.encoder)
    let one = try Analysis(model)
    let eight = try Analysis(model, binding: .init(batch: 8))
    #expect(eight.totals.coverage.uncountedNodes == 0)
    #expect(eight.totals.work.macs == 8 * one.totals.work.macs)
    #expect(eight.scope.outputs[0]?.tensor?.dims == [8, 7, 8])
    #expect(eight.totals.parameters == one.totals.parameters)
  }

  @Test func `a map resized to fixed extents keeps the batch`() throws {
    let model = try ONNXTextFormat.parse(
      """
      <ir_version: 8, opset_import: ["" : 17]>
      g (float[1,3,4,4] x) => (float[1,3,8,8] y)
      {
        sizes = Constant <value_ints = [1, 3, 8, 8]> ()
        y = Resize (x, , , sizes)
      }
      """)
    let analysis = try Analysis(model, binding: .init(batch: 5))
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [5, 3, 8, 8])
  }

  @Test func `work that no sample takes part in is done once`() throws {
    let model = try ONNXTextFormat.parse(
      """
      <ir_version: 8, opset_import: ["" : 17]>
      g (float[1,4] x, float[4,4] positions) => (float[1,4] y)
      <float[4,4] w>
      {
        table = MatMul (positions, w)
        y = MatMul (x, table)
      }
      """)
    #expect(try Analysis(model, binding: .init(batch: 3)).totals.work.macs == 64 + 3 * 16)
  }

  @Test func `a graph that picks out one sample runs at its own batch only`() throws {
    let model = try ONNXTextFormat.parse(
      """
      <ir_version: 8, opset_import: ["" : 17]>
      g (float[1,3,4] x) => (y)
      <float[4,4] w>
      {
        zero = Constant <value_int = 0> ()
        sample = Gather <axis = 0> (x, zero)
        y = MatMul (sample, w)
      }
      """)
    #expect(throws: ModelError.self) { try Analysis(model, binding: .init(batch: 8)) }
  }

  @Test(arguments: [
    // Before, after, where the batch stands before, and where after.
    ([1, 197, 768], [1, 197, 12, 64], 0, false, 0, false),
    ([197, 1, 768], [197, 12, 64], 1, false, 1, false),
    ([12, 197, 64], [1, 12, 197, 64], 0, false, 0, false),
    ([197, 12, 64], [197, 768], 1, false, 0, true),
    ([197, 768], [197, 1, 768], 0, true, 1, false),
    ([1, 8, 8, 7, 7, 96], [64, 49, 96], 0, false, 0, false),
    ([1, 512, 1, 1], [1, 512], 0, false, 0, false),
  ]) func `the batch stays behind as many elements`(
    _ before: [Int], _ after: [Int], _ axis: Int, _ isBehind: Bool, _ next: Int,
    _ isBehindNext: Bool
  ) {
    let place = Rebatching.Place(axis: axis, isBehind: isBehind)
    #expect(
      Rebatching.place(place, of: before, in: after)
        == Rebatching.Place(axis: next, isBehind: isBehindNext))
  }

  @Test func `a batch in the midst of what is joined has no place`() {
    #expect(Rebatching.place(.init(axis: 1), of: [3, 1, 5], in: [15]) == nil)
    #expect(Rebatching.place(.init(axis: 2), of: [6, 1, 1, 0], in: [0]) == nil)
  }
}
