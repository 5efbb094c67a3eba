import Testing

@testable import Graph

@Suite struct FunctionTests {
  @Test func `a call is replaced by what it stands for, attributes and all`() throws {
    let model = try ONNXTextFormat.parse(
      """
      <ir_version: 9, opset_import: ["" : 17, "local" : 1]>
      g (float[1,3,8,8] x, float[4,3,3,3] w) => (y) { y = local.Block <s = [2, 2]> (x, w) }
      <domain: "local", opset_import: ["" : 17]>
      Block <s> (a, b) => (c) {
        t = Conv <strides : ints = @s, pads = [1, 1, 1, 1]> (a, b)
        c = Relu(t)
      }
      """)
    let analysis = try Analysis(model)
    #expect(analysis.scope.steps.map(\.node.op) == ["Conv", "Relu"])
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [1, 4, 4, 4])
    #expect(analysis.totals.work.macs == 4 * 4 * 4 * 27)
  }

  @Test func `functions that call one another in a circle are an error`() throws {
    var model = Model()
    model.functions = [function("A", calling: ["B"]), function("B", calling: ["A"])]
    model.body = function("main", calling: ["A"]).body
    #expect(throws: ModelError.self) { try Analysis(model) }
  }

  @Test(arguments: [0, 1]) func `functions that double at each level are an error, not a hang`(
    _ leafNodes: Int
  ) throws {
    var model = Model()
    let leaf = function("F0", calling: [OperatorName](repeating: "Relu", count: leafNodes))
    model.functions = [leaf]
    for level in 1...40 {
      let callee = OperatorName("F\(level - 1)", domain: "local")
      model.functions.append(function("F\(level)", calling: [callee, callee]))
    }
    model.body = function("main", calling: [OperatorName("F40", domain: "local")]).body
    #expect(throws: ModelError.self) { try model.inliningFunctions(limit: 1000) }
  }

  /// A chain of calls from one input to one output.
  private func function(_ name: String, calling callees: [OperatorName]) -> Function {
    var function = Function(name: OperatorName(name, domain: "local"))
    var value = function.body.add(Value("x", declared: .tensor(.float32, dims: [.fixed(1)])))
    function.body.inputs = [value]
    for (index, callee) in callees.enumerated() {
      let callee = callee == "Relu" ? callee : OperatorName(callee.name, domain: "local")
      let result = function.body.add(Value("v\(index)"))
      function.body.nodes.append(Node(callee, opset: 17, inputs: [value], outputs: [result]))
      value = result
    }
    function.body.outputs = [value]
    return function
  }
}
