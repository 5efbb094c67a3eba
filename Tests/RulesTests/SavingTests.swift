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

  @Test func `of two remedies that ask for other inputs the first holds`() throws {
    let subject = try subject()
    let requests = [2, 4].map { Remedy.binding(Binding.Request(batch: $0)) }
    #expect(subject.estimate(after: requests)?.analysis.binding.batch == 2)
  }
}
