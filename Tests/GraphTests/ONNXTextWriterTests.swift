import Testing

@testable import Graph

@Suite struct ONNXTextWriterTests {
  static let snippets = [
    "g (float[1,3,N,?] x) => (y) { y = Relu(x) }",
    "g (float x, int64[] s, seq(float[2]) q, optional(bool) o) => (y) { y = Identity(x) }",
    "g (float[2] x) => (y) <float[2,2] w, int64[2] axes = {0, -1}> { y = Foo(x, w, axes) }",
    """
    g (float[2] x) => (y) {
      ["a/b"] t, "" = com.microsoft.Foo <k: int = 2, f: float = 0.1, l: ints = [1, 2], e: floats = []>
        (x, "", "odd \\"name\\"")
      y = Bar <s: string = "two\\nlines", ss: strings = ["a", ""], c: tensor = float[2] {1.5, -inf},
        h: tensor = float[3,3] {}> (t)
    }
    """,
    """
    g (float[2] x, bool c) => (y) {
      y = If (c) <then_branch: graph = t () => (a) { a = Relu(x) },
        else_branch: graph = e () => (b) { b = Neg(x) }>
    }
    """,
    """
    <ir_version: 9, opset_import: ["" : 17, "local" : 1], metadata_props: ["k": "v"]>
    g (float[2] x) => (y) { y = local.F:two <alpha: float = 2> (x) }
    <domain: "local", overload: "two", opset_import: ["" : 17]>
    F <alpha, beta: int = 3> (a) => (b) { b = LeakyRelu <alpha: float = @alpha> (a) }
    """,
  ]

  @Test(arguments: snippets) func `what is written reads back as the same model`(_ snippet: String)
    throws
  {
    let written = ONNXTextWriter.text(try ONNXTextFormat.parse(snippet))
    #expect(ONNXTextWriter.text(try ONNXTextFormat.parse(written)) == written)
  }

  @Test func `a node is one line, and keeps its name, operands and attributes`() throws {
    let model = try ONNXTextFormat.parse(
      "g (float[1,4] x) => (y) <float[4,4] w> { [n] y = Gemm <transB = 1> (x, w) }")
    #expect(
      ONNXTextWriter.text(model) == """
        <
          opset_import: ["" : 26]
        >
        g (float[1,4] x) => (y)
        <
          float[4,4] w
        > {
          [n] y = Gemm <transB: int = 1> (x, w)
        }

        """)
  }
}
