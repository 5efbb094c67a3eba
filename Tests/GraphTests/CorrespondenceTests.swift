import Testing

@testable import Graph

@Suite struct CorrespondenceTests {
  private func analysis(_ nodes: String) throws -> Analysis {
    try Analysis(try ONNXTextFormat.parse("g (float[2,8] x) => (y) { \(nodes) }"))
  }

  private func correspondence(_ before: String, _ after: String) throws -> Correspondence {
    Correspondence(from: try analysis(before), to: try analysis(after))
  }

  @Test func `a model is like itself, node for node`() throws {
    let nodes = "[a] t = Relu(x)  [b] u = Relu(t)  [c] y = Sigmoid(u)"
    let found = try correspondence(nodes, nodes)
    #expect(found.bases == [0, 1, 2])
    #expect(found.heads == [0, 1, 2])
    #expect(found.isUnchanged == [true, true, true])
  }

  @Test func `of equal nodes, the one with a new name is the new one`() throws {
    let found = try correspondence(
      "[a] t = Relu(x)  [b] y = Relu(t)", "[a] t = Relu(x)  [new] u = Relu(t)  [b] y = Relu(u)")
    #expect(found.bases == [0, nil, 1])
  }

  @Test func `nodes that are numbered anew are known by their form`() throws {
    let found = try correspondence(
      "[n_0] t = Sigmoid(x)  [n_1] y = Tanh(t)",
      "[n_0] s = Relu(x)  [n_1] t = Sigmoid(s)  [n_2] y = Tanh(t)")
    #expect(found.bases == [nil, 0, 1])
    #expect(found.isUnchanged == [false, true, true])
  }

  @Test func `a node with another attribute is the same node, changed`() throws {
    let found = try correspondence(
      "[a] y = LeakyRelu<alpha=0.1>(x)", "[a] y = LeakyRelu<alpha=0.2>(x)")
    #expect(found.bases == [0])
    #expect(found.isUnchanged == [false])
  }

  @Test func `a node that goes leaves nobody behind`() throws {
    let found = try correspondence("[a] t = Relu(x)  [b] y = Sigmoid(t)", "[b] y = Sigmoid(x)")
    #expect(found.bases == [1])
    #expect(found.heads == [nil, 0])
  }
}
