import Graph

/// One convolution that does what several branches of the same tensor do together.
struct MergedConvolution {
  private let branches: [LinearBranch]
  private let source: Value.ID
  private let groups: Int
  private let strides: [Int]
  /// The extents of the kernel, and what is padded before and after each axis.
  private let kernel: [Int]
  private let before: [Int]
  private let after: [Int]
  /// The result's channels, and the operand's within a group.
  private let channels: Int
  private let depth: Int
  private let type: ElementType
  private let hasBias: Bool

  private struct Geometry {
    var kernel: [Int]
    var before: [Int]
    var after: [Int]
  }

  /// Nil where the branches do not fit over one another, or none is a convolution.
  init?(_ branches: [LinearBranch], _ subject: Subject) {
    let layers = branches.compactMap(\.convolution).map { subject.steps[$0] }
    guard let first = layers.first, let layer = first.op(as: Convolution.self),
      let weights = first.inputs[1], let source = branches.first?.source,
      let operand = subject.scope.infos[source]?.tensor, weights.rank > 2
    else { return nil }
    let axes = weights.rank - 2
    var geometries: [Geometry] = []
    for branch in branches {
      guard let geometry = Self.geometry(branch, axes, subject) else { return nil }
      geometries.append(geometry)
    }
    let strides = (0..<axes).map { layer.window.stride($0) }
    for step in layers {
      guard let other = step.op(as: Convolution.self), other.groups == layer.groups,
        (0..<axes).allSatisfy({ other.window.stride($0) == strides[$0] }),
        step.inputs[1]?.dims.prefix(2) == weights.dims.prefix(2)
      else { return nil }
    }
    if layers.count < branches.count {
      // The tensor itself is among the terms: as many channels, pixel for pixel.
      guard operand.rank == weights.rank, operand.dims[1] == weights.dims[0],
        strides.allSatisfy({ $0 == 1 })
      else { return nil }
    }
    before = (0..<axes).map { axis in geometries.map { $0.before[axis] }.max() ?? 0 }
    after = (0..<axes).map { axis in geometries.map { $0.after[axis] }.max() ?? 0 }
    let (before, after) = (before, after)
    let kernels = geometries.map { geometry in
      (0..<axes).map { axis in
        saturatingSum(
          geometry.kernel[axis],
          (before[axis] - geometry.before[axis]) + (after[axis] - geometry.after[axis]))
      }
    }
    guard let kernel = kernels.first, kernels.allSatisfy({ $0 == kernel }) else { return nil }
    self.branches = branches
    self.source = source
    self.kernel = kernel
    self.strides = strides
    groups = layer.groups
    channels = weights.dims[0]
    depth = weights.dims[1]
    type = weights.type
    hasBias = branches.contains { $0.norm != nil } || layers.contains { $0.inputs.isGiven(2) }
  }

  /// The kernel of a branch and its padding; the tensor itself is a convolution with one tap.
  private static func geometry(_ branch: LinearBranch, _ axes: Int, _ subject: Subject) -> Geometry?
  {
    guard let id = branch.convolution else {
      let (ones, zeros) = ([Int](repeating: 1, count: axes), [Int](repeating: 0, count: axes))
      return Geometry(kernel: ones, before: zeros, after: zeros)
    }
    let step = subject.steps[id]
    guard let (window, kernel) = step.slidingWindow, kernel.count == axes,
      (0..<axes).allSatisfy({ window.dilation($0) == 1 || kernel[$0] == 1 }),
      let pads = window.pads(axes), (pads.before + pads.after).allSatisfy({ 0...1024 ~= $0 })
    else { return nil }
    return Geometry(kernel: kernel, before: pads.before, after: pads.after)
  }

  /// The convolution, whose constants are added to `rewrite`; its result is yet to be named.
  func node(_ rewrite: inout Rewrite, _ subject: Subject) -> Node? {
    let body = subject.scope.body
    var weights: Recipe?
    var bias: Recipe?
    for branch in branches {
      let (kernel, shift) = recipes(branch, subject)
      weights = weights.map { $0 + kernel } ?? kernel
      if let shift { bias = bias.map { $0 + shift } ?? shift }
    }
    guard let weights, let info = try? TensorInfo(type, [channels, depth] + kernel),
      let biasInfo = try? TensorInfo(type, [channels])
    else { return nil }
    var inputs: [Value.ID?] = [
      source, rewrite.addConstant("merged.weight", info, weights, to: body),
    ]
    if hasBias {
      inputs.append(rewrite.addConstant("merged.bias", biasInfo, bias ?? .number(0), to: body))
    }
    return Node(
      "Conv", opset: subject.opset, inputs: inputs, outputs: [],
      attributes: [
        Attribute("group", .int(groups)), Attribute("kernel_shape", .ints(kernel)),
        Attribute("pads", .ints(before + after)), Attribute("strides", .ints(strides)),
      ])
  }

  /// What a branch adds to the weights, and to the bias if anything.
  private func recipes(_ branch: LinearBranch, _ subject: Subject) -> (Recipe, Recipe?) {
    let axes = kernel.count
    var weights: Recipe
    var bias: Recipe?
    if let id = branch.convolution, let own = subject.steps[id].node.inputs[1] {
      weights = .constant(own)
      let inputs = subject.steps[id].node.inputs
      if inputs.count > 2, let shift = inputs[2] { bias = .constant(shift) }
    } else {
      weights = .reshaped(
        .identity(rows: channels, columns: depth), [channels, depth] + kernel.map { _ in 1 })
    }
    if let norm = branch.norm, let factors = ChannelFactors(subject.steps[norm]) {
      weights = weights * .reshaped(factors.scale, [channels, 1] + kernel.map { _ in 1 })
      bias = ((bias ?? .number(0)) - factors.mean) * factors.scale + factors.offset
    }
    guard let geometry = Self.geometry(branch, axes, subject) else { return (weights, bias) }
    for axis in 0..<axes {
      let (front, back) = (before[axis] - geometry.before[axis], after[axis] - geometry.after[axis])
      if front > 0 || back > 0 {
        weights = .padded(weights, axis: axis + 2, before: front, after: back)
      }
    }
    return (weights, bias)
  }
}
