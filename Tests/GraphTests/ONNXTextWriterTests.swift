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

  private static let remarks = """
    g (float[2] x, bool c) => (y) {
      a = Relu (x)  #["pkg.torch.onnx.stack_trace": "File \\"a#b.py\\", line 3\\n    f(x)", "k": ""]
      b = Elu <alpha: float = 2> (a)  # ["for people": "who read"]
      d = Elu (b) <alpha = 2>  #["k": "v"]
      e = If (c) <then_branch: graph = t () => (f) { f = Neg (d)  #["in": "side"]
        }, else_branch: graph = e () => (h) { h = Identity (d) }>
      y = Neg (e)  #["odd": "one"] is for people too
    }
    """

  @Test func `what exporters left at nodes is read back where it was written`() throws {
    let model = try ONNXTextFormat.parse(Self.remarks)
    let nodes = model.body.nodes
    #expect(
      nodes[0].metadata == [
        .init(
          key: "pkg.torch.onnx.stack_trace", value: "File \"a#b.py\", line 3\n    f(x)"),
        .init(key: "k", value: ""),
      ])
    #expect(nodes.map { $0.metadata.map(\.key).last } == ["k", nil, "k", nil, nil])
    let written = ONNXTextWriter.text(model, withMetadata: true)
    #expect(written.contains("d = Elu <alpha: int = 2> (b)  #[\"k\": \"v\"]\n"))
    #expect(written.contains("f = Neg (d)  #[\"in\": \"side\"]\n"))
    let again = try ONNXTextFormat.parse(written)
    #expect(again.body.nodes.map(\.metadata) == nodes.map(\.metadata))
    #expect(ONNXTextWriter.text(again, withMetadata: true) == written)
    #expect(!ONNXTextWriter.text(model).contains("#"))
  }

  @Test func `a comment that is no list, or goes on elsewhere, is a comment`() throws {
    for comment in [
      "#", "#[", "#[]", "#[1]", "#[\"a\"]", "#[\"a\": \"b\"", "#[\"a\": \"b\",",
      "#[\"a\": \"b\"] c",
    ] {
      let model = try ONNXTextFormat.parse(
        "g (float[2] x) => (y) {\n  a = Relu (x) \(comment)\n  y = Neg (a)\n}")
      #expect(model.body.nodes.map(\.op.name) == ["Relu", "Neg"], "\(comment)")
      #expect(model.body.nodes[0].metadata.isEmpty, "\(comment)")
    }
  }
}
