/// `CausalConvWithState`: a convolution of each channel with what came before, some of it carried as a state.
///
/// The input is `N×C×length`, the weights are `C×1×kernel`, the state is `N×C×(kernel − 1)`.
/// https://onnx.ai/onnx/operators/onnx__CausalConvWithState.html
package struct CausalConvolution: Operator {
  package static let names: [OperatorName] = [
    "CausalConvWithState", "com.microsoft::CausalConvWithState",
  ]

  package let activation: FusedActivation?

  package init(_ node: Node) throws(OperatorError) {
    // `silu` is another name of what ONNX calls Swish.
    activation = try node.activation("activation").map { _ in FusedActivation("Swish") }
  }

  package var layer: LayerClass { .convolution }

  private func extents(_ x: Operands) throws(OperatorError) -> (input: TensorInfo, kernel: Int) {
    let (input, weights) = (try x.required(0), try x.required(1))
    guard input.rank == 3, weights.rank == 3, weights.shape[0] == input.shape[1],
      weights.shape[2] > 0
    else { throw .mismatch("input \(input.shape) with weights \(weights.shape)") }
    return (input, weights.shape[2])
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, kernel) = try extents(x)
    return [
      .tensor(input.type, input.shape),
      try .tensor(input.type, [input.shape[0], input.shape[1], kernel - 1]),
    ]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (input, kernel) = try extents(x)
    return [
      Contraction(
        .convolution(
          kernel: [kernel], strides: [1], positions: [input.shape[2]], groups: input.shape[1]),
        batch: input.shape[1], rows: saturatingProduct(input.shape[0], input.shape[2]), columns: 1,
        depth: kernel, type: input.type)
    ]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    var work = activation?.work ?? Work()
    if x.isGiven(2) { work.elementwise += 1 }
    return work.times(try x.required(0).shape.count)
  }
}
