import Graph
import Testing

@testable import Cost

/// What the studies that the project starts from measured or say, held against the model.
@Suite struct ClaimTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func joules(_ analysis: Analysis, _ runtime: Runtime = .eager) -> Double {
    Estimate(analysis, on: t4, under: Scenario(runtime: runtime)).joules.value
  }

  /// The energy of each layer class, as a share of all.
  private func shares(_ analysis: Analysis) -> [LayerClass: Double] {
    let estimate = Estimate(analysis, on: t4, under: Scenario(runtime: .eager))
    var shares: [LayerClass: Double] = [:]
    for (placement, cost) in zip(analysis.placements, estimate.nodes) {
      shares[analysis[placement].layer, default: 0] +=
        (cost?.joules ?? 0) / estimate.joules.value
    }
    return shares
  }

  // The fine-tuning study.

  @Test func `the six energies are six run times at one power`() {
    for row in FineTuning.rows {
      #expect(abs(4.120 * row.minutes - row.kilojoules) < 0.001 * row.kilojoules)
    }
    let share = 4120.0 / 60 / t4.power.capWatts
    #expect(share > 0.94 && share < 1)
  }

  @Test func `run times relate as the study says`() {
    let time = Dictionary(uniqueKeysWithValues: FineTuning.rows.map { ($0.name, $0.minutes) })
    func ratio(_ a: String, _ b: String) -> Double { (time[a] ?? .nan) / (time[b] ?? .nan) }
    #expect(abs(ratio("inception_v3", "densenet201") - 0.272) < 0.001)
    #expect(abs(ratio("inception_v3", "resnet50") - 0.443) < 0.001)
    #expect(abs(ratio("densenet201", "resnet18") - 6.75) < 0.01)
    #expect(abs(ratio("densenet169", "densenet121") - 1.27) < 0.01)
    #expect(abs(ratio("densenet201", "densenet121") - 1.67) < 0.01)
  }

  @Test func `no network is worth its energy that another beats in energy and accuracy`() {
    func frontier(_ score: KeyPath<FineTuning.Row, Double>) -> Set<String> {
      Set(
        FineTuning.rows.filter { row in
          !FineTuning.rows.contains {
            $0.kilojoules < row.kilojoules && $0[keyPath: score] >= row[keyPath: score]
          }
        }.map(\.name))
    }
    #expect(frontier(\.accuracy) == ["resnet18", "inception_v3"])
    #expect(frontier(\.areaUnderCurve) == ["resnet18", "densenet121", "densenet201"])
  }

  // The layer-wise study.

  @Test func `a larger batch takes more in all and less for each`() throws {
    let joules = try [1, 2, 4, 16, 64].map { batch in
      (Double(batch), self.joules(try Families.simple(convolutions: 3, batch: batch)))
    }
    for (small, large) in zip(joules, joules.dropFirst()) {
      #expect(large.1 >= small.1)
      #expect(large.1 / large.0 < small.1 / small.0)
    }
  }

  @Test func `energy rises with the input's resolution`() throws {
    let joules = try [300, 400, 500].map { size in
      self.joules(try Families.simple(convolutions: 2, batch: 16, size: size))
    }
    #expect(joules[0] < joules[1] && joules[1] < joules[2])
  }

  @Test func `convolutions take most of AlexNet's energy, dense layers less, activations least`()
    throws
  {
    // Weights are read once for the whole batch, so the shares settle when it is large.
    let shares = shares(try Families.alexNet(batch: 64))
    let (convolution, dense) = (shares[.convolution] ?? 0, shares[.dense] ?? 0)
    #expect(convolution > 0.7 && convolution < 0.9)
    #expect(dense > 0.05 && dense < 0.20 && dense > shares[.activation] ?? 0)
    #expect(shares[.activation] ?? 0 > 0.02)
  }

  @Test func `at batch 1 AlexNet's dense layers take most`() throws {
    let shares = shares(try Families.alexNet(batch: 1))
    #expect(shares[.dense] ?? 0 > shares[.convolution] ?? 0)
  }

  // The lifecycle study.

  @Test func `SqueezeNet has a fiftieth of AlexNet's parameters and not of its energy`() throws {
    let (alex, squeeze) = (
      try Families.alexNet(batch: 32), try Families.squeezeNet(batch: 32)
    )
    let ratio = Double(alex.totals.parameters) / Double(squeeze.totals.parameters)
    #expect(abs(ratio - 49) < 0.5)
    #expect(joules(squeeze) > joules(alex))
  }

  @Test func `a deep narrow network costs more than a wide one of as many parameters`() throws {
    let deep = try Networks.dense(layers: 170, width: 50, rows: 1)
    let wide = try Networks.dense(layers: 2, width: 460, rows: 1)
    let ratio = Double(deep.totals.parameters) / Double(wide.totals.parameters)
    #expect(abs(ratio - 1) < 0.01)
    #expect(joules(deep) > 10 * joules(wide))
    #expect(joules(deep, .fused) > joules(wide, .fused))
  }

  @Test func `a convolutional network costs far more than a dense one of as many parameters`()
    throws
  {
    var net = NetworkBuilder()
    let x = net.input("x", [32, 64, 56, 56])
    let y = net.node(
      "Conv", [x, try net.weights([64, 64, 3, 3])], [Attribute("pads", .ints([1, 1, 1, 1]))])
    let convolution = try net.analysis(returning: [y])
    let dense = try Networks.dense(layers: 1, width: 192, rows: 32)
    #expect(convolution.totals.parameters == dense.totals.parameters)
    #expect(joules(convolution) > 10 * joules(dense))
  }

  @Test func `energy grows with depth and with width`() throws {
    var last = 0.0
    for layers in stride(from: 10, through: 170, by: 40) {
      let joules = try [25, 50, 100].map {
        self.joules(try Networks.dense(layers: layers, width: $0, rows: 100))
      }
      #expect(joules == joules.sorted())
      #expect(joules[0] > last)
      last = joules[0]
    }
  }

  @Test func `kinds of layer differ several times in energy for an operation`() throws {
    func joulesPerMAC(_ analysis: Analysis) -> Double {
      joules(analysis) / Double(analysis.totals.work.macs)
    }
    let plain = try Networks.residual(channels: 256, size: 28)
    let depthwise = try Networks.grouped(channels: 256, groups: 256)
    #expect(joulesPerMAC(depthwise) > 5 * joulesPerMAC(plain))
  }

  // The training-practices study.

  @Test
  func `in a small convolutional network convolutions cost most, then dense layers or activations`()
    throws
  {
    let shares = shares(try Families.simple(convolutions: 3, batch: 64))
    let convolution = shares[.convolution] ?? 0
    #expect(convolution > 2 * (shares[.dense] ?? 0))
    #expect(convolution > 2 * (shares[.activation] ?? 0))
  }

  @Test func `one convolution in the place of three halves the energy of training`() throws {
    func training(_ convolutions: Int) throws -> Double {
      let analysis = try Families.simple(convolutions: convolutions, batch: 64)
      let plan = TrainingRun.Plan(datasetSize: 60_000, epochs: 10, batch: 64)
      return TrainingRun(analysis, on: t4, plan).joules.value
    }
    let ratio = try training(1) / training(3)
    #expect(ratio > 0.15 && ratio < 0.6)
  }
}

