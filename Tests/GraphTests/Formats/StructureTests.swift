import Testing

@testable import Graph

/// What readers make of names: captures, order, circles.
@Suite struct StructureTests {
  @Test func `a subgraph's names are found two graphs further out`() throws {
    let model = try ModelFile.read(Fixtures.path("control.onnx"))
    let loop = try body("body", of: model.body.nodes[0])
    let branch = try body("then_branch", of: loop.nodes[1])
    // The branch reads the loop's result and, through the loop, the model's input.
    let outer = branch.captures.map { loop.values[$0.outer].name }
    #expect(outer.sorted() == ["seen", "x"])
    #expect(branch.captures.map { branch.values[$0.inner].name } == outer)
    let captured = loop.captures.map { model.body.values[$0.outer].name }
    #expect(Set(captured) == ["x", "flag"])
    #expect(try Analysis(model).totals.coverage.uncounted.map(\.reason) == [])
  }

  @Test func `nodes are sorted where they have to be, and else left alone`() throws {
    let sorted = try parse("a = Abs (x) b = Relu (a) y = Add (a, b)")
    #expect(sorted.body.nodes.map(\.op) == ["Abs", "Relu", "Add"] && sorted.notes.isEmpty)
    let shuffled = try parse("y = Add (a, b) b = Relu (a) a = Abs (x)")
    #expect(shuffled.body.nodes.map(\.op) == ["Abs", "Relu", "Add"] && shuffled.notes.count == 1)
  }

  @Test func `a subgraph's reading counts for the order`() throws {
    let model = try parse("y = If <then_branch = t () => (r) { r = Abs (a) }> (x) a = Relu (x)")
    #expect(model.body.nodes.map(\.op) == ["Relu", "If"])
  }

  @Test func `a long chain that stands backwards is sorted without recursion`() throws {
    let nodes = (0..<20_000).reversed().map { "v\($0 + 1) = Relu (v\($0))" }
    let model = try ONNXTextFormat.parse(
      "g (float[2] v0) => (v20000) { \(nodes.joined(separator: " ")) }")
    #expect(model.body.nodes.first?.inputs == [model.body.inputs[0]])
  }

  @Test func `a name that nothing defines is noted`() throws {
    let model = try parse("y = Add (x, ghost)")
    #expect(model.notes == ["read, but neither computed nor given: 'ghost'"])
  }

  private func parse(_ nodes: String) throws -> Model {
    try ONNXTextFormat.parse("g (float[2] x) => (y) { \(nodes) }")
  }

  private func body(_ name: String, of node: Node) throws -> Body {
    let attribute = node.attributes.first { $0.name == name }
    guard case .graph(let body) = try #require(attribute).value else {
      throw FormatError("no graph")
    }
    return body
  }
}
