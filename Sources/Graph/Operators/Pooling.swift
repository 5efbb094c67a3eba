/// Pools: each output element is the largest, the mean or the norm of a window of the input.
///
/// The input is `N×C×spatial`, or `N×spatial×C` where channels come last. `MaxPool` has the places of the
/// largest elements as a second result.
/// https://onnx.ai/onnx/operators/onnx__MaxPool.html, onnx__AveragePool.html, onnx__LpPool.html
package struct Pooling: Operator {
  package static let names: [OperatorName] = [
    "AveragePool", "LpPool", "MaxPool",
    "com.microsoft::MaxpoolWithMask", "com.microsoft::NhwcMaxPool",
    "com.microsoft::QLinearAveragePool",
    "com.microsoft.nchwc::AveragePool", "com.microsoft.nchwc::MaxPool",
  ]

  package enum Kind: Hashable, Sendable { case average, norm, maximum }

  package let kind: Kind
  package let kernel: [Int]
  package let window: Window
  package let layout: ChannelLayout
  private let isQuantized: Bool

  package init(_ node: Node) throws(OperatorError) {
    guard let kernel = try node.ints("kernel_shape") else {
      throw .missingAttribute("kernel_shape")
    }
    self.kernel = kernel
    window = try Window(node)
    isQuantized = node.op.name == "QLinearAveragePool"
    kind =
      switch node.op.name {
      case "AveragePool", "QLinearAveragePool": .average
      case "LpPool": .norm
      default: .maximum
      }
    let isChannelsLast = try node.flag("channels_last") || node.op.name.hasPrefix("Nhwc")
    layout = isChannelsLast ? .channelsLast : .channelsFirst
  }

  package var layer: LayerClass { .pooling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    var extents = try layout.split(input.shape)
    extents.spatial = try window.slide(kernel, over: extents.spatial)
    let shape = try Shape(layout.join(extents))
    let result = ValueInfo.tensor(input.type, shape)
    return kind == .maximum ? [result, .tensor(.int64, shape)] : [result]
  }

  /// One less operation than the window has taps joins them, and one finishes the mean.
  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let count = try y.required(0).shape.count
    var perResult = try product(kernel)
    // Each tap is raised to a power before, and each sum is brought back.
    if kind == .norm { perResult = saturatingProduct(perResult, 2) }
    // Rescaling between the two quantisations.
    if isQuantized { perResult = saturatingSum(perResult, 4) }
    return Work(elementwise: saturatingProduct(count, perResult))
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
