import Cost
import Graph
import Testing

@testable import Rules

@Suite struct SavingTests {
  private func subject() throws -> Subject {
    let model = try ONNXTextFormat.parse(
      "g (float[1,64,56,56] x) => (y) { a = Sigmoid(x)  b = Tanh(a)  y = Softmax(b) }")
    let device = try #require(try Device.named("t4"))
    return Subject(Estimate(try Analysis(model), on: device, under: Scenario(runtime: .eager)))
  }

  @Test func `leaving a node out saves what it cost`() throws {
    let subject = try subject()
    var rewrite = Rewrite()
    let node = subject.steps[1].node
    rewrite.bypass(1, node, reading: try #require(node.inputs[0]))
    #expect(subject.saving([.rewrite(rewrite)]).value > 0)
  }

  @Test func `what is not understood any more is not taken for saved`() throws {
    let subject = try subject()
    var rewrite = Rewrite()
    var node = subject.steps[1].node
    node.op = "Mystery"
    rewrite.replaced[1] = [node]
    let after = subject.estimate(after: [.rewrite(rewrite)])
    #expect(after?.joules == nil)
    #expect(subject.saving([.rewrite(rewrite)]).value == 0)
  }

  @Test func `another batch saves what the same inferences take less`() throws {
    let subject = try subject()
    let request = Binding.Request(batch: 8)
    let after = try #require(subject.estimate(after: [.binding(request)]))
    let saving = subject.saving([.binding(request)])
    #expect(after.analysis.binding.batch == 8)
    #expect(abs(saving.value - (subject.estimate.joules.value - after.joules.value / 8)) < 1e-12)
  }

  @Test func `what makes the others lose takes no part in the joint saving`() throws {
    let subject = try subject()
    func remedy(_ id: Node.ID, _ nodes: (Node, inout Rewrite) -> [Node]) -> Remedy {
      var rewrite = Rewrite()
      rewrite.replaced[id] = nodes(subject.steps[id].node, &rewrite)
      return .rewrite(rewrite)
    }
    // A view in the place of an activation, and two activations in the place of one.
    let good = remedy(0) { node, _ in
      [Node("Identity", opset: node.opset, inputs: node.inputs, outputs: node.outputs)]
    }
    let bad = remedy(1) { node, rewrite in
      let between = rewrite.add("between", to: subject.scope.body)
      return [
        Node("Tanh", opset: node.opset, inputs: node.inputs, outputs: [between]),
        Node("Tanh", opset: node.opset, inputs: [between], outputs: node.outputs),
      ]
    }
    let alone = subject.saving([good]).value
    try #require(alone > 0 && subject.saving([bad]).value < 0)
    #expect(Joint([[good], [bad]], subject).saving.value < alone)
    let joint = Joint([[good], [bad]], subject, atLeast: alone)
    #expect(joint.members == [.init(finding: 0, place: 0)])
    #expect(joint.saving.value == alone)
  }

  @Test func `of two remedies that ask for other inputs the first holds`() throws {
    let subject = try subject()
    let requests = [2, 4].map { Remedy.binding(Binding.Request(batch: $0)) }
    #expect(subject.estimate(after: requests)?.analysis.binding.batch == 2)
  }
}
