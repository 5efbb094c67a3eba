/// `ConvTranspose`: each input element is spread over a window of the output.
///
/// The input is `N×C×spatial`, the weights are `C×(M/groups)×kernel`, the result is `N×M×spatial`. Every input
/// element meets every weight of its channel once, so the work is that of the *input's* grid.
/// https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
package struct TransposedConvolution: Operator {
  package static let names: [OperatorName] = [
    "ConvTranspose", "com.microsoft::ConvTransposeWithDynamicPads",
  ]

  package let groups: Int
  package let window: Window
  package let outputPadding: [Int]
  /// The spatial extents of the result, where the node says them.
  package let outputShape: [Int]?
  /// The operand that holds the padding, which otherwise is an attribute.
  private let pads: Int?

  package init(_ node: Node) throws(OperatorError) {
    groups = try node.int("group", default: 1)
    guard groups > 0 else { throw .wrongAttribute("group", expected: "positive") }
    window = try Window(node)
    outputPadding = try node.ints("output_padding") ?? []
    outputShape = try node.ints("output_shape").flatMap { $0.isEmpty ? nil : $0 }
    pads = node.op.name == "ConvTranspose" ? nil : 2
  }

  package var layer: LayerClass { .convolution }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, weights) = (try x.required(0), try x.required(1))
    guard input.rank >= 2, weights.rank == input.rank, input.shape[1] == weights.shape[0] else {
      throw .mismatch("input \(input.shape) with transposed weights \(weights.shape)")
    }
    let channels = try product([weights.shape[1], groups])
    let spatial = try spatial(
      Array(weights.dims.dropFirst(2)), over: Array(input.dims.dropFirst(2)),
      padding: try pads.map { (index) throws(OperatorError) in try x.integers(index) ?? [] })
    return [try .tensor(input.type, [input.shape[0], channels] + spatial)]
  }

  private func spatial(_ kernel: [Int], over input: [Int], padding: [Int]?)
    throws(OperatorError) -> [Int]
  {
    try window.check(kernel, axes: input.count)
    if let outputShape {
      // Some writers give the batch and the channels as well.
      guard outputShape.count >= input.count else {
        throw .wrongAttribute("output_shape", expected: "\(input.count) extents")
      }
      return Array(outputShape.suffix(input.count))
    }
    guard outputPadding.isEmpty || outputPadding.count == input.count else {
      throw .wrongAttribute("output_padding", expected: "\(input.count) integers")
    }
    if let padding, !padding.isEmpty, padding.count != 2 * input.count {
      throw .mismatch("\(padding.count) pads over \(input.count) spatial axes")
    }
    var output: [Int] = []
    for axis in input.indices {
      let stride = window.stride(axis)
      let extra = outputPadding.isEmpty ? 0 : outputPadding[axis]
      let reach = saturatingSum(saturatingProduct(window.dilation(axis), kernel[axis] - 1), 1)
      let full = saturatingSum(
        saturatingSum(saturatingProduct(stride, max(0, input[axis] - 1)), reach), extra)
      switch (window.padding, padding) {
      case (.same, nil):
        // As much is cut off as leaves `input · stride`, where there is that much.
        output.append(min(full, saturatingProduct(input[axis], stride)))
      case (.explicit(let pads), nil), (_, let pads?):
        let cut = pads.isEmpty ? 0 : saturatingSum(pads[axis], pads[axis + input.count])
        let (left, overflow) = full.subtractingReportingOverflow(cut)
        guard !overflow, left >= 0 else { throw .tooLarge(pads) }
        output.append(left)
      }
    }
    return output
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (input, weights) = (try x.required(0), try x.required(1))
    let kernel = Array(weights.dims.dropFirst(2))
    return [
      Contraction(
        .convolution(
          kernel: kernel, strides: kernel.indices.map { window.stride($0) },
          positions: Array(input.dims.dropFirst(2)), groups: groups),
        batch: groups,
        rows: try product([input.shape[0]] + input.dims.dropFirst(2)),
        columns: try product(weights.dims.dropFirst()),
        depth: input.shape[1] / groups,
        type: input.type)
    ]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let bias = pads == nil ? 2 : 3
    return Work(elementwise: x.isGiven(bias) ? try y.required(0).shape.count : 0)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == pads ? .setting : .data }

  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], let weights = x[1], input.rank >= 2, weights.rank >= 2 else { return x }
    return x.resizing(1, to: [input.shape[1]] + weights.dims.dropFirst())
  }
}
