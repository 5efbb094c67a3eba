/// `CausalConvWithState`: a convolution of each channel with what came before, some of it carried as a state.
///
/// The input is `N×C×length` (`N×length×C` where channels come last), the weights are `C×1×kernel`, the state is `N×C×(kernel − 1)`.
/// https://onnx.ai/onnx/operators/onnx__CausalConvWithState.html
package struct CausalConvolution: Operator {
  package static let names: [OperatorName] = [
    "CausalConvWithState", "com.microsoft::CausalConvWithState",
  ]

  package let activation: FusedActivation?
  package let layout: ChannelLayout
  package let dilation: Int
  /// How many of the last states are returned, ONNX Runtime's only; 0 for the last alone, without an axis.
  private let states: Int

  package init(_ node: Node) throws(OperatorError) {
    // `silu` is another name of what ONNX calls Swish.
    activation = try node.activation("activation").map { _ in FusedActivation("Swish") }
    layout = try node.flag("channels_last") ? .channelsLast : .channelsFirst
    dilation = max(1, try node.int("dilation", default: 1))
    states = max(0, try node.int("state_window", default: 0))
  }

  package var layer: LayerClass { .convolution }

  private func extents(_ x: Operands) throws(OperatorError) -> (
    input: ChannelLayout.Extents, kernel: Int
  ) {
    let (input, weights) = (try x.required(0), try x.required(1))
    let extents = try layout.split(input.shape)
    guard input.rank == 3, weights.rank == 3, weights.shape[0] == extents.channels,
      weights.shape[2] > 0
    else { throw .mismatch("input \(input.shape) with weights \(weights.shape)") }
    return (extents, weights.shape[2])
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, type) = (try x.required(0), try x.required(0).type)
    var (state, kernel) = try extents(x)
    state.spatial = [saturatingProduct(kernel - 1, dilation)]
    return [
      .tensor(type, input.shape),
      try .tensor(type, (states > 0 ? [states] : []) + layout.join(state)),
    ]
  }

  package func contractions(_ x: Operands, _: Operands) throws(OperatorError) -> [Contraction] {
    let (input, kernel) = try extents(x)
    return [
      Contraction(
        .convolution(
          kernel: [kernel], strides: [1], positions: input.spatial, groups: input.channels),
        batch: input.channels, rows: try product([input.batch] + input.spatial), columns: 1,
        depth: kernel, type: try x.required(0).type)
    ]
  }

  package func arithmetic(_ x: Operands, _: Operands) throws(OperatorError) -> Work {
    var work = activation?.work ?? Work()
    if x.isGiven(2) { work.elementwise += 1 }
    return work.times(try x.required(0).shape.count)
  }
}
