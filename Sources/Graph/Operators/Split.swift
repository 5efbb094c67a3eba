/// `Split`: a tensor cut into parts along an axis.
///
/// The sizes of the parts are an attribute before opset 13 and an operand from then on; without them the parts
/// are equal, but for a smaller last one. https://onnx.ai/onnx/operators/onnx__Split.html
package struct Split: Operator {
  package static let names: [OperatorName] = ["Split"]

  package let axis: Int
  /// The sizes where they are an attribute.
  package let sizes: [Int]?
  /// The number of equal parts, where sizes are not given.
  package let count: Int
  /// The number of parts that the node names.
  private let results: Int

  package init(_ node: Node) throws(OperatorError) {
    axis = try node.int("axis", default: 0)
    sizes = try node.ints("split")
    count = try node.int("num_outputs", default: node.outputs.count)
    results = node.outputs.count
    guard count > 0 else { throw .wrongAttribute("num_outputs", expected: "positive") }
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    let axis = try input.shape.axis(axis)
    let extent = input.dims[axis]
    // Where the sizes depend on data, equal parts are as good a guess as any.
    let isGuess = sizes == nil && x.isGiven(1) && x[1]?.elements == nil
    let named = isGuess ? nil : try x.integers(1, or: sizes)
    let parts = named ?? equalParts(of: extent)
    if let named, named.reduce(0, saturatingSum) != extent, !input.isEstimated {
      throw .mismatch("axis \(axis) of \(input.shape) split into \(named)")
    }

    let strides = input.shape.strides
    var start = 0
    var outputs: [ValueInfo?] = []
    for part in parts {
      var dims = input.dims
      dims[axis] = part
      let shape = try Shape(dims)
      let origin = saturatingProduct(start, strides[axis])
      let value = input.elements?.picking(shape) { origin &+ $0.offset(strides) }
      let info = ValueInfo.tensor(input.type, shape, value: isGuess ? nil : value)
      outputs.append(isGuess ? info.estimated : info)
      start = saturatingSum(start, part)
    }
    return outputs
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }

  package func traffic(_: Operands, _ y: Operands) -> (read: Int, written: Int) {
    // Parts that nobody reads are not made.
    (y.byteCount, y.byteCount)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }

  private func equalParts(of extent: Int) -> [Int] {
    let size = extent / count + (extent % count == 0 ? 0 : 1)
    return (0..<min(count, results)).map { max(0, min(size, extent - saturatingProduct($0, size))) }
  }
}
