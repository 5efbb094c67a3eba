/// `Einsum`: a sum of products over labelled axes, `bij,bjk->bik`.
///
/// More than two operands are contracted in pairs, in the order that takes the fewest multiply-accumulates.
/// https://onnx.ai/onnx/operators/onnx__Einsum.html
package struct Einsum: Operator {
  package static let names: [OperatorName] = ["Einsum"]

  package let equation: EinsumEquation

  package init(_ node: Node) throws(OperatorError) {
    guard let text = try node.string("equation") else { throw .missingAttribute("equation") }
    equation = try EinsumEquation(text)
  }

  package var layer: LayerClass { .dense }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let labels = try equation.labelled(try shapes(x))
    return [try .tensor(try x.required(0).type, labels.result.map { labels.extents[$0] ?? 1 })]
  }

  private func shapes(_ x: Operands) throws(OperatorError) -> [Shape] {
    var shapes: [Shape] = []
    for index in 0..<x.count { shapes.append(try x.required(index).shape) }
    return shapes
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let type = try x.required(0).type
    return try path(x).filter { $0.isContraction }.map { $0.contraction(type) }
  }

  /// Products without a sum, and sums without a product, are elementwise.
  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    var work = Work()
    for step in try path(x) {
      work.elementwise = saturatingSum(work.elementwise, step.sums)
      if !step.isContraction {
        work.elementwise = saturatingSum(work.elementwise, step.products)
      }
    }
    return work
  }

  private func path(_ x: Operands) throws(OperatorError) -> [EinsumPath.Step] {
    EinsumPath(try equation.labelled(try shapes(x))).steps
  }
}
