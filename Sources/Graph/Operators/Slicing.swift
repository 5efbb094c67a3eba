/// `Slice`: every so many elements between two places along some axes.
///
/// Starts, ends and axes are attributes before opset 10, and operands from then on.
/// https://onnx.ai/onnx/operators/onnx__Slice.html
package struct Slicing: Operator {
  package static let names: [OperatorName] = ["Slice"]

  /// What is asked along one axis; nil where it depends on data.
  package struct Cut: Hashable, Sendable {
    package var axis: Int
    package var start: Int?
    package var end: Int?
    package var step: Int?
  }

  private let starts: [Int]?
  private let ends: [Int]?
  private let axes: [Int]?

  package init(_ node: Node) throws(OperatorError) {
    starts = try node.ints("starts")
    ends = try node.ints("ends")
    axes = try node.ints("axes")
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let strides = input.shape.strides
    var (dims, steps) = (input.dims, strides)
    var origin = 0
    var isBound = false
    for cut in try cuts(x, input.shape) {
      let extent = input.dims[cut.axis]
      guard let start = cut.start, let end = cut.end, let step = cut.step else {
        // As much as could be left.
        isBound = true
        continue
      }
      guard step != 0 else { throw .mismatch("a slice in steps of 0") }
      let first = place(start, extent, step)
      let last = place(end, extent, step, isEnd: true)
      dims[cut.axis] = count(from: first, to: last, by: step)
      origin = origin &+ first &* strides[cut.axis]
      steps[cut.axis] = strides[cut.axis] &* step
    }
    let shape = try Shape(dims)
    let value =
      isBound ? nil : input.elements?.picking(shape) { origin &+ $0.offset(steps) }
    let output = ValueInfo.tensor(input.type, shape, value: value)
    return [isBound ? output.estimated : output]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func traffic(_: Operands, _ y: Operands) -> (read: Int, written: Int) {
    // What is left out is not read.
    (y.byteCount, y.byteCount)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  /// What is asked along each axis; every axis counted from the front.
  package func cuts(_ x: Operands, _ shape: Shape) throws(OperatorError) -> [Cut] {
    var count = starts?.count ?? ends?.count ?? axes?.count
    if count == nil { count = try x.required(1).shape.count }
    guard let count else { return [] }
    let starts = try known(1, x, or: starts)
    let ends = try known(2, x, or: ends)
    let axes = try known(3, x, or: axes)
    if axes == nil && x.isGiven(3) {
      // Any axis may be cut, and nobody knows how.
      return shape.dims.indices.map { Cut(axis: $0) }
    }
    let steps = try known(4, x)
    for list in [starts, ends, axes, steps] {
      guard let list else { continue }
      guard list.count == count else {
        throw .mismatch("lists of different length say what to slice")
      }
    }
    var cuts: [Cut] = []
    for index in 0..<count {
      cuts.append(
        Cut(
          axis: try shape.axis(axes?[index] ?? index), start: starts?[index], end: ends?[index],
          step: steps?[index] ?? (x.isGiven(4) ? nil : 1)))
    }
    return cuts
  }

  /// What an attribute or an operand says; nil where it is left out or depends on data.
  private func known(_ index: Int, _ x: Operands, or attribute: [Int]? = nil)
    throws(OperatorError) -> [Int]?
  {
    let isUnknown = attribute == nil && x.isGiven(index) && x[index]?.elements == nil
    return isUnknown ? nil : try x.integers(index, or: attribute)
  }

  /// A place along an axis, counted from the end where it is negative, and brought within the axis.
  private func place(_ place: Int, _ extent: Int, _ step: Int, isEnd: Bool = false) -> Int {
    let place = place < 0 ? place + extent : place
    return step > 0
      ? min(max(place, 0), extent) : min(max(place, isEnd ? -1 : 0), extent - 1)
  }

  private func count(from first: Int, to last: Int, by step: Int) -> Int {
    let distance = step > 0 ? last - first : first - last
    guard distance > 0 else { return 0 }
    return Int(clamping: UInt(distance - 1) / step.magnitude) + 1
  }
}
