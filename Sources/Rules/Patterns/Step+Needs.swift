import Graph

extension Step {
  /// What the node needs of the operand at `index` to make only `range` along `axis` of its results.
  ///
  /// Nil where the node cannot leave anything out along that axis: because other elements take part in those
  /// wanted, or because nothing is known of it. `isFixed` says whether every extent is the file's own.
  func needs(_ index: Int, for axis: Int, _ range: PositionRange, isFixed: Bool) -> Needed? {
    guard let result = outputs.tensors.first, axis < result.rank,
      let input = inputs[index], !input.isEstimated, !result.isEstimated
    else { return nil }
    switch op {
    case is Elementwise, is Selection, is Power, is Clip:
      return broadcast(input, axis, result.rank, range)
    case is Cast, is Identity: return index == 0 ? .range(axis: axis, range) : .everything
    case let dropout as Dropout:
      guard !dropout.isTraining(inputs), outputs.all.count(where: \.isGiven) == 1 else {
        return nil
      }
      return index == 0 ? .range(axis: axis, range) : .everything
    case let bias as FusedBias:
      return bias.isGated || axis == result.rank - 1
        ? nil : broadcast(input, axis, result.rank, range)
    case let quantization as Quantization:
      guard quantization.direction != .quantizeDynamically, inputs[1]?.shape.count == 1 else {
        return nil
      }
      return index == 0 ? .range(axis: axis, range) : .everything
    case let softmax as Softmax:
      guard node.op.domain.isEmpty,
        let first = try? result.shape.axis(softmax.axis, orEnd: softmax.flattens),
        softmax.flattens ? axis < first : axis != first
      else { return nil }
      return .range(axis: axis, range)
    case let norm as Normalization: return needs(of: norm, index, axis, range, result.shape)
    case is SkipNormalization:
      guard node.op.name != "SkipGroupNorm", axis < result.rank - 1 else { return nil }
      return index < 2 ? broadcast(input, axis, result.rank, range) : .everything
    case let norm as BatchNormalization:
      guard !norm.isTraining, axis != 1 else { return nil }
      return index == 0 ? .range(axis: axis, range) : .everything
    case let product as MatrixProduct: return needs(of: product, index, axis, range, result.rank)
    case is PackedMatrixProduct:
      guard axis < result.rank - 1 else { return nil }
      return index == 0 ? .range(axis: axis, range) : .everything
    case let attention as Attention: return needs(of: attention, index, axis, range, result.rank)
    case is Convolution, is Pooling: return needsOfWindow(index, axis, range)
    default: return needsOfMovement(input, index, axis, range, result.shape, isFixed)
    }
  }

  /// What is needed of an operand that is broadcast to the result.
  private func broadcast(_ input: TensorInfo, _ axis: Int, _ rank: Int, _ range: PositionRange)
    -> Needed
  {
    let source = axis - (rank - input.rank)
    guard source >= 0, input.dims[source] > 1 else { return .everything }
    return .range(axis: source, range)
  }

  private func needs(
    of norm: Normalization, _ index: Int, _ axis: Int, _ range: PositionRange, _ shape: Shape
  ) -> Needed? {
    switch norm.kind {
    case .layer(let first), .rootMeanSquare(let first):
      guard let first = try? shape.axis(first), axis < first else { return nil }
    case .localResponse: guard axis != 1 else { return nil }
    case .group, .meanVariance, .norm: return nil
    }
    guard index == 0 else {
      // Scales and shifts span the axes that are normalised, or are broadcast to all.
      return inputs[index].map { $0.rank } ?? 0 <= shape.rank - 1 - axis ? .everything : nil
    }
    return .range(axis: axis, range)
  }

  /// A row of a product needs the same row of the left operand; a stack, the same stack of both.
  private func needs(
    of product: MatrixProduct, _ index: Int, _ axis: Int, _ range: PositionRange, _ rank: Int
  ) -> Needed? {
    guard let a = inputs[0], let b = inputs[1], a.rank >= 2, b.rank >= 2 else { return nil }
    switch node.op {
    case "Gemm":
      guard axis == 0 else { return nil }
      switch index {
      case 0: return .range(axis: product.transposesA ? 1 : 0, range)
      case 1: return .everything
      default: return inputs[2].map { broadcast($0, axis, rank, range) }
      }
    case "MatMul":
      let fromEnd = rank - axis
      guard fromEnd > 1, let operand = inputs[index] else { return nil }
      if fromEnd == 2 {
        return index == 0 ? .range(axis: a.rank - 2, range) : .everything
      }
      let source = operand.rank - fromEnd
      guard source >= 0, operand.dims[source] > 1 else { return .everything }
      return .range(axis: source, range)
    default: return nil
    }
  }

  /// Each query is answered for itself, unless where it stands decides what it may look at.
  private func needs(
    of attention: Attention, _ index: Int, _ axis: Int, _ range: PositionRange, _ rank: Int
  ) -> Needed? {
    guard !attention.isCausal, axis == rank - 2,
      (4..<max(4, inputs.count)).allSatisfy({ !inputs.isGiven($0) }),
      outputs.all.count(where: \.isGiven) == 1
    else { return nil }
    switch index {
    case 0: return .range(axis: axis, range)
    case 3:
      guard let mask = inputs[3], mask.rank >= 2, mask.dims[mask.rank - 2] > 1 else {
        return .everything
      }
      return .range(axis: mask.rank - 2, range)
    default: return .everything
    }
  }

