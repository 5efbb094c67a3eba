import Testing

@testable import Graph

@Suite struct TextFormatTests {
  @Test(arguments: ["convolution", "control"])
  func `text tells the nodes and values that protobuf tells`(_ name: String) throws {
    let text = try ModelFile.read(Fixtures.path("\(name).onnxtxt"))
    let protobuf = try ModelFile.read(Fixtures.path("\(name).onnx"))
    #expect(text.body.nodes.map(\.op) == protobuf.body.nodes.map(\.op))
    #expect(text.opsets == protobuf.opsets && text.metadata == protobuf.metadata)
    #expect(text.functions.map(\.name) == protobuf.functions.map(\.name))
    let names = text.body.values.map(\.name)
    #expect(names.contains("x") || names.contains("layer/weight 1"))
  }

  @Test(
    arguments: [
      ("a = 1", .int(1)), ("a = -1.5", .float(-1.5)), ("a : float = 2", .float(2)),
      ("a = \"q \\\" \\\\ \\n\"", .string("q \" \\ \n")), ("a = [1, 2]", .ints([1, 2])),
      ("a = [1.0, 2]", .floats([1, 2])), ("a : ints = []", .ints([])),
      ("a : floats = [1]", .floats([1])), ("a = [\"x\", \"y\"]", .strings(["x", "y"])),
      ("a = 1e3", .float(1000)),
    ] as [(String, Attribute.Payload)])
  func `attributes say their kind, or show it`(_ text: String, _ value: Attribute.Payload) throws {
    let model = try ONNXTextFormat.parse("g (float[2] x) => (y) { y = Op <\(text)> (x) }")
    let attribute = try #require(model.body.nodes[0].attributes.first)
    #expect(attribute.name == "a")
    #expect(String(describing: attribute.value) == String(describing: value))
  }

  @Test func `comments, quotes and left out operands are read`() throws {
    let model = try ONNXTextFormat.parse(
      """
      # A comment, then a graph whose name needs quotes.
      "my graph" (float[1,"batch size",?] "the input", float[] w) => (y) {
        [first] t, , u = Split ("the input",, w)  # another comment
        y = local.Op:variant (t)
      }
      """)
    #expect(model.body.name == "my graph")
    #expect(model.body.nodes[0].name == "first" && model.body.nodes[0].line == 3)
    #expect(model.body.nodes[0].inputs.map { $0 == nil } == [false, true, false])
    #expect(model.body.nodes[1].op == "local::Op" && model.body.nodes[1].overload == "variant")
    #expect(
      model.body.values[model.body.inputs[0]].declared
        == .tensor(.float32, dims: [.fixed(1), .symbol("batch size"), .unknown]))
    #expect(
      model.body.values[model.body.inputs[1]].declared == .tensor(.float32, dims: nil))
  }

  @Test(arguments: [
    ("g (float[2] x) => (y) { y = Relu x }", 1, 34), ("g (float[2 x) => (y) { }", 1, 12),
    ("g (float[2] x) => (y) {\n  y = Relu (x)\n", 3, 1), ("g\n  float[2] x", 2, 3), ("", 1, 1),
    ("g (x) => (y) { y = Op <a = > (x) }", 1, 28),
  ])
  func `errors have a line and a column`(_ text: String, _ line: Int, _ column: Int) {
    let error = #expect(throws: FormatError.self) { try ONNXTextFormat.parse(text) }
    #expect(error?.place == .lineColumn(line, column))
  }
}
