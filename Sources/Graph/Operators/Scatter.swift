/// `ScatterElements`, its deprecated form `Scatter`, and `ScatterND`: a tensor with some elements replaced.
///
/// The tensor is updated where it lies: only the updates are read and written. An operation such as `add` joins
/// an update with the element there. https://onnx.ai/onnx/operators/onnx__ScatterElements.html,
/// https://onnx.ai/onnx/operators/onnx__ScatterND.html
package struct Scatter: Operator {
  package static let names: [OperatorName] = ["Scatter", "ScatterElements", "ScatterND"]

  /// The axis along which elements are placed; nil where indices name whole slices.
  package let axis: Int?
  /// What joins an update with the element in its place: `add`, `mul`, `max` or `min`; nil for nothing.
  package let reduction: String?

  package init(_ node: Node) throws(OperatorError) {
    axis = node.op.name == "ScatterND" ? nil : try node.int("axis", default: 0)
    let reduction = try node.string("reduction")
    self.reduction = reduction == "none" ? nil : reduction
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (data, indices) = (try x.required(0), try x.required(1))
    return [.tensor(data.type, data.shape, value: try value(data, indices, x))]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    Work(elementwise: reduction == nil ? 0 : try x.required(2).shape.count)
  }

  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) {
    let (indices, updates) = (x[1]?.byteCount ?? 0, x[2]?.byteCount ?? 0)
    // What is joined with an update is read too.
    let joined = reduction == nil ? 0 : updates
    return (saturatingSum(saturatingSum(indices, updates), joined), updates)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 1 ? .setting : .data }

  private var operation: Arithmetic? {
    switch reduction {
    case nil: Arithmetic({ $1 }, { $1 })
    case "add": .sum
    case "mul": .product
    case "max": .maximum
    case "min": .minimum
    default: nil
    }
  }

  private func value(_ data: TensorInfo, _ indices: TensorInfo, _ x: Operands)
    throws(OperatorError) -> TensorValue?
  {
    guard data.shape.isFollowed, var result = data.elements, let operation,
      let updates = x[2], updates.shape.isFollowed, let news = updates.elements,
      let places = indices.elements?.integers,
      let targets = axis == nil
        ? sliceTargets(data.shape, indices.shape, places, updates.shape)
        : elementTargets(data.shape, indices.shape, places, updates.shape)
    else { return nil }
    for (index, target) in targets.enumerated() {
      let joined = result.picking([target]).combined(
        with: news.picking([index]), operation, as: data.type)
      guard let joined, let next = result.replacing(target, with: joined) else { return nil }
      result = next
    }
    return result
  }

  /// For each update, the offset of the element that it goes to; nil where one lies outside of the tensor.
  private func elementTargets(_ data: Shape, _ indices: Shape, _ places: [Int], _ updates: Shape)
    -> [Int]?
  {
    guard let named = axis, let axis = try? data.axis(named), indices == updates,
      updates.rank == data.rank
    else { return nil }
    let strides = data.strides
    var targets: [Int] = []
    var pending = places[...]
    updates.forEachPosition { position in
      var target = position
      guard let place = pending.popFirst().flatMap({ data.place($0, axis) }) else { return }
      target[axis] = place
      guard zip(target, data.dims).allSatisfy({ $0 < $1 }) else { return }
      targets.append(target.offset(strides))
    }
    return targets.count == updates.count ? targets : nil
  }

  private func sliceTargets(_ data: Shape, _ indices: Shape, _ places: [Int], _ updates: Shape)
    -> [Int]?
  {
    guard let depth = indices.dims.last, depth <= data.rank,
      updates.dims == indices.dims.dropLast() + data.dims.dropFirst(depth)
    else { return nil }
    let (strides, reach) = (data.strides, indices.strides)
    var targets: [Int] = []
    updates.forEachPosition { position in
      let first = Array(position.prefix(indices.rank - 1)).offset(reach)
      let named = (0..<depth).compactMap { data.place(places[first + $0], $0) }
      guard named.count == depth else { return }
      targets.append((named + position.dropFirst(indices.rank - 1)).offset(strides))
    }
    return targets.count == updates.count ? targets : nil
  }
}

/// `TensorScatter`: a cache with the newest entries written into it, in place.
///
/// https://onnx.ai/onnx/operators/onnx__TensorScatter.html
package struct CacheUpdate: Operator {
  package static let names: [OperatorName] = ["TensorScatter"]

  package init(_: Node) {}

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let cache = try x.required(0)
    return [.tensor(cache.type, cache.shape)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func traffic(_ x: Operands, _: Operands) -> (read: Int, written: Int) {
    let update = x[1]?.byteCount ?? 0
    return (saturatingSum(update, x[2]?.byteCount ?? 0), update)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 2 ? .setting : .data }
}