/// The table of the fine-tuning study: one T4, 4,708 images.
private enum FineTuning {
  struct Row {
    var name: String
    var minutes: Double
    var kilojoules: Double
    var accuracy: Double
    var areaUnderCurve: Double
  }

  static let rows = [
    Row(name: "densenet121", 19, 59, 82.3, 0.851, 0.972),
    Row(name: "densenet169", 25, 28, 104.9, 0.821, 0.970),
    Row(name: "densenet201", 33, 25, 137.7, 0.872, 0.976),
    Row(name: "resnet18", 4, 57, 20.4, 0.846, 0.967),
    Row(name: "resnet50", 20, 33, 84.7, 0.837, 0.942),
    Row(name: "inception_v3", 9, 6, 37.5, 0.873, 0.945),
  ]
}

extension FineTuning.Row {
  init(
    name: String, _ minutes: Double, _ seconds: Double, _ kilojoules: Double, _ accuracy: Double,
    _ areaUnderCurve: Double
  ) {
    self.init(
      name: name, minutes: minutes + seconds / 60, kilojoules: kilojoules, accuracy: accuracy,
      areaUnderCurve: areaUnderCurve)
  }
}

/// Networks that the studies speak of.
private enum Families {
  /// 3×3 convolutions of 32 channels on pictures, pooled, and two dense layers.
  static func simple(convolutions: Int, batch: Int, size: Int = 28) throws -> Analysis {
    var net = NetworkBuilder()
    var (value, channels) = (net.input("x", [batch, 3, size, size]), 3)
    for _ in 0..<convolutions {
      value = try net.convolved(value, channels, 32, kernel: 3, pad: 1)
      channels = 32
    }
    let pooled = net.node("MaxPool", [value], .window(4, stride: 4))
    let flat = net.node("Flatten", [pooled])
    let width = 32 * (size / 4) * (size / 4)
    value = net.node("Relu", [net.node("MatMul", [flat, try net.weights([width, 64])])])
    let result = net.node("MatMul", [value, try net.weights([64, 10])])
    return try net.analysis(returning: [result])
  }

