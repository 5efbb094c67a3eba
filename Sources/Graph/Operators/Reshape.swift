/// `Reshape`: the same elements under other extents.
///
/// The target is an operand from opset 5 on; in it, -1 stands for what is left over and 0 for the extent of
/// the input in that place. https://onnx.ai/onnx/operators/onnx__Reshape.html
package struct Reshape: Operator {
  package static let names: [OperatorName] = ["Reshape"]

  /// Whether a 0 in the target is an extent of 0.
  package let allowsZero: Bool
  /// The target where it is an attribute.
  package let target: [Int]?

  package init(_ node: Node) throws(OperatorError) {
    allowsZero = try node.flag("allowzero")
    target = try node.ints("shape")
  }

  package var layer: LayerClass { .reshape }
  package var viewedInput: Int? { 0 }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard let target = try x.integers(1, or: target) else { throw .missingInput(1) }
    return [.tensor(input.type, try shape(of: input, target), value: input.value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  /// A map laid out as one row for each sample keeps all of it, whatever width the file spells out.
  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], let target = x[1]?.value?.integers, target.count == 2,
      let samples = input.dims.first, target[0] == -1 || target[0] == samples, samples > 0
    else { return x }
    var all = x.all
    guard var info = x[1] else { return x }
    info.value = .integers([samples, -1])
    all[1].info = .tensor(info)
    return Operands(all)
  }

  private func shape(of input: TensorInfo, _ target: [Int]) throws(OperatorError) -> Shape {
    var dims = target
    for (axis, extent) in target.enumerated() where extent == 0 && !allowsZero {
      guard axis < input.rank else { throw .axisOutOfRange(axis, rank: input.rank) }
      dims[axis] = input.dims[axis]
    }
    if let open = dims.firstIndex(of: -1) {
      dims[open] = 1
      let known = try product(dims)
      // Without elements the open extent could be anything; runtimes say 0.
      dims[open] = known == 0 ? 0 : input.shape.count / known
    }
    let shape = try Shape(dims)
    // An upper bound of the input says nothing about what the target must hold.
    guard shape.count == input.shape.count || input.isEstimated else {
      throw .mismatch("\(input.shape) reshaped to \(target)")
    }
    return shape
  }
}
