import Testing

@testable import Graph

@Suite struct ONNXPatchTests {
  /// A file of nodes, each as `result = Operator(operands)`, with inputs, outputs and weights of four elements.
  private func file(
    _ nodes: [String], inputs: [String] = ["x"], outputs: [String], weights: [String] = [],
    irVersion: Int = 8
  ) -> [UInt8] {
    var graph = Message().text(2, "net")
    for node in nodes {
      let parts = node.split { " =(,)".contains($0) }.map(String.init)
      var message = Message()
      for input in parts.dropFirst(2) { message = message.text(1, input) }
      graph = graph.message(
        1, message.text(2, parts[0]).text(4, parts[1]).text(6, "a note that nobody reads"))
    }
    for (index, name) in weights.enumerated() {
      // Four numbers of single precision between 0.5 and 4.
      let raw: [UInt8] = (0..<4).flatMap { step -> [UInt8] in
        [0, 0, UInt8(32 * step), UInt8(63 + index)]
      }
      graph = graph.message(5, Message().varint(1, 4).varint(2, 1).text(8, name).data(9, raw))
    }
    for name in inputs { graph = graph.message(11, value(name)) }
    for name in outputs { graph = graph.message(12, value(name)) }
    return Message().varint(1, irVersion).message(7, graph).message(8, Message().varint(2, 17))
      .text(6, "kept too").bytes
  }

  private func value(_ name: String) -> Message {
    let shape = Message().message(1, Message().varint(1, 4))
    let type = Message().message(1, Message().varint(1, 1).message(2, shape))
    return Message().text(1, name).message(2, type)
  }

  private func patched(_ file: [UInt8], _ rewrites: [Rewrite]) throws -> (
    model: Model, bytes: [UInt8], refusals: [String?]
  ) {
    let patch = try ONNXPatch(FileBytes(file.span), applying: rewrites, binding: .init())
    let bytes = patch.pieces.bytes(of: file.span)
    return (try ModelFile.read(bytes.span), bytes, patch.refusals)
  }

