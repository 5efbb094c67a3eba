import Testing

@testable import Graph

@Suite struct GraphDraftTests {
  private func node(_ op: String, _ inputs: [String], _ outputs: [String]) -> Message {
    var node = Message()
    for input in inputs { node = node.text(1, input) }
    for output in outputs { node = node.text(2, output) }
    return node.text(4, op)
  }

  private func model(_ nodes: [Message], output: String = "y") throws(FormatError) -> Model {
    var graph = Message().text(2, "g").message(11, Message().text(1, "x"))
      .message(12, Message().text(1, output))
    for node in nodes { graph = graph.message(1, node) }
    return try graph.model.read()
  }

  @Test func `a node that stands too early waits for those it reads, others stay`() throws {
    let model = try model([
      node("C", ["b", "a"], ["y"]), node("A", ["x"], ["a"]), node("D", ["x"], ["d"]),
      node("B", ["d"], ["b"]),
    ])
    #expect(model.body.nodes.map(\.op.name) == ["D", "B", "A", "C"])
    #expect(
      model.notes == [
        "nodes that did not stand in the order in which they run were sorted, in graph: 'g'"
      ])
    #expect(model.body.lines.last == "y = C(b, a)")
  }

  @Test func `a node that reads its own result is a circle`() {
    #expect(throws: FormatError.self) { try model([node("Relu", ["y"], ["y"])]) }
  }

  @Test func `a name that nothing defines is noted, and known to nobody`() throws {
    let model = try model([node("Add", ["x", "lost"], ["y"])], output: "gone")
    #expect(model.notes == ["read, but neither computed nor given: 'lost', 'gone'"])
    #expect(model.body.value("lost")?.initializer == nil)
    #expect(model.body.value("lost")?.declared == nil)
  }

  @Test func `many names that nothing defines are noted in one sentence`() throws {
    let model = try model([node("Sum", (0..<9).map { "v\($0)" }, ["y"])])
    #expect(
      model.notes == [
        "read, but neither computed nor given: 'v0', 'v1', 'v2', 'v3', 'v4' and 4 more"
      ])
  }

  @Test func `a weight that is given twice counts once`() throws {
    let weight = Message().varint(1, 2).varint(2, 1).text(8, "w")
    let graph = Message().message(1, node("Add", ["x", "w"], ["y"])).message(5, weight)
      .message(5, weight).message(11, Message().text(1, "x"))
    let model = try graph.model.read()
    #expect(model.body.values.count { $0.name == "w" } == 1)
    #expect(model.notes == ["initializers given more than once, of which the first is kept: 'w'"])
  }

  @Test func `an inner name hides the outer one`() throws {
    let inner = Message().message(1, node("Neg", ["x"], ["a"])).message(
      1, node("Abs", ["a"], ["z"]))
    let control = node("If", ["a"], ["y"]).message(5, Message().text(1, "then").message(6, inner))
    let body = try model([node("Relu", ["x"], ["a"]), control]).body
    let then = try #require(body.nodes.last?.graph(named: "then"))
    #expect(then.captures.map { body.values[$0.outer].name } == ["x"])
  }

  @Test func `two inputs of one name are an error`() {
    let graph = Message().message(11, Message().text(1, "x")).message(11, Message().text(1, "x"))
    #expect(throws: FormatError("two inputs of graph '' are called 'x'")) {
      try graph.model.read()
    }
  }

  @Test func `the order of fields in the file does not matter`() throws {
    let nodes = Message().message(1, node("Add", ["x", "w"], ["y"]))
    let weight = Message().message(5, Message().varint(1, 2).varint(2, 1).text(8, "w"))
    let ends = Message().message(12, Message().text(1, "y")).message(11, Message().text(1, "x"))
    let parts = [nodes.bytes, weight.bytes, ends.bytes]
    let names = [[0, 1, 2], [2, 1, 0], [1, 2, 0]].map { order in
      try? Message(bytes: order.flatMap { parts[$0] }).model.read().body.values.map(\.name)
    }
    #expect(names == [["x", "w", "y"], ["x", "w", "y"], ["x", "w", "y"]])
  }

  @Test func `names are found by their bytes, however many`() throws {
    var table = NameTable()
    let names = (0..<5000).map { "name/\($0 % 2500)" }
    let numbers = names.map { table.number($0.utf8Span.span) }
    #expect(numbers == (0..<5000).map { $0 % 2500 })
    #expect(table.names == Array(names.prefix(2500)))
  }
}
