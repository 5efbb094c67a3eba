import Testing

@testable import Graph

/// Small models with known answers, which other counters are known to get wrong.
@Suite struct ProbeTests {
  private func totals(_ text: String, _ request: Binding.Request = .init()) throws -> Totals {
    try Analysis(try ONNXTextFormat.parse(text), binding: request).totals
  }

  @Test func `a recurrence counts, and is complete`() throws {
    let totals = try totals(
      """
      g (float[35,4,200] x) => (y) <float[1,800,200] w, float[1,800,200] r, float[1,1600] b> {
        y = LSTM <hidden_size = 200> (x, w, r, b)
      }
      """)
    #expect(totals.work.macs == 35 * 4 * 800 * 400)
    #expect(totals.parameters == 2 * 160_000 + 1600)
    #expect(totals.coverage.share == 1)
  }

  @Test func `an Einstein sum counts`() throws {
    let totals = try totals(
      """
      g (float[2,8,16,64] q, float[2,8,16,64] k) => (y) {
        y = Einsum <equation = "bhid,bhjd->bhij"> (q, k)
      }
      """)
    #expect(totals.work.macs == 2 * 8 * 16 * 16 * 64)
  }

  @Test func `a fused product counts`() throws {
    let totals = try totals(
      """
      <ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1]>
      g (float[4,16,32] x) => (y) <float[8,32] w> {
        y = com.microsoft.FusedMatMul <transB = 1> (x, w)
      }
      """)
    #expect(totals.work.macs == 4 * 16 * 32 * 8)
  }

  @Test func `the broadcast batch of a product counts`() throws {
    let totals = try totals(
      "g (float[4,1,64,64] x, float[1,64,64] z) => (y) { y = MatMul(x, z) }")
    #expect(totals.work.macs == 1_048_576)
  }

  @Test func `a transposed convolution counts on its input's grid`() throws {
    let totals = try totals(
      """
      g (float[1,16,16,16] x) => (y) <float[16,8,4,4] w> {
        y = ConvTranspose <strides = [2, 2], pads = [1, 1, 1, 1]> (x, w)
      }
      """)
    #expect(totals.work.macs == 524_288)
  }

  @Test func `symbols count as what they are bound to`() throws {
    let model = "g (float[batch,128] x) => (y) <float[128,10] w> { y = MatMul(x, w) }"
    #expect(try totals(model).work.macs == 1280)
    var request = Binding.Request()
    request.symbols = [Binding.Symbol(name: "batch", value: 32)]
    #expect(try totals(model, request).work.macs == 32 * 1280)
  }

  @Test func `a mask that nobody reads spoils no total`() throws {
    let totals = try totals(
      """
      g (float[4,8] x) => (y) <float[8,2] w> {
        d, mask = Dropout(x)
        y = MatMul(d, w)
      }
      """)
    #expect(totals.work.macs == 64)
    #expect(totals.coverage.share == 1)
    #expect(totals.activationBytes == 4 * 2 * 4)
  }
}
