/// `If`: one of two bodies, as a condition decides when the model runs.
///
/// A condition known beforehand leaves one body. Otherwise both are analysed, the costlier one counts, and a
/// result that they disagree about is the larger one, as a bound. https://onnx.ai/onnx/operators/onnx__If.html
package struct Branching: ControlOperator {
  package static let names: [OperatorName] = ["If"]

  private let bodies: [(name: String, body: Body)]

  package init(_ node: Node) throws(OperatorError) {
    bodies = [
      ("then_branch", try node.graph("then_branch")),
      ("else_branch", try node.graph("else_branch")),
    ]
  }

  package func run(_ x: Operands, _ analyse: (Body, [Operand]) throws(OperatorError) -> Scope)
    throws(OperatorError) -> (outputs: [ValueInfo?], branches: [Branch])
  {
    let condition = try x.required(0)
    if let isTaken = condition.value?.integers?.first, !condition.isEstimated {
      let (name, body) = bodies[isTaken != 0 ? 0 : 1]
      let scope = try analyse(body, [])
      return (
        scope.outputs, [Branch(name: name, scope: scope, executions: 1, isEstimated: false)]
      )
    }
    let scopes = [try analyse(bodies[0].body, []), try analyse(bodies[1].body, [])]
    let costlier = scopes[0].work.isLess(than: scopes[1].work) ? 1 : 0
    let branches = scopes.indices.map { index in
      Branch(
        name: bodies[index].name, scope: scopes[index], executions: index == costlier ? 1 : 0,
        isEstimated: true)
    }
    let results = (scopes[costlier].outputs, scopes[1 - costlier].outputs)
    return (zip(results.0, results.1).map { merged($0, $1) }, branches)
  }

  /// What holds of a result that either body may give.
  private func merged(_ costlier: ValueInfo?, _ other: ValueInfo?) -> ValueInfo? {
    guard let costlier, let other else { return nil }
    if costlier == other { return costlier }
    guard case .tensor(let a) = costlier, case .tensor(let b) = other, a.rank == b.rank else {
      return costlier.withoutValue.estimated
    }
    let larger = try? Shape(zip(a.dims, b.dims).map { max($0, $1) })
    var result = TensorInfo(a.type, larger ?? a.shape)
    result.isEstimated = a.isEstimated || b.isEstimated || a.shape != b.shape
    return .tensor(result)
  }
}

extension Work {
  /// Whether this is less work than `other`: fewer operations, or as many and fewer bytes.
  fileprivate func isLess(than other: Work) -> Bool {
    (flops, traffic) < (other.flops, other.traffic)
  }
}