  static func alexNet(batch: Int) throws -> Analysis {
    var net = NetworkBuilder()
    var value = net.input("x", [batch, 3, 224, 224])
    value = try net.convolved(value, 3, 64, kernel: 11, stride: 4, pad: 2)
    value = net.node("MaxPool", [value], .window(3, stride: 2))
    value = try net.convolved(value, 64, 192, kernel: 5, pad: 2)
    value = net.node("MaxPool", [value], .window(3, stride: 2))
    value = try net.convolved(value, 192, 384, kernel: 3, pad: 1)
    value = try net.convolved(value, 384, 256, kernel: 3, pad: 1)
    value = try net.convolved(value, 256, 256, kernel: 3, pad: 1)
    value = net.node("Flatten", [net.node("MaxPool", [value], .window(3, stride: 2))])
    for (depth, width) in [(9216, 4096), (4096, 4096), (4096, 1000)] {
      value = net.node(
        "Gemm", [value, try net.weights([depth, width]), try net.weights([width])])
      if width > 1000 { value = net.node("Relu", [value]) }
    }
    return try net.analysis(returning: [value])
  }

  static func squeezeNet(batch: Int) throws -> Analysis {
    var net = NetworkBuilder()
    var value = net.input("x", [batch, 3, 224, 224])
    value = try net.convolved(value, 3, 96, kernel: 7, stride: 2)
    var channels = 96
    for (number, squeezed) in [16, 16, 32, 32, 48, 48, 64, 64].enumerated() {
      if [0, 3, 7].contains(number) {
        value = net.node("MaxPool", [value], .window(3, stride: 2, ceil: true))
      }
      let narrow = try net.convolved(value, channels, squeezed, kernel: 1)
      let small = try net.convolved(narrow, squeezed, 4 * squeezed, kernel: 1)
      let large = try net.convolved(narrow, squeezed, 4 * squeezed, kernel: 3, pad: 1)
      value = net.node("Concat", [small, large], [Attribute("axis", .int(1))])
      channels = 8 * squeezed
    }
    value = try net.convolved(value, channels, 1000, kernel: 1)
    let result = net.node("GlobalAveragePool", [value])
    return try net.analysis(returning: [result])
  }
}

extension NetworkBuilder {
  /// A convolution with a bias, and its ReLU.
  fileprivate mutating func convolved(
    _ x: Value.ID, _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, pad: Int = 0
  ) throws -> Value.ID {
    let operands = [
      x, try weights([filters, channels, kernel, kernel]), try weights([filters]),
    ]
    let attributes = [
      Attribute("strides", .ints([stride, stride])),
      Attribute("pads", .ints([pad, pad, pad, pad])),
    ]
    return node("Relu", [node("Conv", operands, attributes)])
  }
}

extension [Attribute] {
  /// The window of a pooling node.
  fileprivate static func window(_ size: Int, stride: Int, ceil: Bool = false) -> [Attribute] {
    [
      Attribute("kernel_shape", .ints([size, size])),
      Attribute("strides", .ints([stride, stride])), Attribute("ceil_mode", .int(ceil ? 1 : 0)),
    ]
  }
}
