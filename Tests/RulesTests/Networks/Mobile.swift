import Graph

/// Networks for small devices: depthwise convolutions between 1×1 ones.
enum Mobile {
  /// A stage: how often its block is repeated, and what the block widens to, gives and looks at.
  struct Stage {
    var count = 1
    var expansion: Int
    var width: Int
    var kernel = 3
    var stride: Int
    /// The share of the widened channels that the gates of squeeze and excitation have, or 0.
    var gate = 0.0
  }

  static func mobileNetV2(_ net: inout Layers) throws -> [Layers.Map] {
    let rows = [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
      (6, 320, 1, 1),
    ]
    let stages = rows.map { Stage(count: $2, expansion: $0, width: $1, stride: $3) }
    return try inverted(stages, stem: 32, last: 1280, activation: "Relu", &net)
  }

  static func mnasNet(_ net: inout Layers) throws -> [Layers.Map] {
    let rows = [
      (1, 16, 1, 3, 1), (3, 24, 3, 3, 2), (3, 40, 3, 5, 2), (6, 80, 3, 5, 2), (6, 96, 2, 3, 1),
      (6, 192, 4, 5, 2), (6, 320, 1, 3, 1),
    ]
    let stages = rows.map { Stage(count: $2, expansion: $0, width: $1, kernel: $3, stride: $4) }
    return try inverted(stages, stem: 32, last: 1280, activation: "Relu", &net)
  }

  /// Widths are those of its table, as multiples of what goes into each block, rounded.
  static func mobileNetV3(isLarge: Bool, _ net: inout Layers) throws -> [Layers.Map] {
    let large = [
      (16, 16, 3, 1, false), (64, 24, 3, 2, false), (72, 24, 3, 1, false), (72, 40, 5, 2, true),
      (120, 40, 5, 1, true), (120, 40, 5, 1, true), (240, 80, 3, 2, false), (200, 80, 3, 1, false),
      (184, 80, 3, 1, false), (184, 80, 3, 1, false), (480, 112, 3, 1, true),
      (672, 112, 3, 1, true),
      (672, 160, 5, 2, true), (960, 160, 5, 1, true), (960, 160, 5, 1, true),
    ]
    let small = [
      (16, 16, 3, 2, true), (72, 24, 3, 2, false), (88, 24, 3, 1, false), (96, 40, 5, 2, true),
      (240, 40, 5, 1, true), (240, 40, 5, 1, true), (120, 48, 5, 1, true), (144, 48, 5, 1, true),
      (288, 96, 5, 2, true), (576, 96, 5, 1, true), (576, 96, 5, 1, true),
    ]
    var x = net.unary("HardSwish", try net.conv(net.image(224), 16, 3, stride: 2))
    for (wide, width, kernel, stride, isGated) in isLarge ? large : small {
      var y = x
      if wide != x.channels { y = net.unary("HardSwish", try net.conv(y, wide, 1)) }
      y = try net.conv(y, wide, kernel, stride: stride, groups: wide)
      y = net.unary("HardSwish", y)
      if isGated { y = try net.squeezeExcite(y, wide / 4) }
      y = try net.conv(y, width, 1)
      x = stride == 1 && x.channels == width ? net.add(y, x) : y
    }
    x = net.unary("HardSwish", try net.conv(x, isLarge ? 960 : 576, 1))
    let pooled = try net.flatten(net.globalPool(x))
    let hidden = net.unary("HardSwish", try net.dense(pooled, isLarge ? 1280 : 1024))
    return [try net.dense(hidden, 1000)]
  }

  /// EfficientNet-B0, or a larger one by its factors of width and depth.
  static func efficientNet(
    width: Double = 1, depth: Double = 1, size: Int = 224, _ net: inout Layers
  ) throws -> [Layers.Map] {
    func channels(_ count: Int) -> Int {
      let scaled = Double(count) * width
      let rounded = Int((scaled + 4) / 8) * 8
      return Double(rounded) < 0.9 * scaled ? rounded + 8 : rounded
    }
    let rows = [
      (1, 16, 1, 3, 1), (6, 24, 2, 3, 2), (6, 40, 2, 5, 2), (6, 80, 3, 3, 2), (6, 112, 3, 5, 1),
      (6, 192, 4, 5, 2), (6, 320, 1, 3, 1),
    ]
    let stages = rows.map {
      Stage(
        count: Int((Double($2) * depth).rounded(.up)), expansion: $0, width: channels($1),
        kernel: $3, stride: $4, gate: 0.25)
    }
    return try inverted(
      stages, stem: channels(32), last: channels(1280), size: size, activation: nil, &net)
  }

