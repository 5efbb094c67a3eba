import Testing

@testable import Graph

@Suite struct LivenessTests {
  private func peak(_ text: String) throws -> Int {
    try Analysis(try ONNXTextFormat.parse(text)).totals.peakActivationBytes
  }

  @Test func `a chain holds two tensors at a time`() throws {
    #expect(
      try peak("g (float[100] x) => (y) { a = Relu(x)  b = Relu(a)  y = Relu(b) }") == 2 * 400)
  }

  @Test func `a residual connection holds its tensor until it is added`() throws {
    #expect(
      try peak("g (float[100] x) => (y) { a = Relu(x)  b = Relu(a)  y = Add(b, x) }") == 3 * 400)
  }

  @Test func `a view holds no bytes of its own and keeps its tensor alive`() throws {
    #expect(
      try peak(
        """
        g (float[10,10] x) => (y, z) {
          f = Flatten <axis = 0> (x)
          a = Relu(f)
          y = Relu(a)
          z = Relu(f)
        }
        """) == 3 * 400)
  }

  @Test func `weights are not activations`() throws {
    #expect(try peak("g (float[1,4] x) => (y) <float[4,4] w> { y = MatMul(x, w) }") == 32)
  }
}
