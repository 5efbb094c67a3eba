import Testing

@testable import Graph

@Suite struct ONNXTextTests {
  private func read(_ text: String) throws(FormatError) -> Model { try ONNXTextFormat.parse(text) }

  private func attribute(_ text: String) throws -> Graph.Attribute.Payload? {
    try read("g (float[2] x) => (y) { y = Op <a\(text)> (x) }").body.nodes.first?
      .attribute(named: "a")
  }

  private func tensor(_ text: String) throws -> Literal? {
    try read("g () => (w) <\(text)> {}").body.value("w")?.initializer
  }

  @Test func `a whole model is read`() throws {
    let model = try read(
      """
      # A comment.
      < ir_version: 8, opset_import: ["" : 17, "local" : 1],
        producer_name: "maker", producer_version: "2", domain: "d", model_version: 3,
        metadata_props: ["author": "nobody"] >
      main (float[N,"a b",?,3] x, float loose = {4}) => (float[N] y)
        <int64[2] shape = {1, -2}, float[4] w, float[N] h> {
        [first] h, mask = Dropout <ratio = 0.5> (x, "", shape)
        y = local.Half:twice (h, w) <scale: float = 2>  # Attributes may come last.
      }
      <domain: "local", overload: "twice", opset_import: ["" : 15]>
      Half <scale, offset: int = 7> (a, float[2] b) => (c) {
        c = Scale <by: float = @scale> (a)
      }
      """)
    #expect(model.format == "onnx-text")
    #expect(model.irVersion == 8)
    #expect(model.producer == "maker 2")
    #expect(
      model.opsets == [
        OpsetImport(domain: "", version: 17), OpsetImport(domain: "local", version: 1),
      ])
    #expect(model.metadata == [Metadata(key: "author", value: "nobody")])
    #expect(model.notes.isEmpty)
    #expect(model.body.lines == ["h, mask = Dropout(x, , shape)", "y = local::Half(h, w)"])
    #expect(model.body.nodes.map(\.line) == [7, 8])
    #expect(model.body.nodes.map(\.opset) == [17, 1])
    #expect(model.body.nodes.map(\.name) == ["first", ""])
    #expect(model.body.nodes.map(\.overload) == ["", "twice"])
    #expect(
      model.body.value("x")?.declared
        == .tensor(.float32, dims: [.symbol("N"), .symbol("a b"), .unknown, .fixed(3)]))
    #expect(model.body.value("h")?.declared == .tensor(.float32, dims: [.symbol("N")]))
    #expect(model.body.value("shape")?.initializer?.info.value == .integers([1, -2]))
    #expect(model.body.value("loose")?.initializer?.info.value == .reals([4]))
    #expect(model.body.inputNames == ["x", "loose"])
    let function = try #require(model.functions.first)
    #expect(function.name == OperatorName("Half", domain: "local"))
    #expect(function.overload == "twice")
    #expect(function.attributeNames == ["scale"])
    #expect(function.defaults.map(\.name) == ["offset"])
    #expect(function.body.lines == ["c = Scale(a)"])
    #expect(function.body.value("b")?.declared == .tensor(.float32, dims: [.fixed(2)]))
  }

  @Test func `without a header the newest operators are meant`() throws {
    let model = try read("g (float[2] x) => (y) { y = Relu(x) }")
    #expect(model.opsets == [OpsetImport(domain: "", version: 26)])
    #expect(model.body.nodes.first?.opset == 26)
    #expect(model.notes.isEmpty)
  }

  @Test func `a declared value that is read and not computed is a weight`() throws {
    let body = try read(
      """
      g (float[2] x) => (y) <float[2] w, float[2] h, float[2] unread, float[N] symbolic> {
        h = Add(x, w)
        y = Add(h, symbolic)
      }
      """
    ).body
    let weights = body.values.filter { $0.initializer != nil }
    #expect(weights.map(\.name) == ["w"])
    #expect(weights.first?.initializer?.isExternal == true)
    #expect(body.value("unread") == nil)
  }

  @Test func `what a subgraph declares but does not compute comes from outside`() throws {
    let body = try read(
      """
      g (bool c, float[2] x) => (y) {
        h = Relu(x)
        y = If (c) <
          then_branch = t () => (float[2] z) <float[2] h> { z = Neg(h) },
          else_branch: graph = "e 2" () => (z) { z = Abs(x) }
        >
      }
      """
    ).body
    let branch = try #require(body.nodes.last?.graph(named: "then_branch"))
    #expect(branch.value("h")?.initializer == nil)
    #expect(branch.captures.map { body.values[$0.outer].name } == ["h"])
    #expect(body.nodes.last?.graph(named: "else_branch")?.name == "e 2")
  }

  @Test func `types of every kind are read`() throws {
    let body = try read(
      """
      g (seq(float[2]) a, optional(seq(int64)) b, map(string, float[]) c,
        sparse_tensor(double[3]) d, opaque(ai.onnx, thing) e, float8e4m3fn[1] f, g_name) => () {}
      """
    ).body
    let expected: [DeclaredType?] = [
      .sequence(.tensor(.float32, dims: [.fixed(2)])),
      .optional(.sequence(.tensor(.int64, dims: []))),
      .map(key: .string, value: .tensor(.float32, dims: nil)),
      .tensor(.float64, dims: [.fixed(3)]), nil, .tensor(.float8e4m3fn, dims: [.fixed(1)]), nil,
    ]
    #expect(body.inputs.map { body.values[$0].declared } == expected)
  }

  @Test func `numbers and texts are told apart`() throws {
    func text(_ value: String) throws -> String { "\(try #require(try attribute(value)))" }
    #expect(try text(" = 3") == "int(3)")
    #expect(try text(" = -3") == "int(-3)")
    #expect(try text(": float = 3") == "float(3.0)")
    #expect(try text(" = 1.5") == "float(1.5)")
    #expect(try text(" = 1e-2") == "float(\(Double(Float(0.01))))")
    #expect(try text(" = 2.5E+3") == "float(2500.0)")
    #expect(try text(" = -inf") == "float(-inf)")
    #expect(try text(" = NaN") == "float(nan)")
    #expect(try text(#" = "a \"b\" \\ \n""#) == "string(\"a \\\"b\\\" \\\\ \\n\")")
    #expect(try text(" = [1, 2]") == "ints([1, 2])")
    #expect(try text(" = [1, 2.5]") == "floats([1.0, 2.5])")
    #expect(try text(": floats = [1, 2]") == "floats([1.0, 2.0])")
    #expect(try text(#" = ["a", "b"]"#) == #"strings(["a", "b"])"#)
    #expect(try text(" = []") == "ints([])")
    #expect(try text(": strings = []") == "strings([])")
    #expect(try text(" = @other") == #"reference("other")"#)
    #expect(try text(": ints = @other") == #"reference("other")"#)
  }

  @Test func `tensors, types and graphs are told apart`() throws {
    if case .tensor(let literal) = try attribute(" = float[2] {1, 2}") {
      #expect(literal.info.value == .reals([1, 2]))
    } else {
      Issue.record("a tensor")
    }
    if case .tensor(let literal) = try attribute(": tensor = int64 name = {7}") {
      #expect(literal.name == "name")
      #expect(literal.info.value == .integers([7]))
    } else {
      Issue.record("a tensor with a name")
    }
    if case .tensor(let literal) = try attribute(
      #": tensor = float[9] ["location": "w.bin", "offset": "0"]"#)
    {
      #expect(literal.isExternal)
    } else {
      Issue.record("a tensor elsewhere")
    }
    if case .type(.sequence(.tensor(.float32, dims: [.fixed(2)]))) = try attribute(
      ": type_proto = seq(float[2])")
    {
    } else {
      Issue.record("a type")
    }
    if case .type(.tensor(.float32, dims: [])) = try attribute(" = float") {
    } else {
      Issue.record("a type alone")
    }
    if case .graphs(let bodies) = try attribute(" = [p () => () {}, q () => () {}]") {
      #expect(bodies.map(\.name) == ["p", "q"])
    } else {
      Issue.record("graphs")
    }
    if case .tensors(let literals) = try attribute(": tensors = [float {1}, int64[1] {2}]") {
      #expect(literals.map(\.info.type) == [.float32, .int64])
    } else {
      Issue.record("tensors")
    }
  }

  @Test func `elements are read as ONNX's parser reads them`() throws {
    #expect(try tensor("uint8[2] w = {255, 0}")?.info.value == .integers([255, 0]))
    #expect(try tensor("bool[2] w = {1, 0}")?.info.value == .integers([1, 0]))
    #expect(try tensor("uint64 w = {18446744073709551615}")?.info.value == .integers([.max]))
    // The bits of a number of sixteen bits, or, where that is easier to write, the number.
    #expect(try tensor("float16[1] w = {15872}")?.info.value == .reals([1.5]))
    #expect(try tensor("float16[1] w = {1.5}")?.info.value == .reals([1.5]))
    #expect(try tensor("bfloat16[1] w = {16320}")?.info.value == .reals([1.5]))
    // Two of four bits in an entry, or one.
    #expect(try tensor("int4[3] w = {143, 7}")?.info.value == .integers([-1, -8, 7]))
    #expect(try tensor("int4[3] w = {-1, -8, 7}")?.info.value == .integers([-1, -8, 7]))
    #expect(try tensor("complex64[1] w = {1, 2}")?.info.type == .complex64)
    #expect(try tensor(#"string[2] w = {"a", "b"}"#)?.info.dims == [2])
    #expect(try tensor("float8e4m3fn[2] w = {1, 2}")?.isExternal == false)
    #expect(try tensor("int4[2] w = ...")?.isExternal == true)
  }

  @Test func `operands may be left out in three ways`() throws {
    let body = try read("g (float x) => (y) { y, , z = Op(x, \"\", , x,)  t = Op()  u = Op(,) }")
      .body
    #expect(body.lines == ["y, , z = Op(x, , , x)", "t = Op()", "u = Op()"])
    #expect(body.nodes.map(\.inputs.count) == [4, 0, 1])
  }

  @Test(arguments: ["convolution", "control"])
  func `text tells what protobuf tells`(name: String) throws {
    var text = try ModelFile.read(Fixtures.path("\(name).onnxtxt"))
    var protobuf = try ModelFile.read(Fixtures.path("\(name).onnx"))
    // What ONNX's printer leaves out.
    #expect(text.body.nodes.allSatisfy { $0.line != nil })
    for index in text.body.nodes.indices { text.body.nodes[index].line = nil }
    text.functions = []
    protobuf.functions = []
    if name == "convolution" { #expect(text.told == protobuf.told) }
    #expect(text.body.lines == protobuf.body.lines)
  }

  @Test func `the text of a model is recognised with or without its name`() throws {
    let text = "\n# Made by hand.\n<ir_version: 8, opset_import: [\"\" : 17]> g () => () {}"
    #expect(try ModelFile.read(Array(text.utf8).span).format == "onnx-text")
    let bare = Array("g () => () {}".utf8)
    #expect(try ModelFile.read(bare.span, path: "dir.onnx/a.ONNXTXT").format == "onnx-text")
    #expect(throws: FormatError.self) { try ModelFile.read(bare.span) }
  }

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
}
