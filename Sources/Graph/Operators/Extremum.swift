/// `ArgMax` and `ArgMin`: where along an axis the largest or smallest element lies.
///
/// https://onnx.ai/onnx/operators/onnx__ArgMax.html
package struct Extremum: Operator {
  package static let names: [OperatorName] = ["ArgMax", "ArgMin"]

  package let isMaximum: Bool
  package let axis: Int
  package let keepsAxis: Bool
  /// Whether the last of several equal elements is meant, not the first.
  package let prefersLast: Bool

  package init(_ node: Node) throws(OperatorError) {
    isMaximum = node.op.name == "ArgMax"
    axis = try node.int("axis", default: 0)
    keepsAxis = try node.flag("keepdims", default: true)
    prefersLast = try node.flag("select_last_index")
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    // A lone number has one axis here, as in NumPy.
    let axes = input.rank == 0 ? [] : [try input.shape.axis(axis)]
    let shape = try input.shape.reduced(axes, keepsAxes: keepsAxis)
    return [.tensor(.int64, shape, value: value(input, axes))]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    // One comparison for each element.
    Work(elementwise: try x.required(0).shape.count)
  }

  private func value(_ input: TensorInfo, _ axes: [Int]) -> TensorValue? {
    guard input.shape.isFollowed, let elements = input.elements,
      let groups = input.shape.groups(along: axes)
    else { return nil }
    var indices: [Int] = []
    for group in groups {
      let best =
        switch elements.picking(group) {
        case .integers(let numbers): best(of: numbers)
        case .reals(let numbers): numbers.contains { $0.isNaN } ? nil : best(of: numbers)
        }
      guard let best else { return nil }
      indices.append(best)
    }
    return .integers(indices)
  }

  private func best(of numbers: [some Comparable]) -> Int? {
    let value = isMaximum ? numbers.max() : numbers.min()
    guard let value else { return nil }
    return prefersLast ? numbers.lastIndex(of: value) : numbers.firstIndex(of: value)
  }
}
