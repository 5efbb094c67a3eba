/// Where the channels of a tensor of images lie: `N×C×spatial`, or `N×spatial×C`.
package enum ChannelLayout: Hashable, Sendable {
  case channelsFirst
  case channelsLast

  /// Throws where the shape has no axis for the channels.
  package func split(_ shape: Shape) throws(OperatorError) -> Extents {
    guard shape.rank >= 2 else { throw .mismatch("\(shape) has no axis of channels") }
    switch self {
    case .channelsFirst:
      return Extents(
        batch: shape[0], channels: shape[1], spatial: Array(shape.dims.dropFirst(2)))
    case .channelsLast:
      return Extents(
        batch: shape[0], channels: shape[shape.rank - 1],
        spatial: Array(shape.dims.dropFirst().dropLast()))
    }
  }

  package func join(_ extents: Extents) -> [Int] {
    switch self {
    case .channelsFirst: [extents.batch, extents.channels] + extents.spatial
    case .channelsLast: [extents.batch] + extents.spatial + [extents.channels]
    }
  }

  package struct Extents: Hashable, Sendable {
    package var batch: Int
    package var channels: Int
    package var spatial: [Int]
  }
}
