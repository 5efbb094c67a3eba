/// `Compress`: the slices along an axis for which a condition holds.
///
/// How many those are depends on data: unless it is known, all of them are the bound.
/// https://onnx.ai/onnx/operators/onnx__Compress.html
package struct Compress: Operator {
  package static let names: [OperatorName] = ["Compress"]

  /// The axis; nil where the tensor is taken as one list.
  package let axis: Int?

  package init(_ node: Node) throws(OperatorError) { axis = try node.int("axis") }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, condition) = (try x.required(0), try x.required(1))
    let shape = axis == nil ? try Shape([input.shape.count]) : input.shape
    let axis = try shape.axis(axis ?? 0)
    var dims = shape.dims
    guard let holds = condition.elements?.integers else {
      dims[axis] = min(dims[axis], condition.shape.count)
      return [try .tensor(input.type, dims).estimated]
    }
    let kept = holds.indices.filter { holds[$0] != 0 && $0 < dims[axis] }
    dims[axis] = kept.count
    let result = try Shape(dims)
    let strides = shape.strides
    let value = input.elements?.picking(result) { position in
      var source = position
      source[axis] = kept[position[axis]]
      return source.offset(strides)
    }
    return [.tensor(input.type, result, value: value)]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
  package func traffic(_ x: Operands, _ y: Operands) -> (read: Int, written: Int) { gathered(x, y) }
  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}

/// `NonZero`: the indices of all elements that are not zero, one row for each axis.
///
/// How many those are depends on data: unless it is known, all of them are the bound, or an even share where they mark a choice.
/// https://onnx.ai/onnx/operators/onnx__NonZero.html
package struct NonZero: Operator {
  package static let names: [OperatorName] = ["NonZero"]

  package init(_: Node) {}

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    guard input.shape.isFollowed, let numbers = input.elements?.reals else {
      return [try .tensor(.int64, [input.rank, input.evenShare ?? input.shape.count]).estimated]
    }
    var found: [[Int]] = []
    var pending = numbers[...]
    input.shape.forEachPosition { position in
      if pending.popFirst() != 0 { found.append(position) }
    }
    let rows = (0..<input.rank).flatMap { axis in found.map { $0[axis] } }
    return [try .tensor(.int64, [input.rank, found.count], value: .integers(rows))]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    // One comparison for each element.
    Work(elementwise: try x.required(0).shape.count)
  }
}
