/// `Pad`: a tensor with elements added before and after each axis, or taken away.
///
/// The amounts are an attribute before opset 11 and an operand from then on, of some axes alone from opset 18.
/// https://onnx.ai/onnx/operators/onnx__Pad.html
package struct Pad: Operator {
  package static let names: [OperatorName] = ["Pad", "com.microsoft::Pad"]

  /// What the added elements are.
  package enum Mode: String, Sendable {
    case constant, edge, reflect, wrap
  }

  package let mode: Mode
  /// Before each axis, then after each, where the amounts are an attribute.
  package let amounts: [Int]?
  /// The added number, where it is an attribute.
  private let fill: Double

  package init(_ node: Node) throws(OperatorError) {
    guard let mode = Mode(rawValue: try node.string("mode") ?? "constant") else {
      throw .wrongAttribute("mode", expected: "constant, edge, reflect or wrap")
    }
    self.mode = mode
    amounts = try node.ints("pads")
    fill = try node.float("value") ?? 0
  }

  package var layer: LayerClass { .padding }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let (before, after) = try perAxis(x, input.shape)
    var dims: [Int] = []
    for axis in input.dims.indices {
      let (partial, first) = input.dims[axis].addingReportingOverflow(before[axis])
      let (extent, second) = partial.addingReportingOverflow(after[axis])
      guard !first, !second else { throw .tooLarge([before[axis], after[axis]]) }
      dims.append(extent)
    }
    let shape = try Shape(dims)
    return [.tensor(input.type, shape, value: value(input, shape, before, x))]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    // Amounts may be negative: what is taken away is not read.
    (min(x[0]?.byteCount ?? 0, y.byteCount), y.byteCount)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  /// What is added before and after each axis.
  package func perAxis(_ x: Operands, _ shape: Shape) throws(OperatorError)
    -> (before: [Int], after: [Int])
  {
    guard let named = try x.integers(1, or: amounts) else { throw .missingInput(1) }
    let axes = try x.integers(3) ?? Array(shape.dims.indices)
    guard named.count == 2 * axes.count else {
      throw .mismatch("\(named.count) amounts of padding for \(axes.count) axes")
    }
    var (before, after) = (shape.dims.map { _ in 0 }, shape.dims.map { _ in 0 })
    for (index, axis) in axes.enumerated() {
      let axis = try shape.axis(axis)
      before[axis] = named[index]
      after[axis] = named[index + axes.count]
    }
    return (before, after)
  }

  private func value(_ input: TensorInfo, _ shape: Shape, _ before: [Int], _ x: Operands)
    -> TensorValue?
  {
    guard shape.isFollowed, let elements = input.elements,
      let added = x.isGiven(2) ? x[2]?.elements : TensorValue([fill], as: input.type),
      let all = elements.joined(with: added)
    else { return nil }
    let strides = input.shape.strides
    return all.picking(shape) { position in
      var source: [Int] = []
      for (axis, index) in position.enumerated() {
        let extent = input.dims[axis]
        let index = index &- before[axis]
        if index >= 0 && index < extent {
          source.append(index)
        } else if mode == .constant {
          // The added number lies behind the elements.
          return elements.count
        } else if let other = mirrored(index, extent) {
          source.append(other)
        } else {
          return nil
        }
      }
      return source.offset(strides)
    }
  }

  /// The element that stands for one outside of an axis of `extent`.
  private func mirrored(_ index: Int, _ extent: Int) -> Int? {
    guard extent > 0 else { return nil }
    switch mode {
    case .constant: return nil
    case .edge: return index < 0 ? 0 : extent - 1
    case .wrap: return (index % extent + extent) % extent
    case .reflect:
      // Back and forth between the two ends, neither of which is repeated.
      let period = max(1, 2 * (extent - 1))
      let phase = (index % period + period) % period
      return min(phase, period - phase)
    }
  }
}
