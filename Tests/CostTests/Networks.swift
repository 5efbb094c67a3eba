import Graph

/// Builds small networks by hand.
struct NetworkBuilder {
  var body = Body()

  mutating func input(_ name: String, _ dims: [Int]) -> Value.ID {
    let id = body.add(
      Value(name, declared: .tensor(.float32, dims: dims.map(DeclaredType.Dimension.fixed))))
    body.inputs.append(id)
    return id
  }

  mutating func weights(_ dims: [Int]) throws -> Value.ID {
    body.add(Value("w", initializer: Literal(try TensorInfo(.float32, dims))))
  }

  /// Weights of eight bits.
  mutating func bytes(_ dims: [Int]) throws -> Value.ID {
    body.add(Value("q", initializer: Literal(try TensorInfo(.int8, dims))))
  }

  mutating func node(
    _ op: OperatorName, _ inputs: [Value.ID?], _ attributes: [Attribute] = []
  ) -> Value.ID {
    let result = body.add(Value("v\(body.values.count)"))
    body.nodes.append(
      Node(
        name: "n\(body.nodes.count)", op, opset: 17, inputs: inputs, outputs: [result],
        attributes: attributes))
    return result
  }

  /// The network that returns `outputs`, analysed.
  func analysis(returning outputs: [Value.ID], batch: Int? = nil) throws -> Analysis {
    var model = Model()
    model.opsets = [OpsetImport(domain: "", version: 17)]
    model.body = body
    model.body.outputs = outputs
    return try Analysis(model, binding: Binding.Request(batch: batch))
  }
}

enum Networks {
  /// `layers` dense layers of `width` by `width` with activations between, for `rows` rows.
  static func dense(layers: Int, width: Int, rows: Int) throws -> Analysis {
    var net = NetworkBuilder()
    var value = net.input("x", [rows, width])
    for _ in 0..<layers {
      value = net.node("MatMul", [value, try net.weights([width, width])])
      value = net.node("Relu", [value])
    }
    return try net.analysis(returning: [value])
  }

  /// Two 3×3 convolutions around which the input is added, as in a residual network.
  static func residual(channels: Int = 64, size: Int = 56) throws -> Analysis {
    var net = NetworkBuilder()
    let x = net.input("x", [1, channels, size, size])
    let pads = [Attribute("pads", .ints([1, 1, 1, 1]))]
    let shape = [channels, channels, 3, 3]
    var value = net.node("Conv", [x, try net.weights(shape)], pads)
    value = net.node("Relu", [value])
    value = net.node("Conv", [value, try net.weights(shape)], pads)
    value = net.node("Add", [value, x])
    value = net.node("Relu", [value])
    return try net.analysis(returning: [value])
  }

  /// Two convolutions, one after the other.
  static func convolutions(kernel: Int, stride: Int) throws -> Analysis {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 64, 56, 56])
    let strides = [Attribute("strides", .ints([stride, stride]))]
    var value = net.node("Conv", [x, try net.weights([128, 64, kernel, kernel])], strides)
    value = net.node("Conv", [value, try net.weights([128, 128, kernel, kernel])], strides)
    return try net.analysis(returning: [value])
  }

  /// One 3×3 convolution in groups.
  static func grouped(channels: Int, groups: Int, size: Int = 28) throws -> Analysis {
    var net = NetworkBuilder()
    let x = net.input("x", [1, channels, size, size])
    let weights = try net.weights([channels, channels / groups, 3, 3])
    let y = net.node("Conv", [x, weights], [Attribute("group", .int(groups))])
    return try net.analysis(returning: [y])
  }

  /// One softmax over rows.
  static func softmax(rows: Int, length: Int) throws -> Analysis {
    var net = NetworkBuilder()
    let x = net.input("x", [rows, length])
    let y = net.node("Softmax", [x])
    return try net.analysis(returning: [y])
  }
}
