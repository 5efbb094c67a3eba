/// Moves between plain images and ONNX Runtime's images in blocks of channels: `ReorderInput`, `ReorderOutput`.
///
/// How many channels a block has depends on the processor that the file was optimised for; 16 is the most.
package struct ChannelReorder: Operator {
  package static let names: [OperatorName] = [
    "com.microsoft.nchwc::ReorderInput", "com.microsoft.nchwc::ReorderOutput",
  ]

  /// The channels of a plain result; nil where the result is in blocks.
  private let channels: Int?
  /// The layout of the plain side.
  package let layout: ChannelLayout

  /// The most channels that a block has.
  private static let block = 16

  package init(_ node: Node) throws(OperatorError) {
    layout = try node.flag("channels_last") ? .channelsLast : .channelsFirst
    guard node.op.name == "ReorderOutput" else {
      channels = nil
      return
    }
    guard let channels = try node.int("channels") else { throw .missingAttribute("channels") }
    self.channels = channels
  }

  package var layer: LayerClass { .movement }

  package func outputs(_ x: Operands) throws(OperatorError) -> [ValueInfo?] {
    let input = try x.required(0)
    if let channels {
      var extents = try ChannelLayout.channelsFirst.split(input.shape)
      extents.channels = channels
      return [try .tensor(input.type, layout.join(extents))]
    }
    var extents = try layout.split(input.shape)
    let rest = extents.channels % Self.block
    if rest > 0 { extents.channels = saturatingSum(extents.channels, Self.block - rest) }
    let result = try ValueInfo.tensor(input.type, ChannelLayout.channelsFirst.join(extents))
    // Blocks of 8 and of 16 end at the same channel, or they do not.
    return [(1...8).contains(rest) ? result.estimated : result]
  }

  package func arithmetic(_: Operands, _: Operands) -> Work { Work() }
}
