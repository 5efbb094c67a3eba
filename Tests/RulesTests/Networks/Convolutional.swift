import Graph

/// Convolutional networks for pictures, with the layers and the widths of their papers.
enum Convolutional {
  static func alexNet(_ net: inout Layers) throws -> [Layers.Map] {
    var x = net.image(224)
    x = net.pool(net.relu(try net.conv(x, 64, 11, stride: 4, padding: 2)), 3, stride: 2)
    x = net.pool(net.relu(try net.conv(x, 192, 5)), 3, stride: 2)
    for width in [384, 256, 256] { x = net.relu(try net.conv(x, width)) }
    return [try head(net.pool(x, 3, stride: 2), &net)]
  }

  /// Stages of 3×3 convolutions with as many as `counts` says, and three dense layers.
  static func vgg(
    _ counts: [Int], size: Int = 224, _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = net.image(size)
    for (count, width) in zip(counts, [64, 128, 256, 512, 512]) {
      for _ in 0..<count { x = net.relu(try net.conv(x, width)) }
      x = net.pool(x, 2, stride: 2)
    }
    return [size < 64 ? try net.dense(try net.flatten(x), 10) : try head(x, &net)]
  }

  private static func head(_ x: Layers.Map, _ net: inout Layers) throws -> Layers.Map {
    var x = try net.flatten(x)
    for _ in 0..<2 { x = net.relu(try net.dense(x, 4096)) }
    return try net.dense(x, 1000)
  }

  /// The residual networks for ImageNet, of two 3×3 convolutions in a block or of a bottleneck.
  ///
  /// `stridesFirst` puts strides on the first 1×1 convolution, as first published.
  static func resNet(
    _ counts: [Int], isBottleneck: Bool, widening: Int = 1, stridesFirst: Bool = false,
    _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = net.relu(try net.conv(net.image(224), 64, 7, stride: 2))
    x = net.pool(x, 3, stride: 2, padding: 1)
    for (stage, count) in counts.enumerated() {
      let width = 64 << stage
      for index in 0..<count {
        let stride = stage > 0 && index == 0 ? 2 : 1
        let out = isBottleneck ? 4 * width : width
        let short =
          x.channels == out && stride == 1 ? x : try net.conv(x, out, 1, stride: stride)
        var y = x
        if isBottleneck {
          y = net.relu(try net.conv(y, width * widening, 1, stride: stridesFirst ? stride : 1))
          y = net.relu(try net.conv(y, width * widening, stride: stridesFirst ? 1 : stride))
          y = try net.conv(y, out, 1)
        } else {
          y = net.relu(try net.conv(y, width, stride: stride))
          y = try net.conv(y, width)
        }
        x = net.relu(net.add(y, short))
      }
    }
    return [try net.classifier(x)]
  }

  /// The residual networks for pictures of 32×32, with `blocks` in each of three stages.
  static func cifarResNet(
    blocks: Int, isBottleneck: Bool = false, widening: Int = 1, _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = try net.conv(net.image(32), 16)
    for stage in 0..<3 {
      let width = (16 << stage) * widening
      for index in 0..<blocks {
        let stride = stage > 0 && index == 0 ? 2 : 1
        let out = isBottleneck ? 4 * width : width
        let short =
          x.channels == out && stride == 1 ? x : try net.conv(x, out, 1, stride: stride)
        var y = x
        if isBottleneck { y = net.relu(try net.conv(y, width, 1)) }
        y = net.relu(try net.conv(y, width, stride: stride))
        y = isBottleneck ? try net.conv(y, out, 1) : try net.conv(y, width)
        x = net.relu(net.add(y, short))
      }
    }
    return [try net.classifier(x, 10)]
  }

  /// Normalisation and activation before each convolution, over everything that the block has computed so far.
  static func denseNet(_ counts: [Int], _ net: inout Layers) throws -> [Layers.Map] {
    let stem = net.relu(
      try net.norm(try net.conv(net.image(224), 64, 7, stride: 2, isBiased: false)))
    var x = net.pool(stem, 3, stride: 2, padding: 1)
    for (stage, count) in counts.enumerated() {
      var parts = [x]
      for _ in 0..<count {
        let all = parts.count == 1 ? x : net.concat(parts)
        let narrow = try net.conv(net.relu(try net.norm(all)), 128, 1)
        parts.append(try net.conv(net.relu(narrow), 32, isBiased: false))
      }
      x = net.relu(try net.norm(net.concat(parts)))
      guard stage < counts.count - 1 else { break }
      x = try net.conv(x, x.channels / 2, 1, isBiased: false)
      x = net.pool(x, 2, stride: 2, op: "AveragePool")
    }
    return [try net.classifier(x)]
  }

