/// `DeformConv`: a convolution whose taps are moved by offsets, each an interpolation of the input.
///
/// The input is `N×C×spatial`, the weights are `M×(C/groups)×kernel`, the offsets have an axis of
/// `offset groups · kernel · spatial rank`. https://onnx.ai/onnx/operators/onnx__DeformConv.html
package struct DeformableConvolution: Operator {
  package static let names: [OperatorName] = ["DeformConv"]

  package let groups: Int
  package let window: Window

  package init(_ node: Node) throws(OperatorError) {
    groups = try node.int("group", default: 1)
    guard groups > 0 else { throw .wrongAttribute("group", expected: "positive") }
    window = try Window(node)
  }

  package var layer: LayerClass { .convolution }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, weights) = (try x.required(0), try x.required(1))
    guard input.rank >= 2, weights.rank == input.rank,
      input.shape[1] == saturatingProduct(weights.shape[1], groups)
    else {
      throw .mismatch("input \(input.shape) with weights \(weights.shape) in \(groups) groups")
    }
    let spatial = try window.slide(
      Array(weights.dims.dropFirst(2)), over: Array(input.dims.dropFirst(2)))
    return [try .tensor(input.type, [input.shape[0], weights.shape[0]] + spatial)]
  }

  package func contractions(_ x: Operands, _ y: Operands) throws(OperatorError) -> [Contraction] {
    let (weights, output) = (try x.required(1), try y.required(0))
    let kernel = Array(weights.dims.dropFirst(2))
    return [
      Contraction(
        .convolution(
          kernel: kernel, strides: kernel.indices.map { window.stride($0) },
          positions: Array(output.dims.dropFirst(2)), groups: groups),
        batch: groups,
        rows: try product([output.shape[0]] + output.dims.dropFirst(2)),
        columns: weights.shape[0] / groups,
        depth: try product(weights.dims.dropFirst()),
        type: try x.required(0).type)
    ]
  }

  /// Each tap of each input channel is interpolated once, and weighted by the mask where there is one.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let (input, weights, output) = (try x.required(0), try x.required(1), try y.required(0))
    let kernel = weights.dims.dropFirst(2)
    let taps = try product([input.shape[0], input.shape[1]] + kernel + output.dims.dropFirst(2))
    let perTap = Interpolation.linear.operations(axes: kernel.count) + (x.isGiven(4) ? 1 : 0)
    let bias = x.isGiven(3) ? output.shape.count : 0
    return Work(elementwise: saturatingSum(saturatingProduct(taps, perTap), bias))
  }

  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], let weights = x[1], input.rank >= 2, weights.rank >= 2 else { return x }
    var dims = weights.dims
    dims[1] = input.shape[1] / groups
    return x.resizing(1, to: dims)
  }
}