  /// A window moves on in larger strides; over single elements, it needs no others than those it meets.
  private func needsOfWindow(_ index: Int, _ axis: Int, _ range: PositionRange) -> Needed? {
    guard let (window, kernel) = slidingWindow else { return nil }
    if axis == 0 { return index == 0 ? .range(axis: 0, range) : .everything }
    guard kernel.indices.contains(axis - 2) else { return nil }
    if let stride = skippingStride(axis) {
      guard let read = range.strided(by: stride) else { return nil }
      return index == 0 ? .range(axis: axis, read) : .everything
    }
    guard range.isRegular, window.keepsPlaces(of: kernel.count) else { return nil }
    return .everything
  }

  /// What is needed by nodes that put elements elsewhere, or reduce other axes.
  private func needsOfMovement(
    _ input: TensorInfo, _ index: Int, _ axis: Int, _ range: PositionRange, _ shape: Shape,
    _ isFixed: Bool
  ) -> Needed? {
    switch op {
    case let transpose as Transpose:
      let order = transpose.order ?? Array(shape.dims.indices.reversed())
      return order.indices.contains(axis) ? .range(axis: order[axis], range) : nil
    case is Reshape, is Flatten, is Squeeze, is Unsqueeze:
      guard index == 0 else { return .everything }
      if let source = input.shape.axis(matching: axis, of: shape) {
        return .range(axis: source, range)
      }
      // How many elements lie beside one another depends on the other extents.
      return isFixed ? input.shape.range(range, along: axis, of: shape) : nil
    case let reduction as Reduction:
      guard let reduced = try? reduction.reducedAxes(inputs) else { return nil }
      guard index == 0 else { return .everything }
      let kept = input.dims.indices.filter { !reduced.contains($0) }
      if reduction.keepsAxes { return kept.contains(axis) ? .range(axis: axis, range) : nil }
      return kept.indices.contains(axis) ? .range(axis: kept[axis], range) : nil
    case is GlobalPooling: return axis <= 1 && index == 0 ? .range(axis: axis, range) : nil
    case let concat as Concat:
      guard let joined = try? shape.axis(concat.axis), joined != axis else { return nil }
      return .range(axis: axis, range)
    case let split as Split:
      guard let cut = try? input.shape.axis(split.axis), index > 0 || cut != axis else {
        return nil
      }
      return index == 0 ? .range(axis: axis, range) : .everything
    case let slice as Slicing:
      guard let operand = inputs[0], let cuts = try? slice.cuts(inputs, operand.shape),
        !cuts.contains(where: { $0.axis == axis })
      else { return nil }
      return index == 0 ? .range(axis: axis, range) : .everything
    case let gather as Gather:
      guard let data = inputs[0], let places = inputs[1],
        let along = try? data.shape.axis(gather.axis)
      else { return nil }
      if axis < along { return index == 0 ? .range(axis: axis, range) : .everything }
      if axis < along + places.rank {
        return index == 1 ? .range(axis: axis - along, range) : .everything
      }
      return index == 0 ? .range(axis: axis - places.rank + 1, range) : .everything
    default: return nil
    }
  }
}

extension Shape {
  /// What of this shape holds the elements of `range` along an axis of `other`, where one of the two puts that axis
  /// and those behind it into one; nil where that is no range.
  fileprivate func range(_ range: PositionRange, along axis: Int, of other: Shape) -> Needed? {
    guard range.step == 1, other.dims.indices.contains(axis), other[axis] > 1 else { return nil }
    let before = other.dims[..<axis].reduce(1, saturatingProduct)
    guard
      let own = dims.indices.first(where: {
        dims[..<$0].reduce(1, saturatingProduct) == before && dims[$0] > 1
      })
    else { return nil }
    if dims[own] > other[axis] {
      guard let factor = Self.factor(of: dims[own], in: other.dims[axis...]) else { return nil }
      return range.times(factor).map { .range(axis: own, $0) }
    }
    guard let factor = Self.factor(of: other[axis], in: dims[own...]) else { return nil }
    return range.divided(by: factor).map { .range(axis: own, $0) }
  }

  /// The extents behind the first, as many as make `extent` with it, multiplied; nil where none do.
  private static func factor(of extent: Int, in dims: ArraySlice<Int>) -> Int? {
    guard let first = dims.first, first > 0 else { return nil }
    var count = 1
    for dim in dims {
      count = saturatingProduct(count, dim)
      if count >= extent { break }
    }
    return count == extent ? extent / first : nil
  }

  /// The axis of this shape along which its elements lie as they do along `axis` of `other`, a shape of as
  /// many elements; nil where there is none.
  func axis(matching axis: Int, of other: Shape) -> Int? {
    guard other.dims.indices.contains(axis), other[axis] > 1 else { return nil }
    let before = other.dims[..<axis].reduce(1, saturatingProduct)
    var count = 1
    for (own, extent) in dims.enumerated() {
      if count == before, extent == other[axis] { return own }
      count = saturatingProduct(count, extent)
    }
    return nil
  }
}
