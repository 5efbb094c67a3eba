/// `Concat`: tensors one after another along an axis.
///
/// https://onnx.ai/onnx/operators/onnx__Concat.html
package struct Concat: Operator {
  package static let names: [OperatorName] = ["Concat"]

  package let axis: Int

  package init(_ node: Node) throws(OperatorError) {
    guard let axis = try node.int("axis") else { throw .missingAttribute("axis") }
    self.axis = axis
  }

  package var layer: LayerClass { .concatenate }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    var parts: [TensorInfo] = []
    for index in 0..<max(1, x.count) { parts.append(try x.required(index)) }
    let (shape, axis) = try Self.joined(parts, along: axis)
    return [.tensor(parts[0].type, shape, value: value(parts, axis, shape))]
  }

  /// The shape of tensors side by side, and the axis counted from the first; all other extents must be equal.
  static func joined(_ parts: [TensorInfo], along axis: Int) throws(OperatorError) -> (
    shape: Shape, axis: Int
  ) {
    guard let first = parts.first else { throw .missingInput(0) }
    let axis = try first.shape.axis(axis)
    var dims = first.dims
    for part in parts.dropFirst() {
      var fitting = part.dims
      if axis < fitting.count { fitting[axis] = first.dims[axis] }
      guard fitting == first.dims else {
        throw .mismatch("\(first.shape) and \(part.shape) put together along axis \(axis)")
      }
      let (sum, overflow) = dims[axis].addingReportingOverflow(part.dims[axis])
      guard !overflow else { throw .tooLarge([dims[axis], part.dims[axis]]) }
      dims[axis] = sum
    }
    return (try Shape(dims), axis)
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func fitted(_ x: Operands) -> Operands {
    // A constant part, such as a class token, keeps its extent along the axis and takes the others' elsewhere.
    let activation = x.all.indices.first { !x.isConstant($0) }.flatMap { x[$0]?.shape }
    guard let activation, let axis = try? activation.axis(axis) else { return x }
    var fitted = x
    for index in x.all.indices {
      guard x.isConstant(index), let part = x[index], part.rank == activation.rank else { continue }
      var dims = activation.dims
      dims[axis] = part.dims[axis]
      fitted = fitted.resizing(index, to: dims)
    }
    return fitted
  }

  private func value(_ parts: [TensorInfo], _ axis: Int, _ shape: Shape) -> TensorValue? {
    guard shape.isFollowed, var all = parts[0].elements else { return nil }
    for part in parts.dropFirst() {
      guard let next = part.elements.flatMap({ all.joined(with: $0) }) else { return nil }
      all = next
    }
    // Without elements, the extent along the axis may be anything.
    guard shape.count > 0 else { return all }
    // For each place along the axis, the part it lies in: where that begins along the axis and in `all`.
    var origins: [(place: Int, offset: Int, strides: [Int])] = []
    var (place, offset) = (0, 0)
    for part in parts {
      let origin = (place, offset, part.shape.strides)
      origins += Array(repeating: origin, count: part.dims[axis])
      place += part.dims[axis]
      offset += part.shape.count
    }
    return all.picking(shape) { position in
      let origin = origins[position[axis]]
      var position = position
      position[axis] -= origin.place
      return origin.offset + position.offset(origin.strides)
    }
  }
}
