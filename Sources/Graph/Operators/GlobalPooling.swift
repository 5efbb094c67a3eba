/// Pools over all spatial axes at once: one number for each channel of each image.
///
/// `N×C×spatial` becomes `N×C×1…`. https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html
package struct GlobalPooling: Operator {
  package static let names: [OperatorName] = [
    "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool",
    "com.microsoft::QLinearGlobalAveragePool",
    "com.microsoft.nchwc::GlobalAveragePool", "com.microsoft.nchwc::GlobalMaxPool",
  ]

  package let layout: ChannelLayout
  /// Elementary operations for each element of the input.
  private let operations: Int
  private let isQuantized: Bool

  package init(_ node: Node) throws(OperatorError) {
    layout = try node.flag("channels_last") ? .channelsLast : .channelsFirst
    operations = node.op.name == "GlobalLpPool" ? 2 : 1
    isQuantized = node.op.name == "QLinearGlobalAveragePool"
  }

  package var layer: LayerClass { .pooling }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    var extents = try layout.split(input.shape)
    extents.spatial = extents.spatial.map { _ in 1 }
    return [try .tensor(input.type, layout.join(extents))]
  }

  package func arithmetic(_ x: Operands, _ y: Operands) throws(OperatorError) -> Work {
    let work = Work(elementwise: operations).times(try x.required(0).shape.count)
    // Rescaling between the two quantisations.
    return isQuantized ? work + Work(elementwise: 4).times(try y.required(0).shape.count) : work
  }

  package func role(_ index: Int, _: Operands) -> OperandRole { index == 0 ? .data : .setting }
}