  /// The first Inception network; the two auxiliary heads are what an export for training keeps.
  static func googLeNet(hasAuxiliaryHeads: Bool = false, _ net: inout Layers) throws -> [Layers.Map]
  {
    var x = net.pool(net.relu(try net.conv(net.image(224), 64, 7, stride: 2)), 3, stride: 2)
    x = net.relu(try net.conv(net.relu(try net.conv(x, 64, 1)), 192))
    x = net.pool(x, 3, stride: 2, padding: 1)
    let modules = [
      [64, 96, 128, 16, 32, 32], [128, 128, 192, 32, 96, 64], [192, 96, 208, 16, 48, 64],
      [160, 112, 224, 24, 64, 64], [128, 128, 256, 24, 64, 64], [112, 144, 288, 32, 64, 64],
      [256, 160, 320, 32, 128, 128], [256, 160, 320, 32, 128, 128], [384, 192, 384, 48, 128, 128],
    ]
    var outputs: [Layers.Map] = []
    for (index, widths) in modules.enumerated() {
      if index == 2 || index == 7 { x = net.pool(x, 3, stride: 2, padding: 1) }
      let one = net.relu(try net.conv(x, widths[0], 1))
      let three = net.relu(try net.conv(net.relu(try net.conv(x, widths[1], 1)), widths[2]))
      let five = net.relu(try net.conv(net.relu(try net.conv(x, widths[3], 1)), widths[4]))
      let pooled = net.pool(x, 3, stride: 1, padding: 1)
      x = net.concat([one, three, five, net.relu(try net.conv(pooled, widths[5], 1))])
      if hasAuxiliaryHeads && (index == 2 || index == 5) {
        let small = net.pool(x, 5, stride: 3, op: "AveragePool")
        let narrow = try net.flatten(net.relu(try net.conv(small, 128, 1)))
        outputs.append(try net.dense(net.relu(try net.dense(narrow, 1024)), 1000))
      }
    }
    return [try net.classifier(x)] + outputs
  }

  /// Separable convolutions in residual blocks, eight of which are alike.
  static func xception(_ net: inout Layers) throws -> [Layers.Map] {
    func separable(_ x: Layers.Map, _ width: Int, _ net: inout Layers) throws -> Layers.Map {
      let spread = try net.conv(x, x.channels, groups: x.channels)
      return try net.conv(spread, width, 1)
    }
    var x = net.relu(try net.conv(net.image(299), 32, stride: 2, padding: 0))
    x = net.relu(try net.conv(x, 64, padding: 0))
    for width in [128, 256, 728] {
      let short = try net.conv(x, width, 1, stride: 2)
      x = try separable(try separable(x, width, &net), width, &net)
      x = net.add(net.pool(x, 3, stride: 2, padding: 1), short)
    }
    for _ in 0..<8 {
      var y = x
      for _ in 0..<3 { y = try separable(net.relu(y), 728, &net) }
      x = net.add(y, x)
    }
    let short = try net.conv(x, 1024, 1, stride: 2)
    x = try separable(try separable(x, 728, &net), 1024, &net)
    x = net.add(net.pool(x, 3, stride: 2, padding: 1), short)
    for width in [1536, 2048] { x = net.relu(try separable(x, width, &net)) }
    return [try net.classifier(x)]
  }

  /// Depthwise 7×7 convolutions, and two layers over each pixel between transposes.
  static func convNeXt(
    _ counts: [Int], width: Int, _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = try net.conv(net.image(224), width, 4, stride: 4, padding: 0)
    for (stage, count) in counts.enumerated() {
      if stage > 0 { x = try net.conv(x, width << stage, 2, stride: 2, padding: 0) }
      for _ in 0..<count {
        var y = try net.conv(x, x.channels, 7, groups: x.channels)
        y.value = net.node("Transpose", [y.value], ["perm": .ints([0, 2, 3, 1])])[0]
        y = try net.linear(try net.layerNorm(y), 4 * x.channels)
        y = try net.linear(net.unary("Gelu", y), x.channels)
        y.value = net.node("Transpose", [y.value], ["perm": .ints([0, 3, 1, 2])])[0]
        x = net.add(y, x)
      }
    }
    return [try net.classifier(x)]
  }

  static func squeezeNet(isFirst: Bool = true, _ net: inout Layers) throws -> [Layers.Map] {
    var x = net.relu(
      try net.conv(net.image(224), isFirst ? 96 : 64, isFirst ? 7 : 3, stride: 2, padding: 0))
    x = net.pool(x, 3, stride: 2)
    let pools = isFirst ? [2, 6] : [1, 3]
    for (index, width) in [16, 16, 32, 32, 48, 48, 64, 64].enumerated() {
      let squeezed = net.relu(try net.conv(x, width, 1))
      let one = net.relu(try net.conv(squeezed, 4 * width, 1))
      x = net.concat([one, net.relu(try net.conv(squeezed, 4 * width))])
      if pools.contains(index) { x = net.pool(x, 3, stride: 2) }
    }
    return [try net.flatten(net.globalPool(net.relu(try net.conv(x, 1000, 1))))]
  }

