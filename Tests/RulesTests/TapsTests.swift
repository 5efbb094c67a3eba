import Cost
import Graph
import Testing

@testable import Rules

@Suite struct TapsTests {
  /// The taps of one convolution over a row, as the analysis of a model of it has them.
  private func taps(extent: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int)
    throws -> Taps?
  {
    let model = try ONNXTextFormat.parse(
      """
      g (float[1,1,\(extent)] x) => (y) <float[1,1,\(kernel)] w> {
        y = Conv <pads = [\(before), \(after)], strides = [\(stride)], dilations = [\(dilation)]> (x, w)
      }
      """)
    return try Taps.all(of: #require(try Analysis(model).scope.steps.first))?.first
  }

  @Test(arguments: 1...3, 1...4) func `taps are counted as by going over every position`(
    _ stride: Int, _ dilation: Int
  ) throws {
    for extent in 1...6 {
      for kernel in 1...4 {
        for padding in 0...4 {
          let reach = (kernel - 1) * dilation + 1
          guard extent + padding + 1 >= reach else { continue }
          let found = try #require(
            try taps(
              extent: extent, kernel: kernel, stride: stride, dilation: dilation, before: padding,
              after: 1))
          let positions = (extent + padding + 1 - reach) / stride + 1
          let expected = (0..<kernel).map { tap in
            (0..<positions).count {
              (0..<extent).contains($0 * stride - padding + tap * dilation)
            }
          }
          #expect(found.hits == expected)
          #expect(found.positions == positions)
        }
      }
    }
  }

  @Test func `a kernel wider than the map keeps its middle tap`() throws {
    let taps = try #require(
      try taps(extent: 28, kernel: 3, stride: 1, dilation: 36, before: 36, after: 36))
    #expect(taps.hits == [0, 28, 0])
    #expect(taps.used(atMoreThan: 0) == 1..<2)
    let padding = try #require(taps.padding(keeping: 1..<2))
    #expect(padding.before == 0 && padding.after == 0)
  }
}
