/// `TopK`: the largest or smallest elements along an axis, and where they lie.
///
/// How many is an attribute before opset 10 and an operand from then on.
/// https://onnx.ai/onnx/operators/onnx__TopK.html
package struct TopK: Operator {
  package static let names: [OperatorName] = ["TopK"]

  /// How many, where that is an attribute.
  package let count: Int?
  package let axis: Int
  package let isLargest: Bool

  package init(_ node: Node) throws(OperatorError) {
    count = try node.int("k")
    axis = try node.int("axis", default: -1)
    isLargest = try node.flag("largest", default: true)
  }

  package var layer: LayerClass { .other }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let axis = try input.shape.axis(axis)
    var dims = input.dims
    let isBound = count == nil && x.isGiven(1) && x[1]?.elements == nil
    if !isBound {
      var wanted = count
      if wanted == nil { wanted = try x.integer(1) }
      guard let wanted else { throw .missingInput(1) }
      guard wanted <= dims[axis] || input.isEstimated else {
        throw .mismatch("the top \(wanted) of \(dims[axis]) elements")
      }
      dims[axis] = min(wanted, dims[axis])
    }
    let shape = try Shape(dims)
    let places = isBound ? nil : places(input, axis, dims[axis])
    let strides = input.shape.strides
    var pending = places?[...] ?? []
    let value =
      places == nil
      ? nil
      : input.elements?.picking(shape) { position in
        var source = position
        source[axis] = pending.popFirst() ?? -1
        return source.offset(strides)
      }
    let results = [
      ValueInfo.tensor(input.type, shape, value: value),
      .tensor(.int64, shape, value: places.map { .integers($0) }),
    ]
    return isBound ? results.map(\.estimated) : results
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    // A heap of the best so far: each element is compared with the worst of them, and sinks to its depth.
    let input = try x.required(0)
    let axis = try input.shape.axis(axis)
    let kept = max(1, (y[0] ?? y[1])?.dims[axis] ?? 1)
    let depth = Int.bitWidth - (kept - 1).leadingZeroBitCount
    return Work(elementwise: saturatingProduct(1 + depth, input.shape.count))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  /// For each element of the result, its index along the axis of the input.
  private func places(_ input: TensorInfo, _ axis: Int, _ count: Int) -> [Int]? {
    guard input.shape.isFollowed, let elements = input.elements,
      let groups = input.shape.groups(along: [axis])
    else { return nil }
    let orders = groups.map { group in
      switch elements.picking(group) {
      case .integers(let numbers): ranked(numbers)
      case .reals(let numbers): ranked(numbers)
      }
    }
    // The groups follow the other axes in order; the result runs along the axis within them.
    let inner = input.dims[(axis + 1)...].reduce(1, saturatingProduct)
    guard inner > 0, count >= 0 else { return [] }
    var places: [Int] = []
    for outer in stride(from: 0, to: orders.count, by: inner) {
      for rank in 0..<count {
        for offset in outer..<(outer + inner) { places.append(orders[offset][rank]) }
      }
    }
    return places
  }

  /// The indices of `numbers` from the best to the worst; of equal ones the first comes first.
  private func ranked(_ numbers: [some Comparable]) -> [Int] {
    numbers.indices.sorted { a, b in
      let (first, second) = (numbers[a], numbers[b])
      if first == second { return a < b }
      return isLargest ? first > second : first < second
    }
  }
}
