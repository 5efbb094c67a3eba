import Testing

@testable import Graph

@Suite struct RewriteTests {
  private func model(_ text: String) throws -> Model { try ONNXTextFormat.parse(text) }

  @Test func `bypassing a node joins its readers to its operand`() throws {
    let model = try model("g (float[4] x) => (y) { a = Relu(x)  b = Relu(a)  y = Sigmoid(b) }")
    var rewrite = Rewrite()
    rewrite.bypass(1, model.body.nodes[1], reading: try #require(model.body.nodes[1].inputs[0]))
    let after = try Analysis(model.applying(rewrite))
    #expect(after.scope.steps.map(\.node.op) == ["Relu", "Sigmoid"])
    #expect(after.totals.coverage.share == 1)
  }

  @Test func `what only the removed had read goes too, what was dead before stays`() throws {
    let model = try model(
      "g (float[4] x) => (y) { d = Sigmoid(x)  a = Relu(x)  b = Relu(a)  y = Relu(x) }")
    var rewrite = Rewrite()
    rewrite.substitutions[0] = 0
    rewrite.removed = [2]
    #expect(model.applying(rewrite).body.nodes.map(\.op) == ["Sigmoid", "Relu", "Relu"])
  }

  @Test func `what takes a node's place is there for nodes that nothing reads too`() throws {
    let model = try model("g (float[4] x) => (y) { a = Relu(x)  d = Sigmoid(a)  y = Relu(x) }")
    var rewrite = Rewrite()
    rewrite.replaced[0] = [
      Node("Tanh", opset: 17, inputs: [0], outputs: model.body.nodes[0].outputs)
    ]
    #expect(model.applying(rewrite).body.nodes.map(\.op) == ["Tanh", "Sigmoid", "Relu"])
    #expect(try Analysis(model.applying(rewrite)).totals.coverage.uncounted == [])
  }

  @Test func `a narrower network takes narrower weights`() throws {
    let model = try model(
      """
      g (float[1,8,4,4] a, float[1,8,4,4] b) => (y)
        <float[16] s, float[16] t, float[16] m, float[16] v, float[4,16,1,1] w> {
        c = Concat <axis = 1> (a, b)
        n = BatchNormalization(c, s, t, m, v)
        y = Conv(n, w)
      }
      """)
    var rewrite = Rewrite()
    var concat = model.body.nodes[0]
    concat.inputs = [concat.inputs[0]]
    rewrite.replaced[0] = [concat]
    let after = try Analysis(model.applying(rewrite), isFitting: true)
    #expect(after.totals.coverage.uncounted == [])
    #expect(after.totals.work.macs == 4 * 8 * 16)
  }

  @Test func `constants that broadcast as they are keep their extents and values`() throws {
    let model = try model(
      """
      g (float[1,8,16,16] x) => (y)
        <int64 zero = {0}, int64 one = {1}, int64 thirteen = {13}, int64[4,1] offsets = {0,1,2,3}> {
        a = Relu(x)
        s = Shape(a)
        rows = Gather(s, one)
        first = Sub(rows, rows)
        starts = Range(first, thirteen, one)
        indices = Add(starts, offsets)
        y = Gather <axis = 2> (a, indices)
      }
      """)
    var rewrite = Rewrite()
    rewrite.bypass(0, model.body.nodes[0], reading: try #require(model.body.nodes[0].inputs[0]))
    let after = try Analysis(model.applying(rewrite), isFitting: true)
    #expect(after.scope.outputs[0]?.tensor?.dims == [1, 8, 4, 13, 16])
  }

  @Test func `joined rewrites keep the values that each adds apart`() throws {
    let model = try model(
      "g (float[1,4] x) => (y, z) <float[4,4] w> { y = MatMul(x, w)  z = MatMul(x, w) }")
    func wider(_ id: Node.ID, _ width: Int) throws -> Rewrite {
      var rewrite = Rewrite()
      let info = try TensorInfo(.float32, [4, width])
      rewrite.added = [Value("w\(width)", initializer: Literal(info))]
      var node = model.body.nodes[id]
      node.inputs[1] = model.body.values.count
      rewrite.replaced[id] = [node]
      return rewrite
    }
    var both = try wider(0, 8)
    both.join(try wider(1, 16), valueCount: model.body.values.count)
    let after = try Analysis(model.applying(both))
    #expect(after.scope.outputs.map { $0?.tensor?.dims } == [[1, 8], [1, 16]])
  }
}
