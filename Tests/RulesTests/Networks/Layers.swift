import Cost
import Graph

/// Puts networks together layer by layer, as exporters write them.
struct Layers {
  private var body = Body()
  /// Whether a batch normalisation stands behind each convolution; an export for inference folds it into the weights.
  let normalises: Bool
  /// Whether it normalises by the batch at hand, as in training.
  let isTraining: Bool
  /// Whether maps are laid out as rows by a reshape to a width that is spelled out.
  let spellsWidths: Bool
  let batch: Int

  init(
    batch: Int = 1, normalises: Bool = false, isTraining: Bool = false, spellsWidths: Bool = false
  ) {
    self.batch = batch
    self.normalises = normalises || isTraining
    self.isTraining = isTraining
    self.spellsWidths = spellsWidths
  }

  /// A tensor of `channels` maps of `size` by `size`, or of `tokens` rows of `channels` where `size` is 0.
  struct Map {
    var value: Value.ID
    var channels: Int
    var size = 0
    var tokens = 0
  }

  /// The network that returns `outputs`, priced on a T4.
  func estimate(_ outputs: [Map], _ runtime: Runtime) throws -> Estimate? {
    guard let device = try Device.named("t4") else { return nil }
    return Estimate(try analysis(outputs), on: device, under: Scenario(runtime: runtime))
  }

  private func analysis(_ outputs: [Map]) throws -> Analysis {
    var model = Model()
    model.opsets = [OpsetImport(domain: "", version: 20)]
    model.body = body
    model.body.outputs = outputs.map(\.value)
    return try Analysis(model)
  }

  // What networks read.

  mutating func image(_ size: Int, channels: Int = 3) -> Map {
    Map(value: input([batch, channels, size, size]), channels: channels, size: size)
  }

  mutating func tokens(_ count: Int, width: Int) -> Map {
    Map(value: input([batch, count, width]), channels: width, tokens: count)
  }

  mutating func vector(_ width: Int) -> Map {
    Map(value: input([batch, width]), channels: width)
  }

  private mutating func input(_ dims: [Int]) -> Value.ID {
    let id = body.add(
      Value("x", declared: .tensor(.float32, dims: dims.map(DeclaredType.Dimension.fixed))))
    body.inputs.append(id)
    return id
  }

  // Nodes.

  mutating func weights(_ dims: [Int]) throws -> Value.ID {
    body.add(Value("w", initializer: Literal(try TensorInfo(.float32, dims))))
  }

  mutating func integers(_ numbers: [Int], isScalar: Bool = false) throws -> Value.ID {
    let info = try TensorInfo(
      .int64, isScalar ? [] : [numbers.count], value: .integers(numbers))
    return body.add(Value("i", initializer: Literal(info)))
  }

  mutating func reals(_ numbers: [Double]) throws -> Value.ID {
    let info = try TensorInfo(.float32, [numbers.count], value: .reals(numbers))
    return body.add(Value("r", initializer: Literal(info)))
  }