  /// Sums of a 3×3 convolution, a 1×1 convolution and the tensor itself, each normalised, as RepVGG-A0 is trained.
  static func repVGG(_ net: inout Layers) throws -> [Layers.Map] {
    var x = net.image(224)
    for (width, count) in [(48, 1), (48, 2), (96, 4), (192, 14), (1280, 1)] {
      for index in 0..<count {
        let stride = index == 0 ? 2 : 1
        let three = try net.norm(try net.conv(x, width, stride: stride, isBiased: false))
        let one = try net.norm(try net.conv(x, width, 1, stride: stride, isBiased: false))
        var sum = net.add(three, one)
        if index > 0 { sum = net.add(sum, try net.norm(x)) }
        x = net.relu(sum)
      }
    }
    return [try net.classifier(x)]
  }

  /// An encoder, and a decoder that enlarges by transposed convolutions, or by repeating pixels before a 1×1 one.
  static func uNet(repeatsPixels: Bool = false, _ net: inout Layers) throws -> [Layers.Map] {
    var x = net.image(256)
    var skips: [Layers.Map] = []
    for width in [64, 128, 256, 512] {
      for _ in 0..<2 { x = net.relu(try net.conv(x, width)) }
      skips.append(x)
      x = net.pool(x, 2, stride: 2)
    }
    for _ in 0..<2 { x = net.relu(try net.conv(x, 1024)) }
    for skip in skips.reversed() {
      x =
        try repeatsPixels
        ? net.conv(net.enlarge(x), skip.channels, 1) : net.transposedConv(x, skip.channels)
      x = net.concat([skip, x])
      for _ in 0..<2 { x = net.relu(try net.conv(x, skip.channels)) }
    }
    return [try net.conv(x, 2, 1)]
  }

  /// DeepLab v3 on a ResNet-50 whose last two stages are dilated, with rates of 12, 24 and 36.
  static func deepLab(size: Int, _ net: inout Layers) throws -> [Layers.Map] {
    var x = net.relu(try net.conv(net.image(size), 64, 7, stride: 2))
    x = net.pool(x, 3, stride: 2, padding: 1)
    for (stage, count) in [3, 4, 6, 3].enumerated() {
      let width = 64 << stage
      for index in 0..<count {
        let stride = stage == 1 && index == 0 ? 2 : 1
        let short =
          x.channels == 4 * width && stride == 1 ? x : try net.conv(x, 4 * width, 1, stride: stride)
        var y = net.relu(try net.conv(x, width, 1))
        y = net.relu(try net.conv(y, width, stride: stride, dilation: max(1, 1 << (stage - 1))))
        x = net.relu(net.add(try net.conv(y, 4 * width, 1), short))
      }
    }
    var parts = [net.relu(try net.conv(x, 256, 1))]
    for rate in [12, 24, 36] { parts.append(net.relu(try net.conv(x, 256, dilation: rate))) }
    let all = net.relu(try net.conv(net.concat(parts), 256, 1))
    return [try net.conv(net.relu(try net.conv(all, 256)), 21, 1)]
  }

  /// A grey picture of 28×28 enlarged and made three channels of, a ResNet-18, and the most likely class.
  static func medical(_ net: inout Layers) throws -> [Layers.Map] {
    let grey = try net.enlarge(net.image(28, channels: 1), by: 8)
    var x = net.relu(try net.conv(net.concat([grey, grey, grey]), 64, 7, stride: 2))
    x = net.pool(x, 3, stride: 2, padding: 1)
    for stage in 0..<4 {
      for index in 0..<2 {
        let (width, stride) = (64 << stage, stage > 0 && index == 0 ? 2 : 1)
        let short = stride == 1 ? x : try net.conv(x, width, 1, stride: stride)
        let first = net.relu(try net.conv(x, width, stride: stride))
        x = net.relu(net.add(try net.conv(first, width), short))
      }
    }
    var classes = try net.classifier(x, 9)
    classes.value = net.node("Softmax", [classes.value], ["axis": .int(1)])[0]
    classes.value = net.node("ArgMax", [classes.value], ["axis": .int(1)])[0]
    return [classes]
  }
}

extension Layers {
  /// Each pixel repeated.
  mutating func enlarge(_ x: Map, by factor: Int = 2) throws -> Map {
    let scales = try reals([1, 1, Double(factor), Double(factor)])
    var result = x
    result.value = node("Resize", [x.value, nil, scales], ["mode": .string("nearest")])[0]
    result.size *= factor
    return result
  }

  /// Twice the size, by weights of 2×2.
  mutating func transposedConv(_ x: Map, _ channels: Int) throws -> Map {
    var result = x
    result.value =
      node(
        "ConvTranspose", [x.value, try weights([x.channels, channels, 2, 2])],
        ["strides": .ints([2, 2])])[0]
    result.channels = channels
    result.size *= 2
    return result
  }
}
