import Testing

@testable import Graph

@Suite struct ONNXFormatTests {
  private func model(_ name: String) throws -> Model { try ModelFile.read(Fixtures.path(name)) }

  @Test func `a graph's values are inputs, weights, then results`() throws {
    let model = try model("convolution.onnx")
    #expect(model.format == "onnx")
    #expect(model.irVersion == 11)
    #expect(model.opsets == [OpsetImport(domain: "", version: 21)])
    #expect(model.producer == "make 1")
    #expect(model.metadata == [Metadata(key: "author", value: "nobody")])
    #expect(model.notes.isEmpty)
    #expect(model.body.name == "image network")
    #expect(
      model.body.values.map(\.name) == [
        "image", "kernel", "bias", "target", "layer/weight 1", "limit", "c", "r", "flat", "clipped",
        "scores",
      ])
    #expect(
      model.body.lines == [
        "c = Conv(image, kernel, bias)", "r = Relu(c)", "flat = Reshape(r, target)",
        "clipped = Clip(flat, , limit)", "scores = MatMul(clipped, layer/weight 1)",
      ])
    #expect(model.body.nodes.map(\.name) == ["stem", "", "", "", ""])
    #expect(model.body.nodes.allSatisfy { $0.opset == 21 })
    #expect(model.body.inputNames == ["image"])
    #expect(model.body.outputNames == ["scores"])
  }

  @Test func `declared shapes keep their symbols`() throws {
    let body = try model("convolution.onnx").body
    #expect(
      body.value("image")?.declared
        == .tensor(.float32, dims: [.symbol("batch"), .fixed(3), .fixed(8), .fixed(8)]))
    #expect(
      body.value("c")?.declared
        == .tensor(.float32, dims: [.symbol("batch"), .fixed(2), .fixed(4), .fixed(4)]))
    #expect(body.value("r")?.declared == nil)
  }

  @Test func `few elements are kept, weights are not`() throws {
    let body = try model("convolution.onnx").body
    #expect(body.value("target")?.initializer?.info.value == .integers([0, -1]))
    #expect(body.value("bias")?.initializer?.info.value == .reals([0.5, -1.5]))
    #expect(body.value("limit")?.initializer?.info.value == .reals([6]))
    let weight = try #require(body.value("layer/weight 1")?.initializer)
    #expect(weight.info == (try TensorInfo(.float32, [32, 10])))
    #expect(weight.isExternal == false)
  }

  @Test func `an output may be nothing but a value from outside`() throws {
    let inner = Message().message(12, Message().text(1, "x"))
    let node = Message().text(2, "y").text(4, "If")
      .message(5, Message().text(1, "then").message(6, inner))
    let body = try Message().message(1, node).message(11, Message().text(1, "x")).model.read().body
    let then = try #require(body.nodes.first?.graph(named: "then"))
    #expect(then.captures.map { body.values[$0.outer].name } == ["x"])
    #expect(then.outputs == then.captures.map(\.inner))
  }

  @Test func `a function has defaults, references and imports of its own`() throws {
    let model = try model("control.onnx")
    let function = try #require(model.functions.first)
    #expect(function.name == OperatorName("Scaled", domain: "local"))
    #expect(function.attributeNames == ["alpha"])
    #expect(function.defaults.map(\.name) == ["beta"])
    #expect(function.opsets == [OpsetImport(domain: "", version: 21)])
    #expect(function.body.lines == ["t = LeakyRelu(a)", "b = Elu(t)"])
    #expect(function.body.nodes.map(\.opset) == [21, 21])
    #expect(function.body.inputNames == ["a"])
    guard case .reference("alpha") = function.body.nodes.first?.attribute(named: "alpha") else {
      Issue.record("alpha is not the call's")
      return
    }
  }

  @Test func `functions are told apart by their overload, and may import other versions`() throws {
    let node = Message().text(1, "a").text(2, "b").text(4, "Relu")
    let function = Message().text(1, "F").text(4, "a").text(5, "b").message(7, node)
      .message(9, Message().varint(2, 14)).text(10, "local").text(13, "two")
    let call = Message().text(1, "x").text(2, "y").text(4, "F").text(7, "local").text(8, "two")
    let model = try Message(
      bytes: Message().message(1, call).message(11, Message().text(1, "x")).model.bytes
        + Message().message(25, function).bytes
    ).read()
    #expect(model.functions.map(\.overload) == ["two"])
    #expect(model.functions.first?.body.nodes.map(\.opset) == [14])
    #expect(model.body.nodes.map(\.overload) == ["two"])
    #expect(model.body.nodes.map(\.opset) == [0], "its domain is not imported")
  }

  @Test func `every kind of attribute is read`() throws {
    let node = try #require(try model("attributes.onnx").body.nodes.first)
    let text = node.attributes.map { attribute in
      let value =
        switch attribute.value {
        case .int(let value): "\(value)"
        case .float(let value): "\(Float(value))"
        case .string(let value): value
        case .tensor(let value): "\(value.info.value?.reals ?? [])"
        case .sparse(let value): "sparse \(value.info.dims)"
        case .graph(let value): value.name
        case .ints(let values): "\(values)"
        case .floats(let values): "\(values.map { Float($0) })"
        case .strings(let values): "\(values)"
        case .tensors(let values): "\(values.map(\.info.dims))"
        case .graphs(let values): "\(values.map(\.name))"
        case .type: "a type"
        case .types(let values): "\(values.count) types"
        case .reference(let name): "@\(name)"
        }
      return "\(attribute.name): \(value)"
    }
    #expect(
      text.sorted() == [
        "b: <3 bytes>", "empty: ", "f: nan", "floats: [inf, -inf, 0.1]", "g: small",
        "graphs: [\"small\", \"small\"]", "i: -9223372036854775808",
        "ints: [9223372036854775807, -1]", "none: []", "s: ünïcode 😀", "sparse: sparse [5]",
        "sparses: [[5], [5]]", "strings: [\"a\", \"<1 bytes>\"]", "t: [1.0]",
        "tensors: [[1], [1]]", "tp: a type", "type_protos: 4 types", "zero: 0",
      ])
    #expect(node.op == OperatorName("Everything", domain: "local"))
    #expect(
      node.metadata == [
        Metadata(key: "pkg.torch.onnx.name_scopes", value: "['', 'layer']")
      ])
  }

  @Test func `every kind of type is read`() throws {
    let float2 = Message().message(
      1, Message().varint(1, 1).message(2, Message().message(1, Message().varint(1, 2))))
    let types: [(Message, DeclaredType?)] = [
      (float2, .tensor(.float32, dims: [.fixed(2)])),
      (Message().message(1, Message().varint(1, 7)), .tensor(.int64, dims: nil)),
      (
        Message().message(4, Message().message(1, float2)),
        .sequence(.tensor(.float32, dims: [.fixed(2)]))
      ),
      (
        Message().message(9, Message().message(1, float2)),
        .optional(.tensor(.float32, dims: [.fixed(2)]))
      ),
      (
        Message().message(5, Message().varint(1, 8).message(2, float2)),
        .map(key: .string, value: .tensor(.float32, dims: [.fixed(2)]))
      ),
      (
        Message().message(8, Message().varint(1, 1).message(2, Message())),
        .tensor(.float32, dims: [])
      ),
      (Message().message(7, Message().text(2, "opaque")), nil),
      (Message().message(1, Message().varint(1, 0)), nil),
      (
        Message().message(
          1,
          Message().varint(1, 1).message(
            2,
            Message().message(1, Message().varint(1, -1)).message(1, Message())
              .message(1, Message().text(2, "N")))),
        .tensor(.float32, dims: [.unknown, .unknown, .symbol("N")])
      ),
    ]
    for (type, expected) in types {
      let input = Message().text(1, "x").message(2, type)
      let body = try Message().message(11, input).model.read().body
      #expect(body.value("x")?.declared == expected)
    }
  }

  @Test func `ai.onnx is the default domain, and the highest of two imports holds`() throws {
    let node = Message().text(1, "x").text(2, "y").text(4, "Relu").text(7, "ai.onnx")
    let model = try Message().varint(1, 8).message(7, Message().message(1, node))
      .message(8, Message().text(1, "ai.onnx").varint(2, 13)).message(8, Message().varint(2, 12))
      .read()
    #expect(model.opsets == [OpsetImport(domain: "", version: 13)])
    #expect(model.body.nodes.first?.op == "Relu")
    #expect(model.body.nodes.first?.opset == 13)
  }

  @Test func `files from before operators had versions are read as of opset 1`() throws {
    let graph = Message().message(1, Message().text(2, "y").text(4, "Old"))
    let model = try Message().varint(1, 2).message(7, graph).read()
    #expect(model.opsets == [OpsetImport(domain: "", version: 1)])
    #expect(
      model.notes == ["no opset_import, as of old: operators are read as of opset 1"])
    #expect(throws: FormatError.self) { try Message().varint(1, 3).message(7, graph).read() }
    #expect(throws: FormatError.self) { try Message().message(7, graph).read() }
  }

  @Test func `default operators without an import are read as of the newest opset`() throws {
    let graph = Message().message(1, Message().text(2, "y").text(4, "Relu"))
    let model = try Message().varint(1, 8).message(7, graph)
      .message(8, Message().text(1, "com.microsoft").varint(2, 1)).read()
    #expect(model.body.nodes.first?.opset == 26)
    #expect(
      model.notes == [
        "no version of the default operators is imported: they are read as of opset 26"
      ])
  }

  @Test func `unknown fields are stepped over`() throws {
    let node = Message().text(1, "x").text(2, "y").text(4, "Relu").varint(900, 1).fixed64(901, 2)
    let graph = Message().message(1, node).fixed32(902, 3).text(903, "later")
    #expect(try graph.model.read().body.lines == ["y = Relu(x)"])
  }

  @Test func `old attributes without a kind are told by what is set`() throws {
    func value(_ attribute: Message) throws -> Graph.Attribute.Payload? {
      let node = Message().text(2, "y").text(4, "Op").message(5, attribute.text(1, "a"))
      return try Message().message(1, node).model.read().body.nodes.first?.attribute(named: "a")
    }
    if case .int(4) = try value(Message().varint(3, 4)) {} else { Issue.record("int") }
    if case .float(1) = try value(Message().fixed32(2, Float(1).bitPattern)) {
    } else {
      Issue.record("float")
    }
    if case .string("s") = try value(Message().text(4, "s")) {} else { Issue.record("string") }
    if case .ints([1, 2]) = try value(Message().varint(8, 1).varint(8, 2)) {
    } else {
      Issue.record("ints")
    }
    // A zero need not be written where the kind is.
    if case .int(0) = try value(Message().varint(20, 2)) {} else { Issue.record("zero") }
  }
}