  /// The rewrite that leaves out the nodes at `indices`, which pass their first operand on.
  private func bypassing(_ indices: Int..., in file: [UInt8]) throws -> Rewrite {
    let body = try ModelFile.read(file.span).body
    var rewrite = Rewrite()
    for index in indices {
      let node = body.nodes[index]
      rewrite.bypass(index, node, reading: try #require(node.inputs[0]))
    }
    return rewrite
  }

  @Test func `without rewrites every byte stays`() throws {
    let file = file(
      ["a = Relu(x)", "y = Add(a, w)"], outputs: ["y"], weights: ["w", "nobody's"])
    #expect(try patched(file, []).bytes == file)
    #expect(try patched(file, [Rewrite()]).bytes == file)
  }

  @Test func `readers of a node that is left out read its operand`() throws {
    let file = file(["a = Relu(x)", "b = Identity(a)", "y = Exp(b)"], outputs: ["y"])
    let body = try patched(file, [try bypassing(1, in: file)]).model.body
    #expect(body.lines == ["a = Relu(x)", "y = Exp(a)"])
  }

  @Test func `an output keeps its name when its node goes`() throws {
    let file = file(["a = Relu(x)", "y = Identity(a)"], outputs: ["y"])
    let body = try patched(file, [try bypassing(1, in: file)]).model.body
    #expect(body.lines == ["y = Relu(x)"])
    #expect(body.outputNames == ["y"])
  }

  @Test(arguments: [
    (["y = Identity(x)"], ["y"], ["y = Identity(x)"]),
    (["a = Relu(x)", "y = Identity(a)"], ["y", "a"], ["a = Relu(x)", "y = Identity(a)"]),
  ]) func `a value of two names is passed on`(
    nodes: [String], outputs: [String], expected: [String]
  ) throws {
    let file = file(nodes, outputs: outputs)
    let body = try patched(file, [try bypassing(nodes.count - 1, in: file)]).model.body
    #expect(body.lines == expected)
    #expect(body.outputNames == outputs)
  }

  @Test func `nodes and weights that nobody reads any more go, those that nobody read stay`() throws
  {
    let file = file(
      ["a = Add(x, w)", "b = Mul(a, v)", "y = Relu(x)"], outputs: ["y"],
      weights: ["w", "v", "unread"])
    var rewrite = Rewrite()
    rewrite.removed = [0, 1]
    let body = try patched(file, [rewrite]).model.body
    #expect(body.lines == ["y = Relu(x)"])
    #expect(body.values.filter { $0.initializer != nil }.map(\.name) == ["unread"])
  }

  @Test func `what is not touched keeps what the model does not hold`() throws {
    let file = file(["a = Relu(x)", "b = Identity(a)", "y = Exp(b)"], outputs: ["y"])
    let text = String(
      decoding: try patched(file, [try bypassing(1, in: file)]).bytes, as: UTF8.self)
    #expect(text.components(of: "a note that nobody reads") == 2)
    #expect(text.components(of: "kept too") == 1)
  }

  @Test(arguments: [3, 8]) func `a new constant is computed from the weights`(_ irVersion: Int)
    throws
  {
    let inputs = irVersion < 4 ? ["x", "w"] : ["x"]
    let file = file(
      ["y = Add(x, w)"], inputs: inputs, outputs: ["y"], weights: ["w"], irVersion: irVersion)
    let body = try ModelFile.read(file.span).body
    let weight = try #require(body.nodes[0].inputs[1])
    var rewrite = Rewrite()
    var node = body.nodes[0]
    node.inputs[1] = rewrite.addConstant(
      "w", try TensorInfo(.float32, [4]), .constant(weight) * .number(2), to: body)
    rewrite.replaced[0] = [node]
    let result = try patched(file, [rewrite]).model.body
    #expect(result.lines == ["y = Add(x, w.1)"])
    let made = try #require(result.values.first { $0.initializer != nil })
    #expect(made.name == "w.1")
    let before = try #require(body.values[weight].initializer?.info.value)
    #expect(made.initializer?.info.value == .reals(before.reals.map { 2 * $0 }))
    #expect(result.inputNames == (irVersion < 4 ? ["x", "w.1"] : ["x"]))
  }

  @Test func `weights that a caller may replace are not folded`() throws {
    let file = file(["y = Add(x, w)"], inputs: ["x", "w"], outputs: ["y"], weights: ["w"])
    let body = try ModelFile.read(file.span).body
    var rewrite = Rewrite()
    var node = body.nodes[0]
    node.inputs[1] = rewrite.addConstant(
      "w", try TensorInfo(.float32, [4]), .constant(try #require(node.inputs[1])), to: body)
    rewrite.replaced[0] = [node]
    let result = try patched(file, [rewrite])
    #expect(result.refusals[0]?.contains("input too") == true)
    #expect(result.bytes == file)
  }

  @Test func `of two rewrites that are at odds the first is applied`() throws {
    let file = file(["a = Relu(x)", "b = Relu(a)", "y = Exp(b)"], outputs: ["y"])
    let result = try patched(
      file, [try bypassing(1, in: file), try bypassing(1, 2, in: file)])
    #expect(result.model.body.lines == ["a = Relu(x)", "y = Exp(a)"])
    #expect(result.refusals[0] == nil)
    #expect(result.refusals[1]?.contains("at odds") == true)
  }

  @Test func `an operator that the file does not import is not written`() throws {
    let file = file(["y = Relu(x)"], outputs: ["y"])
    var node = try ModelFile.read(file.span).body.nodes[0]
    node.op = "com.microsoft::Gelu"
    var rewrite = Rewrite()
    rewrite.replaced[0] = [node]
    #expect(
      try patched(file, [rewrite]).refusals == ["the file does not import com.microsoft::Gelu"])
  }

  @Test func `a broken file is refused, wherever it is cut`() throws {
    let file = file(["a = Relu(x)", "y = Add(a, w)"], outputs: ["y"], weights: ["w"])
    var rewrite = Rewrite()
    rewrite.removed = [0]
    for length in 0..<file.count {
      let part = Array(file[..<length])
      _ = try? ONNXPatch(FileBytes(part.span), applying: [rewrite], binding: .init())
    }
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
