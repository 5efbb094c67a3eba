/// `QLinearReduceMean` and `ReduceSumInteger`: quantised tensors summed along axes.
///
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearReduceMean
package struct QuantizedReduction: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft::QLinearReduceMean", "com.microsoft::ReduceSumInteger",
  ]

  package let axes: [Int]
  package let keepsAxes: Bool
  private let isMean: Bool

  package init(_ node: Node) throws(OperatorError) {
    axes = try node.ints("axes") ?? []
    keepsAxes = try node.flag("keepdims", default: true)
    isMean = node.op.name == "QLinearReduceMean"
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let reduced = axes.isEmpty ? Array(input.dims.indices) : try input.shape.axes(axes)
    var dims: [Int] = []
    for (axis, extent) in input.dims.enumerated() {
      if !reduced.contains(axis) { dims.append(extent) } else if keepsAxes { dims.append(1) }
    }
    let sum: ElementType = input.type == .uint8 ? .uint32 : .int32
    return [try .tensor(isMean ? input.type : sum, dims)]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let sums = Work(elementwise: try x.required(0).shape.count)
    return isMean ? sums + Work(elementwise: 4).times(try y.required(0).shape.count) : sums
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
