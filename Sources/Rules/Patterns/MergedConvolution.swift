import Graph

/// One convolution that does what several branches of the same tensor do together.
struct MergedConvolution {
  private let branches: [LinearBranch]
  private let source: Value.ID
  private let groups: Int
  private let strides: [Int]
  /// How far apart the taps of the kernel are, along each axis.
  private let dilations: [Int]
  /// The extents of the kernel in taps, and what is padded before and after each axis.
  private let kernel: [Int]
  private let before: [Int]
  private let after: [Int]
  /// The result's channels, and the operand's within a group.
  private let channels: Int
  private let depth: Int
  private let type: ElementType
  private let hasBias: Bool

  private struct Geometry {
    /// The taps along each axis, and how far apart they are; 1 where there is one tap.
    var kernel: [Int]
    var dilations: [Int]
    var before: [Int]
    var after: [Int]

    /// The taps of the same kernel spread over places that are `dilation` apart; nil where they fall between them.
    func kernel(_ axis: Int, _ dilation: Int) -> Int? {
      if kernel[axis] == 1 { return 1 }
      guard dilations[axis] % dilation == 0 else { return nil }
      return saturatingSum(
        saturatingProduct(kernel[axis] - 1, dilations[axis] / dilation), 1)
    }
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
    dilations = (0..<axes).map { axis in
      let apart = geometries.filter { $0.kernel[axis] > 1 }.map { $0.dilations[axis] }
      return max(1, apart.reduce(0, Self.commonDivisor))
    }
    let (before, after, dilations) = (before, after, dilations)
    var kernels: [[Int]] = []
    for geometry in geometries {
      var kernel: [Int] = []
      for axis in 0..<axes {
        let (front, back) = (
          before[axis] - geometry.before[axis], after[axis] - geometry.after[axis]
        )
        guard front % dilations[axis] == 0, back % dilations[axis] == 0,
          let own = geometry.kernel(axis, dilations[axis])
        else { return nil }
        kernel.append(saturatingSum(own, (front + back) / dilations[axis]))
      }
      kernels.append(kernel)
    }
    guard let kernel = kernels.first, kernels.allSatisfy({ $0 == kernel }) else { return nil }
    // Gaps that are filled with zeros are multiplied too.
    if geometries.contains(where: { geometry in
      (0..<axes).contains { geometry.kernel($0, dilations[$0]) != geometry.kernel[$0] }
    }) {
      let taps = geometries.reduce(0) { saturatingSum($0, $1.kernel.reduce(1, saturatingProduct)) }
      guard kernel.reduce(1, saturatingProduct) <= taps else { return nil }
    }
    self.branches = branches
    self.source = source
    self.kernel = kernel
    self.strides = strides
    groups = layer.groups
    channels = weights.dims[0]
    depth = weights.dims[1]
    type = weights.type
    hasBias = branches.contains { $0.shifts(subject) }
  }

  /// The largest number that divides both; the other where one is 0.
  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// The kernel of a branch and its padding; the tensor itself is a convolution with one tap.
  private static func geometry(_ branch: LinearBranch, _ axes: Int, _ subject: Subject) -> Geometry?
  {
    guard let id = branch.convolution else {
      let (ones, zeros) = ([Int](repeating: 1, count: axes), [Int](repeating: 0, count: axes))
      return Geometry(kernel: ones, dilations: ones, before: zeros, after: zeros)
    }
    let step = subject.steps[id]
    guard let (window, kernel) = step.slidingWindow, kernel.count == axes,
      kernel.allSatisfy({ 1...1024 ~= $0 }),
      (0..<axes).allSatisfy({ 1...1024 ~= window.dilation($0) }),
      let pads = window.pads(axes), (pads.before + pads.after).allSatisfy({ 0...1024 ~= $0 })
    else { return nil }
    return Geometry(
      kernel: kernel, dilations: (0..<axes).map { window.dilation($0) }, before: pads.before,
      after: pads.after)
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
        Attribute("dilations", .ints(dilations)), Attribute("group", .int(groups)),
        Attribute("kernel_shape", .ints(kernel)),
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
    let ones = kernel.map { _ in 1 }
    for scaling in branch.scalings {
      let step = subject.steps[scaling]
      if let factors = ChannelFactors(step) {
        weights = weights * .reshaped(factors.scale, [channels, 1] + ones)
        bias = ((bias ?? .number(0)) - factors.mean) * factors.scale + factors.offset
        continue
      }
      guard let factor = step.channelFactor(axis: 1) else { continue }
      let own = subject.constantRecipe(factor.constant) ?? .constant(factor.constant)
      let number = Recipe.reshaped(own, factor.isPerChannel ? [channels] : [])
      switch step.node.op {
      case "Mul":
        weights = weights * .reshaped(own, factor.isPerChannel ? [channels, 1] + ones : [])
        bias = bias.map { $0 * number }
      case "Div":
        weights = weights / .reshaped(own, factor.isPerChannel ? [channels, 1] + ones : [])
        bias = bias.map { $0 / number }
      case "Sub": bias = (bias ?? .number(0)) - number
      default: bias = (bias ?? .number(0)) + number
      }
    }
    guard let geometry = Self.geometry(branch, axes, subject) else { return (weights, bias) }
    var extents = [channels, depth] + geometry.kernel
    for axis in 0..<axes {
      let place = axis + 2
      let spacing = geometry.kernel[axis] > 1 ? geometry.dilations[axis] / dilations[axis] : 1
      if spacing > 1, let spread = geometry.kernel(axis, dilations[axis]) {
        // Zeros go behind each tap, and those behind the last one off again.
        let apart = extents[...place] + [1] + extents[(place + 1)...]
        extents[place] = saturatingProduct(extents[place], spacing)
        weights = .padded(
          .reshaped(weights, Array(apart)), axis: place + 1, before: 0, after: spacing - 1)
        weights = .sliced(.reshaped(weights, extents), axis: place, from: 0, to: spread, step: 1)
        extents[place] = spread
      }
      let (front, back) = (before[axis] - geometry.before[axis], after[axis] - geometry.after[axis])
      if front > 0 || back > 0 {
        let (front, back) = (front / dilations[axis], back / dilations[axis])
        weights = .padded(weights, axis: place, before: front, after: back)
        extents[place] = saturatingSum(extents[place], front + back)
      }
    }
    return (weights, bias)
  }
}