  mutating func node(
    _ op: OperatorName, _ inputs: [Value.ID?], _ attributes: [String: Attribute.Payload] = [:],
    outputs: Int = 1
  ) -> [Value.ID] {
    let results = (0..<outputs).map { _ in body.add(Value("v\(body.values.count)")) }
    body.nodes.append(
      Node(
        name: "n\(body.nodes.count)", op, opset: 20, inputs: inputs, outputs: results,
        attributes: attributes.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) }))
    return results
  }

  // Layers of convolutional networks.

  mutating func conv(
    _ x: Map, _ channels: Int, _ kernel: Int = 3, stride: Int = 1, groups: Int = 1,
    dilation: Int = 1, padding: Int? = nil, isBiased: Bool = true
  ) throws -> Map {
    let padding = padding ?? dilation * (kernel - 1) / 2
    var inputs: [Value.ID?] = [
      x.value, try weights([channels, x.channels / groups, kernel, kernel]),
    ]
    if isBiased && !normalises { inputs.append(try weights([channels])) }
    var result = x
    result.value =
      node(
        "Conv", inputs,
        [
          "pads": .ints([Int](repeating: padding, count: 4)), "strides": .ints([stride, stride]),
          "dilations": .ints([dilation, dilation]), "group": .int(groups),
        ])[0]
    result.channels = channels
    result.size = (x.size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    return normalises ? try norm(result) : result
  }

  mutating func norm(_ x: Map) throws -> Map {
    var inputs: [Value.ID?] = [x.value]
    for _ in 0..<4 { inputs.append(try weights([x.channels])) }
    var result = x
    result.value =
      node(
        "BatchNormalization", inputs, isTraining ? ["training_mode": .int(1)] : [:],
        outputs: isTraining ? 3 : 1)[0]
    return result
  }

  mutating func unary(_ op: OperatorName, _ x: Map) -> Map {
    var result = x
    result.value = node(op, [x.value])[0]
    return result
  }

  mutating func relu(_ x: Map) -> Map { unary("Relu", x) }

  /// `x · sigmoid(x)`, as exporters spell it out.
  mutating func silu(_ x: Map) -> Map {
    var result = x
    result.value = node("Mul", [x.value, unary("Sigmoid", x).value])[0]
    return result
  }

  mutating func add(_ x: Map, _ y: Map) -> Map {
    var result = x
    result.value = node("Add", [x.value, y.value])[0]
    return result
  }

  mutating func pool(
    _ x: Map, _ kernel: Int, stride: Int, padding: Int = 0, op: OperatorName = "MaxPool"
  ) -> Map {
    var result = x
    result.value =
      node(
        op, [x.value],
        [
          "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
          "pads": .ints([Int](repeating: padding, count: 4)),
        ])[0]
    result.size = (x.size + 2 * padding - kernel) / stride + 1
    return result
  }

  mutating func concat(_ parts: [Map]) -> Map {
    guard var result = parts.first else { return Map(value: 0, channels: 0) }
    result.value = node("Concat", parts.map(\.value), ["axis": .int(1)])[0]
    result.channels = parts.reduce(0) { $0 + $1.channels }
    return result
  }

  /// The mean of each channel.
  mutating func globalPool(_ x: Map) -> Map {
    var result = x
    result.value = node("GlobalAveragePool", [x.value])[0]
    result.size = 1
    return result
  }

  mutating func flatten(_ x: Map) throws -> Map {
    let width = x.channels * max(1, x.size * x.size)
    let value =
      spellsWidths
      ? node("Reshape", [x.value, try integers([-1, width])]) : node("Flatten", [x.value])
    return Map(value: value[0], channels: width)
  }

  mutating func dense(_ x: Map, _ width: Int) throws -> Map {
    let weights = try weights([width, x.channels])
    let bias = try self.weights([width])
    let value = node("Gemm", [x.value, weights, bias], ["transB": .int(1)])[0]
    return Map(value: value, channels: width)
  }

  mutating func classifier(_ x: Map, _ classes: Int = 1000) throws -> Map {
    let pooled = globalPool(x)
    return try dense(try flatten(pooled), classes)
  }

  /// A gate for each channel, computed from the means of all.
  mutating func squeezeExcite(_ x: Map, _ hidden: Int) throws -> Map {
    let pooled = globalPool(x)
    let first = node(
      "Conv", [pooled.value, try weights([hidden, x.channels, 1, 1]), try weights([hidden])])
    let bent = node("Relu", first)
    let second = node(
      "Conv", [bent[0], try weights([x.channels, hidden, 1, 1]), try weights([x.channels])])
    let gate = node("Sigmoid", second)
    var result = x
    result.value = node("Mul", [x.value, gate[0]])[0]
    return result
  }

  // Layers of transformers.

  /// Rows times weights, with a bias.
  mutating func linear(_ x: Map, _ width: Int) throws -> Map {
    let product = node("MatMul", [x.value, try weights([x.channels, width])])
    var result = x
    result.value = node("Add", [try weights([width]), product[0]])[0]
    result.channels = width
    return result
  }

  mutating func layerNorm(_ x: Map) throws -> Map {
    var result = x
    result.value =
      node(
        "LayerNormalization", [x.value, try weights([x.channels]), try weights([x.channels])])[0]
    return result
  }

  /// Attention of `heads` heads of `x` to itself, spelled out in products.
  mutating func attention(_ x: Map, heads: Int) throws -> Map {
    let depth = x.channels / heads
    let split = try integers([batch, -1, heads, depth])
    let join = try integers([batch, -1, x.channels])
    var parts: [Value.ID] = []
    for order in [[0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]] {
      let projected = try linear(x, x.channels)
      let apart = node("Reshape", [projected.value, split])
      parts.append(node("Transpose", apart, ["perm": .ints(order)])[0])
    }
    let scores = node("MatMul", [parts[0], parts[1]])
    let scale = try number(8)
    let scaled = node("Div", [scores[0], scale])
    let weighted = node("Softmax", scaled, ["axis": .int(-1)])
    let mixed = node("MatMul", [weighted[0], parts[2]])
    let ordered = node("Transpose", mixed, ["perm": .ints([0, 2, 1, 3])])
    var result = x
    result.value = node("Reshape", [ordered[0], join])[0]
    return try linear(result, x.channels)
  }

  /// GELU by tanh, as its author wrote it for GPT-2.
  mutating func geluByTanh(_ x: Map) throws -> Map {
    let half = node("Mul", [x.value, try number(0.5)])
    let cube = node("Pow", [x.value, try number(3)])
    let sum = node("Add", [x.value, node("Mul", [cube[0], try number(0.044715)])[0]])
    let tanh = node("Tanh", node("Mul", [sum[0], try number(0.7978845608)]))
    var result = x
    result.value = node("Mul", [half[0], node("Add", [tanh[0], try number(1)])[0]])[0]
    return result
  }

  mutating func number(_ number: Double) throws -> Value.ID {
    body.add(
      Value("n", initializer: Literal(try TensorInfo(.float32, [], value: .reals([number])))))
  }

  /// An encoder's block: attention and two layers, each added to what was there.
  mutating func block(_ x: Map, heads: Int, isInPieces: Bool = false) throws -> Map {
    let attended = try attention(x, heads: heads)
    let first = try layerNorm(add(attended, x))
    let wide = try linear(first, 4 * x.channels)
    let bent = isInPieces ? try geluByTanh(wide) : unary("Gelu", wide)
    let narrow = try linear(bent, x.channels)
    return try layerNorm(add(narrow, first))
  }

  /// One position of each sequence.
  mutating func position(_ x: Map, _ index: Int) throws -> Map {
    let index = try integers([index], isScalar: true)
    return Map(
      value: node("Gather", [x.value, index], ["axis": .int(1)])[0], channels: x.channels)
  }
}
