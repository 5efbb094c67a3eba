/// `SequenceMap`: a body run for each element of a sequence.
///
/// https://onnx.ai/onnx/operators/onnx__SequenceMap.html
package struct SequenceMapping: ControlOperator {
  package static let names: [OperatorName] = ["SequenceMap"]

  /// Longer sequences are not followed element by element.
  private static let maximumCount = TensorValue.maximumCount

  private let body: Body

  package init(_ node: Node) throws(OperatorError) { body = try node.graph("body") }

  package func run(_ x: Operands, _ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
  {
    let count = try x.sequence(0).count
    guard count <= Self.maximumCount else { throw .tooLarge([count]) }
    var branches: [Branch] = []
    var last: [Operand] = []
    var results = [[TensorInfo]](repeating: [], count: body.outputs.count)
    for position in 0..<count {
      var operands: [Operand] = []
      for index in 0..<x.count {
        switch try x.value(index) {
        case .sequence(let elements):
          guard position < elements.count else {
            throw .mismatch("sequences of \(count) and of \(elements.count)")
          }
          operands.append(Operand(elements[position]))
        case let whole: operands.append(Operand(whole))
        }
      }
      if operands == last, !branches.isEmpty {
        branches[branches.count - 1].executions += 1
      } else {
        let scope = try analyse(body, operands)
        branches.append(Branch(name: "body", scope: scope, executions: 1, isEstimated: false))
        last = operands
      }
      for (index, output) in branches[branches.count - 1].scope.outputs.enumerated() {
        guard let element = output?.tensor else {
          throw .mismatch("the shape of a result of the body cannot be told")
        }
        results[index].append(element)
      }
    }
    return (results.map { .sequence($0) }, branches)
  }
}
