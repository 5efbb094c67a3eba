/// `Gather`: slices of a tensor at given places along an axis, such as rows of an embedding table.
///
/// https://onnx.ai/onnx/operators/onnx__Gather.html
package struct Gather: Operator {
  package static let names: [OperatorName] = ["Gather"]

  package let axis: Int

  package init(_ node: Node) throws(OperatorError) { axis = try node.int("axis", default: 0) }

  package var layer: LayerClass { .movement }

  package func layer(_ x: Operands) -> LayerClass {
    guard x.isConstant(0), !x.isConstant(1), let table = x[0], table.rank >= 2 else { return layer }
    return table.type.isFloatingPoint || table.type.isQuantized ? .embedding : layer
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (data, indices) = (try x.required(0), try x.required(1))
    let axis = try data.shape.axis(axis)
    let shape = try Shape(
      Array(data.dims[..<axis]) + indices.dims + Array(data.dims[(axis + 1)...]))
    return [.tensor(data.type, shape, value: value(data, indices, axis, shape))]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) { gathered(x, y) }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  private func value(_ data: TensorInfo, _ indices: TensorInfo, _ axis: Int, _ shape: Shape)
    -> TensorValue?
  {
    guard let elements = data.elements, let places = indices.elements?.integers else { return nil }
    let strides = data.shape.strides
    let reach = indices.shape.strides
    return elements.picking(shape) { position in
      let index = Array(position[axis..<(axis + indices.rank)]).offset(reach)
      guard let place = data.shape.place(places[index], axis) else { return nil }
      let before = Array(position[..<axis])
      return (before + [place] + position[(axis + indices.rank)...]).offset(strides)
    }
  }
}

/// `GatherElements`: one element for each index, from the same place along all axes but one.
///
/// https://onnx.ai/onnx/operators/onnx__GatherElements.html
package struct ElementGather: Operator {
  package static let names: [OperatorName] = ["GatherElements"]

  package let axis: Int

  package init(_ node: Node) throws(OperatorError) { axis = try node.int("axis", default: 0) }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (data, indices) = (try x.required(0), try x.required(1))
    let axis = try data.shape.axis(axis)
    guard indices.rank == data.rank else {
      throw .mismatch("indices \(indices.shape) into \(data.shape)")
    }
    let strides = data.shape.strides
    let places = indices.elements?.integers?.makeIterator()
    var value: TensorValue?
    if var places {
      value = data.elements?.picking(indices.shape) { position in
        guard let index = places.next(), let place = data.shape.place(index, axis) else {
          return nil
        }
        var position = position
        position[axis] = place
        return position.offset(strides)
      }
    }
    return [.tensor(data.type, indices.shape, value: value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) { gathered(x, y) }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}

/// `GatherND`: slices of a tensor, each named by the indices along its first axes.
///
/// https://onnx.ai/onnx/operators/onnx__GatherND.html
package struct SliceGather: Operator {
  package static let names: [OperatorName] = ["GatherND", "com.microsoft::GatherND"]

  /// How many leading axes the tensor and the indices share.
  package let batchAxes: Int

  package init(_ node: Node) throws(OperatorError) {
    batchAxes = try node.int("batch_dims", default: 0)
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (data, indices) = (try x.required(0), try x.required(1))
    guard let depth = indices.dims.last, depth >= 0, batchAxes >= 0, batchAxes < indices.rank,
      batchAxes <= data.rank, depth <= data.rank - batchAxes,
      data.dims.prefix(batchAxes) == indices.dims.prefix(batchAxes)
    else { throw .mismatch("indices \(indices.shape) into \(data.shape)") }
    let shape = try Shape(indices.dims.dropLast() + data.dims.dropFirst(batchAxes + depth))
    return [.tensor(data.type, shape, value: value(data, indices, depth, shape))]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) { gathered(x, y) }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  private func value(_ data: TensorInfo, _ indices: TensorInfo, _ depth: Int, _ shape: Shape)
    -> TensorValue?
  {
    guard let elements = data.elements, let places = indices.elements?.integers else { return nil }
    let strides = data.shape.strides
    let reach = indices.shape.strides
    return elements.picking(shape) { position in
      let first = Array(position.prefix(indices.rank - 1)).offset(reach)
      var source = Array(position.prefix(batchAxes))
      for step in 0..<depth {
        let axis = batchAxes + step
        guard let place = data.shape.place(places[first + step], axis) else { return nil }
        source.append(place)
      }
      return (source + position.dropFirst(indices.rank - 1)).offset(strides)
    }
  }
}

extension Operator {
  /// The traffic of a gather: the elements gathered and the indices are read, and no other.
  func gathered(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    (saturatingSum(y.byteCount, x[1]?.byteCount ?? 0), y.byteCount)
  }
}

extension Shape {
  /// An index along `axis` counted from the front, where negative ones count from the end; nil if out of range.
  func place(_ index: Int, _ axis: Int) -> Int? {
    let place = index < 0 ? index + dims[axis] : index
    return place >= 0 && place < dims[axis] ? place : nil
  }
}
