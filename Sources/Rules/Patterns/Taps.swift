import Graph

/// Where the taps of a convolution's kernel fall, along one axis: on the map, or on the padding around it.
struct Taps: Hashable, Sendable {
  let extent: Int
  let positions: Int
  let kernel: Int
  let stride: Int
  let dilation: Int
  /// Rows or columns of padding before the map and after it.
  let before: Int
  let after: Int
  /// For each tap, at how many of the positions it falls on the map.
  let hits: [Int]

  /// Kernels longer than this are not looked at tap by tap.
  private static let longest = 4096
  /// Extents beyond this are no network's, and would not multiply.
  private static let largest = 1 << 30

  /// Along the spatial axis `axis` of `window`, from `extent` elements to `positions`.
  init?(_ window: Window, _ axis: Int, kernel: Int, extent: Int, positions: Int) {
    let (stride, dilation) = (window.stride(axis), window.dilation(axis))
    guard (1...Self.longest).contains(kernel),
      [extent, positions, stride, dilation].allSatisfy({ (1...Self.largest).contains($0) })
    else { return nil }
    switch window.padding {
    case .explicit(let pads):
      let axes = pads.count / 2
      (before, after) = pads.isEmpty ? (0, 0) : (pads[axis], pads[axis + axes])
    case .same(let extraAtStart):
      let reach = (positions - 1) * stride + (kernel - 1) * dilation + 1
      let padding = max(0, reach - extent)
      before = extraAtStart ? padding - padding / 2 : padding / 2
      after = padding - before
    }
    guard (0...Self.largest).contains(before), (0...Self.largest).contains(after) else {
      return nil
    }
    let start = before
    hits = (0..<kernel).map { tap in
      // The tap of position p reads row p · stride + offset.
      let offset = tap * dilation - start
      let first = offset >= 0 ? 0 : (-offset + stride - 1) / stride
      let last = extent - 1 - offset
      guard last >= 0 else { return 0 }
      return max(0, min(positions, last / stride + 1) - first)
    }
    self.extent = extent
    self.positions = positions
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
  }

  /// The share of all taps at all positions that fall on the map.
  var share: Double {
    Double(hits.reduce(0, +)) / (Double(positions) * Double(kernel))
  }

  /// The taps from the first to the last that fall on the map at more than `share` of the positions.
  func used(atMoreThan share: Double) -> Range<Int> {
    let threshold = share * Double(positions)
    guard let first = hits.firstIndex(where: { Double($0) > threshold }),
      let last = hits.lastIndex(where: { Double($0) > threshold })
    else { return 0..<kernel }
    return first..<(last + 1)
  }

  /// The padding that is left when only the taps of `range` are kept; nil where the map would have to be cut.
  func padding(keeping range: Range<Int>) -> (before: Int, after: Int)? {
    let before = before - range.lowerBound * dilation
    let after = after - (kernel - range.upperBound) * dilation
    return before >= 0 && after >= 0 ? (before, after) : nil
  }
}

extension Taps {
  /// The taps of a convolution along each spatial axis; nil where they cannot be told.
  static func all(of step: Step) -> [Taps]? {
    guard let convolution = step.op(as: Convolution.self), step.isCounted,
      let input = step.inputs[0], let output = step.outputs[0],
      let weights = step.inputs[convolution.weights],
      let from = try? convolution.layout.split(input.shape).spatial,
      let to = try? convolution.layout.split(output.shape).spatial
    else { return nil }
    let kernel = Array(weights.dims.dropFirst(2))
    guard !kernel.isEmpty, kernel.count == from.count, from.count == to.count else { return nil }
    let taps = kernel.indices.compactMap { axis in
      Taps(
        convolution.window, axis, kernel: kernel[axis], extent: from[axis], positions: to[axis])
    }
    return taps.count == kernel.count ? taps : nil
  }
}