  /// `activation` nil is a SiLU, spelled out.
  private static func inverted(
    _ stages: [Stage], stem: Int, last: Int, size: Int = 224, activation: String?,
    _ net: inout Layers
  ) throws -> [Layers.Map] {
    func bend(_ x: Layers.Map, _ net: inout Layers) -> Layers.Map {
      activation == nil ? net.silu(x) : net.relu(x)
    }
    var x = bend(try net.conv(net.image(size), stem, 3, stride: 2), &net)
    for stage in stages {
      for index in 0..<stage.count {
        let stride = index == 0 ? stage.stride : 1
        let wide = x.channels * stage.expansion
        var y = x
        if wide != x.channels { y = bend(try net.conv(y, wide, 1), &net) }
        y = bend(try net.conv(y, wide, stage.kernel, stride: stride, groups: wide), &net)
        if stage.gate > 0 { y = try net.squeezeExcite(y, max(1, x.channels / 4)) }
        y = try net.conv(y, stage.width, 1)
        x = stride == 1 && x.channels == stage.width ? net.add(y, x) : y
      }
    }
    return [try net.classifier(bend(try net.conv(x, last, 1), &net))]
  }

  /// RegNets: bottlenecks with grouped convolutions and gates.
  static func regNet(
    _ widths: [Int], _ counts: [Int], group: Int, _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = net.relu(try net.conv(net.image(224), 32, 3, stride: 2))
    for (width, count) in zip(widths, counts) {
      for index in 0..<count {
        let stride = index == 0 ? 2 : 1
        let short = index == 0 ? try net.conv(x, width, 1, stride: 2) : x
        var y = net.relu(try net.conv(x, width, 1))
        y = net.relu(try net.conv(y, width, stride: stride, groups: width / group))
        y = try net.conv(try net.squeezeExcite(y, max(1, x.channels / 4)), width, 1)
        x = net.relu(net.add(y, short))
      }
    }
    return [try net.classifier(x)]
  }

  /// ShuffleNet v2 of width 1: halves of the channels pass each block by, and are shuffled behind it.
  static func shuffleNet(_ net: inout Layers) throws -> [Layers.Map] {
    var x = net.relu(try net.conv(net.image(224), 24, 3, stride: 2))
    x = net.pool(x, 3, stride: 2, padding: 1)
    for (width, count) in [(116, 4), (232, 8), (464, 4)] {
      for index in 0..<count {
        let half = width / 2
        var (own, other) = (x, x)
        if index == 0 {
          other = try net.conv(
            try net.conv(x, x.channels, 3, stride: 2, groups: x.channels), half, 1)
          other = net.relu(other)
        } else {
          (other, own) = try net.split(x)
        }
        own = net.relu(try net.conv(own, half, 1))
        own = try net.conv(own, half, 3, stride: index == 0 ? 2 : 1, groups: half)
        own = net.relu(try net.conv(own, half, 1))
        x = try net.shuffle(net.concat([other, own]))
      }
    }
    return [try net.classifier(net.relu(try net.conv(x, 1024, 1)))]
  }
}

extension Layers {
  /// Two halves of the channels.
  mutating func split(_ x: Map) throws -> (Map, Map) {
    let parts = node(
      "Split", [x.value, try integers([x.channels / 2, x.channels / 2])], ["axis": .int(1)],
      outputs: 2)
    var (first, second) = (x, x)
    (first.value, second.value) = (parts[0], parts[1])
    (first.channels, second.channels) = (x.channels / 2, x.channels / 2)
    return (first, second)
  }

  /// Channels of two halves in turn.
  mutating func shuffle(_ x: Map) throws -> Map {
    let apart = try integers([batch, 2, x.channels / 2, x.size, x.size])
    let together = try integers([batch, x.channels, x.size, x.size])
    var result = x
    result.value = node("Reshape", [x.value, apart])[0]
    result.value = node("Transpose", [result.value], ["perm": .ints([0, 2, 1, 3, 4])])[0]
    result.value = node("Reshape", [result.value, together])[0]
    return result
  }
}
