import Graph

/// Which readers that leave out elements are looked at.
enum Selecting: Sendable {
  /// Those that take some places in a row: the first token, the last.
  case places
  /// Those that take every so many.
  case strides
}

/// What a node must read along an axis of an operand to make part of its result.
enum Needed {
  case range(axis: Int, PositionRange)
  /// All of the operand, which has no such axis or is read along it whatever is made.
  case everything
}

extension Step {
  /// What of the operand at `index` the node reads to make `part` of its results.
  ///
  /// Empty where it reads the whole. Every axis that `part` cuts must be one that the node can leave out
  /// elements of.
  func reads(_ index: Int, making part: Part, _ selecting: Selecting, isFixed: Bool) -> Part {
    guard let input = inputs[index], !input.isEstimated else { return [] }
    var read = Part(repeating: nil, count: input.rank)
    for (axis, range) in part.enumerated() {
      guard let range else { continue }
      if case .range(let source, let sourceRange) = needs(
        index, for: axis, range, isFixed: isFixed),
        read.indices.contains(source)
      {
        read[source] = sourceRange
      }
    }
    if index == 0 {
      for axis in read.indices where read[axis] == nil {
        let extent = input.dims[axis]
        if let range = selects(axis, selecting, isFixed: isFixed), range.count < extent {
          read[axis] = range
        }
      }
    }
    return read.wholeIfUncut
  }

  /// Whether the node can make only `range` along `axis` of each of its results, with less work.
  func canLeaveOut(_ axis: Int, _ range: PositionRange, isFixed: Bool) -> Bool {
    node.inputs.indices.allSatisfy {
      inputs.isGiven($0) ? needs($0, for: axis, range, isFixed: isFixed) != nil : true
    }
      && !inputs.all.isEmpty
  }

  /// Whether the node itself leaves out elements of its first operand, whatever is wanted of its result.
  func leavesOut(_ selecting: Selecting, isFixed: Bool) -> Bool {
    guard canSelect(selecting), canBeNarrowed, let input = inputs[0], !input.isEstimated else {
      return false
    }
    return input.dims.indices.contains { axis in
      selects(axis, selecting, isFixed: isFixed).map { $0.count < input.dims[axis] } ?? false
    }
  }

  /// Whether the operator can leave out elements so.
  private func canSelect(_ selecting: Selecting) -> Bool {
    switch family {
    case Slicing.self: true
    case Gather.self: selecting == .places
    case Resampling.self, Pooling.self: selecting == .strides
    case Convolution.self:
      selecting == .strides
        && op(as: Convolution.self)?.window.strides.contains { $0 > 1 } ?? false
    default: false
    }
  }

  /// What the node itself leaves out of its operand along `axis`, whatever is wanted of its result.
  func selects(_ axis: Int, _ selecting: Selecting, isFixed: Bool) -> PositionRange? {
    switch op {
    case let slice as Slicing:
      guard let shape = inputs[0]?.shape, let result = outputs[0], !result.isEstimated,
        isFixed || (1..<max(1, inputs.count)).allSatisfy({ inputs.isConstant($0) }),
        let cuts = try? slice.cuts(inputs, shape), cuts.count(where: { $0.axis == axis }) == 1,
        let cut = cuts.first(where: { $0.axis == axis }), let start = cut.start, let end = cut.end,
        let step = cut.step, step > 0, (step > 1) == (selecting == .strides)
      else { return nil }
      let reach = end >= shape[axis] ? Int.max : end
      return PositionRange(start: start, end: reach, step: step, count: result.dims[axis])
    case let gather as Gather:
      guard selecting == .places, let shape = inputs[0]?.shape,
        (try? shape.axis(gather.axis)) == axis,
        inputs.isConstant(1) || isFixed, inputs[1]?.shape.count == 1,
        let index = inputs[1]?.value?.integers?.first, index >= -shape[axis], index < shape[axis]
      else { return nil }
      return .single(index)
    case is Resampling:
      guard selecting == .strides, isFixed, let stride = nearestStride(axis), stride > 1,
        let extent = inputs[0]?.dims[axis]
      else { return nil }
      return .every(stride, of: extent)
    default:
      guard selecting == .strides, let stride = skippingStride(axis), stride > 1,
        let extent = inputs[0]?.dims[axis]
      else { return nil }
      return .every(stride, of: extent)
    }
  }

  /// The stride along a spatial axis on which each window is a single element of the operand; nil elsewhere.
  func skippingStride(_ axis: Int) -> Int? {
    guard let (window, kernel) = slidingWindow, kernel.indices.contains(axis - 2),
      kernel[axis - 2] == 1, window.hasNoPadding(axis - 2, of: kernel.count)
    else { return nil }
    return window.stride(axis - 2)
  }

  /// The window and the extents of its kernel, of convolutions and pools whose channels come first.
  var slidingWindow: (window: Window, kernel: [Int])? {
    switch op {
    case let convolution as Convolution:
      guard convolution.layout == .channelsFirst, let weights = inputs[convolution.weights],
        !inputs.isGiven(3) || node.op.name == "QLinearConv"
      else { return nil }
      return (convolution.window, Array(weights.dims.dropFirst(2)))
    case let pooling as Pooling:
      guard pooling.layout == .channelsFirst, outputs.all.count(where: \.isGiven) == 1,
        node.op.domain.isEmpty
      else { return nil }
      return (pooling.window, pooling.kernel)
    default: return nil
    }
  }
}

extension Window {
  /// Whether nothing is added along a spatial axis on which the kernel has one tap.
  fileprivate func hasNoPadding(_ axis: Int, of count: Int) -> Bool {
    switch padding {
    // A window of one element always fits.
    case .same: true
    case .explicit(let pads):
      !roundsUp
        && (pads.isEmpty || pads.count == 2 * count && pads[axis] == 0 && pads[axis + count] == 0)
    }
  }

  /// Whether the places of windows are those of a window with a smaller stride, but for those left out.
  func keepsPlaces(of count: Int) -> Bool {
    guard case .explicit(let pads) = padding else { return false }
    return !roundsUp && (pads.isEmpty || pads.count == 2 * count)
  }
}
