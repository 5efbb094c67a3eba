/// `Unique`: the different elements of a tensor, or its different slices along an axis.
///
/// How many those are depends on data: unless it is known, all of them are the bound.
/// https://onnx.ai/onnx/operators/onnx__Unique.html
package struct Unique: Operator {
  package static let names: [OperatorName] = ["Unique"]

  /// The axis; nil where the tensor is taken as one list.
  package let axis: Int?
  /// Whether the result is in ascending order, not in that of first occurrence.
  package let isSorted: Bool

  package init(_ node: Node) throws(OperatorError) {
    axis = try node.int("axis")
    isSorted = try node.flag("sorted", default: true)
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let shape = axis == nil ? try Shape([input.shape.count]) : input.shape
    let axis = try shape.axis(axis ?? 0)
    guard shape.isFollowed, let elements = input.elements,
      let slices = shape.groups(along: shape.dims.indices.filter { $0 != axis })
    else {
      let list = try ValueInfo.tensor(.int64, [shape.dims[axis]])
      return [
        .tensor(input.type, shape).estimated, list.estimated, list, list.estimated,
      ]
    }
    let (firsts, inverse, counts) = different(slices.map { elements.picking($0).reals })

    var dims = shape.dims
    dims[axis] = firsts.count
    let result = try Shape(dims)
    let strides = shape.strides
    let value = elements.picking(result) { position in
      var source = position
      source[axis] = firsts[position[axis]]
      return source.offset(strides)
    }
    return [
      .tensor(input.type, result, value: value),
      try .tensor(.int64, [firsts.count], value: .integers(firsts)),
      try .tensor(.int64, [inverse.count], value: .integers(inverse)),
      try .tensor(.int64, [counts.count], value: .integers(counts)),
    ]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    // A sort: as many comparisons for each element as its list can be halved.
    let input = try x.required(0).shape
    let slices = axis == nil ? input.count : input.dims[try input.axis(axis ?? 0)]
    let halvings = Int.bitWidth - max(0, slices - 1).leadingZeroBitCount
    return Work(elementwise: saturatingProduct(halvings, input.count))
  }

  /// The first slice of each kind, the kind of each slice, and how many there are of each kind.
  private func different(_ slices: [[Double]]) -> (firsts: [Int], kinds: [Int], counts: [Int]) {
    var order = slices.indices.map { $0 }
    if isSorted {
      order.sort { a, b in
        slices[a] == slices[b] ? a < b : slices[a].lexicographicallyPrecedes(slices[b])
      }
    }
    var firsts: [Int] = []
    var known: [[Double]: Int] = [:]
    var kinds = [Int](repeating: 0, count: slices.count)
    var counts: [Int] = []
    for slice in order {
      if let kind = known[slices[slice]] {
        counts[kind] += 1
        kinds[slice] = kind
      } else {
        known[slices[slice]] = firsts.count
        kinds[slice] = firsts.count
        firsts.append(slice)
        counts.append(1)
      }
    }
    return (firsts, kinds, counts)
  }
}
