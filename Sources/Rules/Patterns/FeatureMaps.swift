import Graph

/// The image that a network looks at: its first input, where that has four axes and few channels.
struct Image {
  let value: Value.ID
  let height: Int
  let width: Int
  /// The axis of the height; that of the width follows.
  let axis: Int

  /// More channels than these are a feature map: red, green and blue, and perhaps depth.
  private static let channels = 1...4

  init?(_ subject: Subject) {
    let body = subject.scope.body
    guard let input = body.inputs.first(where: { body.values[$0].initializer == nil }),
      let tensor = subject.tensor(input), tensor.rank == 4, !tensor.isEstimated
    else { return nil }
    let dims = tensor.dims
    // A picture has more rows and columns than it has channels, which tells the layouts apart.
    if Self.channels.contains(dims[1]), min(dims[2], dims[3]) > dims[1] {
      (height, width, axis) = (dims[2], dims[3], 2)
    } else if Self.channels.contains(dims[3]), min(dims[1], dims[2]) > dims[3] {
      (height, width, axis) = (dims[1], dims[2], 1)
    } else {
      return nil
    }
    value = input
  }
}

/// The tensors that are maps of an image: one number per channel and place, whatever layer they come from.
struct FeatureMaps {
  /// For each value, its rows and columns; nil where it is no map.
  let sizes: [(height: Int, width: Int)?]

  init(_ image: Image, _ subject: Subject) {
    let scope = subject.scope
    var sizes = [(height: Int, width: Int)?](repeating: nil, count: scope.infos.count)
    // The axis of the rows of each map: pictures whose channels come last are turned around on the way.
    var axes = [Int](repeating: 2, count: scope.infos.count)
    sizes[image.value] = (image.height, image.width)
    axes[image.value] = image.axis
    for step in scope.steps where step.op.map({ $0.keepsPlaces }) ?? false {
      guard let source = step.node.inputs.first(where: { $0.map { sizes[$0] != nil } ?? false }),
        let source
      else { continue }
      var axis: Int? = step.contractions.isEmpty ? axes[source] : 2
      if let order = step.axisOrder { axis = order.firstIndex(of: axes[source]) }
      guard let axis, axis == 1 || axis == 2 else { continue }
      for (id, result) in zip(step.node.outputs, step.outputs.all) {
        guard let id, let dims = result.info?.tensor?.dims, dims.count == 4 else { continue }
        sizes[id] = (dims[axis], dims[axis + 1])
        axes[id] = axis
      }
    }
    self.sizes = sizes
  }
}

extension Operator {
  /// Whether places of a map become places of a map.
  fileprivate var keepsPlaces: Bool {
    switch self {
    case is Convolution, is TransposedConvolution, is DeformableConvolution, is Pooling,
      is Resampling, is BatchNormalization, is Normalization, is Elementwise, is Clip, is Power,
      is Selection, is Cast, is Dropout, is Quantization, is FusedBias, is Concat, is Pad,
      is DepthToSpace, is Transpose, is Identity:
      true
    default: false
    }
  }
}
