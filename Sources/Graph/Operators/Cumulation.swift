/// `CumSum` and `CumProd`: running sums and products along an axis.
///
/// https://onnx.ai/onnx/operators/onnx__CumSum.html
package struct Cumulation: Operator {
  package static let names: [OperatorName] = ["CumProd", "CumSum"]

  package let isProduct: Bool
  /// Whether each result leaves out the element in its own place.
  package let isExclusive: Bool
  /// Whether it runs from the end of the axis to its start.
  package let isReversed: Bool

  package init(_ node: Node) throws(OperatorError) {
    isProduct = node.op.name == "CumProd"
    isExclusive = try node.flag("exclusive")
    isReversed = try node.flag("reverse")
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    return [.tensor(input.type, input.shape, value: try value(input, x))]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: try x.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  private func value(_ input: TensorInfo, _ x: Operands) throws(OperatorError) -> TensorValue? {
    guard input.shape.isFollowed, let elements = input.elements,
      let axis = x[1]?.elements?.integers?.first,
      let start = TensorValue(isProduct ? 1 : 0, as: input.type)
    else { return nil }
    let axes = [try input.shape.axis(axis)]
    guard let groups = input.shape.groups(along: axes) else { return nil }
    // The results in the order of the groups, and where in the tensor each belongs.
    var results = elements.picking([])
    var places = [Int](repeating: 0, count: elements.count)
    var made = 0
    for group in groups {
      var total = start
      for offset in isReversed ? group.reversed() : group {
        let next = total.combined(
          with: elements.picking([offset]), isProduct ? .product : .sum, as: input.type)
        guard let next, let all = results.joined(with: isExclusive ? total : next) else {
          return nil
        }
        (results, total) = (all, next)
        places[offset] = made
        made += 1
      }
    }
    return results.picking(places)
  }
}
