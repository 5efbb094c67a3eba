import Graph

/// Networks for sequences, and those of dense layers alone.
enum Sequences {
  /// An encoder of `layers` blocks; a classifier reads one position, or all of them are given back.
  static func encoder(
    layers: Int, width: Int, tokens: Int, readsOnePosition: Bool = true, _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = net.tokens(tokens, width: width)
    for _ in 0..<layers { x = try net.block(x, heads: width / 64) }
    return [readsOnePosition ? try net.dense(try net.position(x, 0), 2) : x]
  }

  /// A vision transformer over patches of 16×16, with a class token.
  static func visionTransformer(
    layers: Int, width: Int, _ net: inout Layers
  ) throws -> [Layers.Map] {
    let patches = try net.conv(net.image(224), width, 16, stride: 16, padding: 0)
    let flat = net.node("Reshape", [patches.value, try net.integers([net.batch, width, 196])])
    let rows = net.node("Transpose", flat, ["perm": .ints([0, 2, 1])])
    let token = try net.weights([net.batch, 1, width])
    let all = net.node("Concat", [token, rows[0]], ["axis": .int(1)])
    var x = Layers.Map(value: all[0], channels: width, tokens: 197)
    for _ in 0..<layers { x = try net.block(x, heads: width / 64) }
    return [try net.dense(try net.position(x, 0), 1000)]
  }

  /// Layers over the channels of each patch, and over the patches of each channel.
  static func mixer(layers: Int, width: Int, _ net: inout Layers) throws -> [Layers.Map] {
    func turned(_ x: Layers.Map, _ net: inout Layers) -> Layers.Map {
      let value = net.node("Transpose", [x.value], ["perm": .ints([0, 2, 1])])[0]
      return Layers.Map(value: value, channels: x.tokens, tokens: x.channels)
    }
    var x = net.tokens(196, width: width)
    for _ in 0..<layers {
      let columns = turned(try net.layerNorm(x), &net)
      let mixed = try net.linear(net.unary("Gelu", try net.linear(columns, 384)), 196)
      x = net.add(turned(mixed, &net), x)
      let wide = net.unary("Gelu", try net.linear(try net.layerNorm(x), 4 * width))
      x = net.add(try net.linear(wide, width), x)
    }
    x.value = net.node("ReduceMean", [x.value, try net.integers([1])], ["keepdims": .int(0)])[0]
    return [try net.dense(x, 1000)]
  }

  /// A decoder with a head over a vocabulary: for every position, or for the last one, picked behind the head.
  static func generator(
    layers: Int, width: Int, tokens: Int, vocabulary: Int, picksLast: Bool,
    isInPieces: Bool = false, _ net: inout Layers
  ) throws -> [Layers.Map] {
    var x = net.tokens(tokens, width: width)
    for _ in 0..<layers { x = try net.block(x, heads: width / 64, isInPieces: isInPieces) }
    var logits = x
    logits.value = net.node("MatMul", [x.value, try net.weights([width, vocabulary])])[0]
    logits.channels = vocabulary
    return [picksLast ? try net.position(logits, tokens - 1) : logits]
  }

  /// Three layers of an LSTM or a GRU over a sequence, and a classifier on the last state.
  static func recurrent(
    _ op: OperatorName, gates: Int, width: Int, tokens: Int, _ net: inout Layers
  ) throws -> [Layers.Map] {
    let x = net.tokens(tokens, width: width)
    var value = net.node("Transpose", [x.value], ["perm": .ints([1, 0, 2])])[0]
    var last = value
    for _ in 0..<3 {
      let weights = [
        try net.weights([1, gates * width, width]), try net.weights([1, gates * width, width]),
      ]
      let results = net.node(
        op, [value] + weights, ["hidden_size": .int(width)], outputs: 2)
      value = net.node("Squeeze", [results[0], try net.integers([1])])[0]
      last = net.node("Squeeze", [results[1], try net.integers([0])])[0]
    }
    return [try net.dense(Layers.Map(value: last, channels: width), 2)]
  }

  /// `layers` dense layers of `width`, after one from 128.
  static func perceptron(layers: Int, width: Int, _ net: inout Layers) throws -> [Layers.Map] {
    var x = net.vector(128)
    for _ in 0..<layers { x = net.relu(try net.dense(x, width)) }
    return [try net.dense(x, 10)]
  }

  static func leNet(_ net: inout Layers) throws -> [Layers.Map] {
    var x = net.image(28, channels: 1)
    x = net.pool(net.relu(try net.conv(x, 6, 5, padding: 2)), 2, stride: 2)
    x = net.pool(net.relu(try net.conv(x, 16, 5, padding: 0)), 2, stride: 2)
    var y = try net.flatten(x)
    for width in [120, 84] { y = net.relu(try net.dense(y, width)) }
    return [try net.dense(y, 10)]
  }
}
