/// `Conv` and its fused and quantised kin: each output element is a dot product over a window of the input.
///
/// The input is `N×C×spatial` (`N×spatial×C` where channels come last), the weights are
/// `M×(C/groups)×kernel`, the result is `N×M×spatial`.
/// https://onnx.ai/onnx/operators/onnx__Conv.html, onnx__ConvInteger.html, onnx__QLinearConv.html;
/// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
package struct Convolution: Operator {
  package static let names: [OperatorName] = [
    "Conv", "ConvInteger", "QLinearConv",
    "com.microsoft::FusedConv", "com.microsoft::NhwcConv", "com.microsoft::NhwcFusedConv",
    "com.microsoft::QLinearConv", "com.microsoft.nchwc::Conv",
  ]

  package let groups: Int
  package let window: Window
  package let layout: ChannelLayout
  /// The function applied to the result.
  package let activation: FusedActivation?
  private let numbers: Numbers

  /// What the operands are, and so which ones there are.
  private enum Numbers { case real, integer, quantized }

  package init(_ node: Node) throws(OperatorError) {
    groups = try node.int("group", default: 1)
    guard groups > 0 else { throw .wrongAttribute("group", expected: "positive") }
    window = try Window(node)
    let isChannelsLast = try node.flag("channels_last") || node.op.name.hasPrefix("Nhwc")
    layout = isChannelsLast ? .channelsLast : .channelsFirst
    activation = try node.activation("activation")
    numbers =
      switch node.op.name {
      case "ConvInteger": .integer
      case "QLinearConv": .quantized
      default: .real
      }
  }

  package var layer: LayerClass { .convolution }

  /// The operand that holds the weights.
  package var weights: Int { numbers == .quantized ? 3 : 1 }
  /// The operand that holds the bias; nil where the operator has none.
  package var bias: Int? {
    switch numbers {
    case .real: 2
    case .integer: nil
    case .quantized: 8
    }
  }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let (input, weights) = (try x.required(0), try x.required(self.weights))
    var extents = try layout.split(input.shape)
    guard weights.rank == input.rank,
      extents.channels == saturatingProduct(weights.shape[1], groups),
      weights.shape[0] % groups == 0
    else {
      throw .mismatch("input \(input.shape) with weights \(weights.shape) in \(groups) groups")
    }
    extents.spatial = try window.slide(Array(weights.dims.dropFirst(2)), over: extents.spatial)
    extents.channels = weights.shape[0]
    return [try .tensor(try resultType(x), layout.join(extents))]
  }

  private func resultType(_ x: Operands) throws(OperatorError) -> ElementType {
    switch numbers {
    case .real: try x.required(0).type
    case .integer: .int32
    case .quantized: try x.required(7).type
    }
  }

  package func contractions(_ x: Operands, _ y: Operands) throws(OperatorError) -> [Contraction] {
    let (weights, output) = (try x.required(self.weights), try layout.split(y.required(0).shape))
    let kernel = Array(weights.dims.dropFirst(2))
    let strides = kernel.indices.map { window.stride($0) }
    return [
      Contraction(
        .convolution(
          kernel: kernel, strides: strides, positions: output.spatial, groups: groups),
        batch: groups,
        rows: try product([output.batch] + output.spatial),
        columns: weights.shape[0] / groups,
        depth: try product(weights.dims.dropFirst()),
        type: try x.required(0).type)
    ]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    var work = activation?.work ?? Work()
    // The bias is one addition for each element of the result, and so is a tensor added to it.
    if let bias, x.isGiven(bias) { work.elementwise += 1 }
    if numbers == .real, x.isGiven(3) { work.elementwise += 1 }
    // Scaling back to few bits: a multiplication and a rounding.
    if numbers == .quantized { work.elementwise += 2 }
    return work.times(try y.required(0).shape.count)
  }

  package func role(_ index: Int, _: Operands) -> OperandRole {
    switch numbers {
    case .real: .data
    case .integer: index < 2 ? .data : .setting
    case .quantized: [0, 3, 8].contains(index) ? .data : .setting
    }
  }

  package func fitted(_ x: Operands) -> Operands {
    guard let input = x[0], let weights = x[weights], weights.rank >= 2,
      let extents = try? layout.split(input.shape)
    else { return x }
    var dims = weights.dims
    dims[1] = extents.channels / groups
    return x.resizing(self.weights, to: dims)
  }
}
