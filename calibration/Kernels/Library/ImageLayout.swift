/// In which order the numbers of images and weights lie.
package enum ImageLayout: Sendable, Hashable {
  /// Image, channel, row, column; weights by output channel, input channel, row, column.
  case channelsFirst
  /// Image, row, column, channel; weights by output channel, row, column, input channel.
  case channelsLast

  /// The place of a number in `batch` images, or sets of weights, of `channels` and a height and width of `size`.
  func place(
    _ image: Int, _ channel: Int, _ y: Int, _ x: Int, channels: Int, size: Int
  ) -> Int {
    switch self {
    case .channelsFirst: ((image * channels + channel) * size + y) * size + x
    case .channelsLast: ((image * size + y) * size + x) * channels + channel
    }
  }

  /// What is at `place`.
  func parts(of place: Int, channels: Int, size: Int) -> (
    image: Int, channel: Int, y: Int, x: Int
  ) {
    switch self {
    case .channelsFirst:
      let (plane, position) = place.quotientAndRemainder(dividingBy: size * size)
      return (plane / channels, plane % channels, position / size, position % size)
    case .channelsLast:
      let (pixel, channel) = place.quotientAndRemainder(dividingBy: channels)
      let (image, position) = pixel.quotientAndRemainder(dividingBy: size * size)
      return (image, channel, position / size, position % size)
    }
  }
}
