import Graph
import Testing

@testable import Cost

@Suite struct FusionTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func groups(_ analysis: Analysis, _ runtime: Runtime = .fused) -> [[Int]] {
    Fusion.kernels(of: analysis, under: Scenario(runtime: runtime)).map(\.members)
  }

  @Test func `a residual block is two kernels when joined, five when not`() throws {
    let analysis = try Networks.residual()
    #expect(groups(analysis) == [[0, 1], [2, 3, 4]])
    #expect(groups(analysis, .eager) == [[0], [1], [2], [3], [4]])
  }

  @Test func `values inside a kernel are not moved, values read twice are read once`() throws {
    let analysis = try Networks.residual(channels: 4, size: 8)
    let kernels = Fusion.kernels(of: analysis, under: Scenario())
    let tensor = 4 * 4 * 8 * 8
    let weights = 4 * 4 * 4 * 9
    #expect(kernels[0].work.bytesRead == tensor + weights)
    #expect(kernels[0].work.bytesWritten == tensor)
    #expect(kernels[1].work.bytesRead == 2 * tensor + weights)
    #expect(kernels[1].work.bytesWritten == tensor)
  }

  @Test(arguments: [Runtime.fused, .eager])
  func `a node that squares reads its operand once`(runtime: Runtime) throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 16])
    let y = net.input("y", [8, 16])
    let products = [net.node("Mul", [x, x]), net.node("Mul", [x, y])]
    let kernels = Fusion.kernels(
      of: try net.analysis(returning: products), under: Scenario(runtime: runtime))
    #expect(kernels.map(\.work.bytesRead) == [4 * 8 * 16, 2 * 4 * 8 * 16])
  }

  @Test func `a value that another node needs ends the kernel`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 8])
    let y = net.node("MatMul", [x, try net.weights([8, 8])])
    let z = net.node("Relu", [y])
    #expect(groups(try net.analysis(returning: [z, y])) == [[0], [1]])
    #expect(groups(try net.analysis(returning: [z])) == [[0, 1]])
  }

  @Test func `an activation spelled out over two paths is joined`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 8])
    let y = net.node("MatMul", [x, try net.weights([8, 8])])
    let gate = net.node("Relu", [y])
    let z = net.node("Add", [y, gate])
    #expect(groups(try net.analysis(returning: [z])) == [[0, 1, 2]])
  }

  @Test func `an operand that is made later is not waited for`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 8])
    let a = net.node("MatMul", [x, try net.weights([8, 8])])
    let b = net.node("MatMul", [x, try net.weights([8, 8])])
    let sum = net.node("Add", [a, b])
    // The sum goes with the product that ends last.
    #expect(groups(try net.analysis(returning: [sum])) == [[0], [1, 2]])
  }

  @Test func `stretching the result to another shape is not pointwise`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [1, 8])
    let y = net.node("MatMul", [x, try net.weights([8, 8])])
    let big = net.input("z", [16, 8])
    let sum = net.node("Add", [y, big])
    #expect(groups(try net.analysis(returning: [sum])) == [[0], [1]])
  }

  @Test func `every node that is counted is in exactly one kernel`() throws {
    for analysis in [try Networks.residual(), try Networks.dense(layers: 9, width: 4, rows: 2)] {
      let members = groups(analysis).flatMap { $0 }.sorted()
      #expect(
        members
          == analysis.placements.indices.filter { analysis[analysis.placements[$0]].isCounted })
    }
  }

  @Test func `layer normalisation spelled out is one kernel`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 16, 32])
    let axes = [Attribute("axes", .ints([-1]))]
    let mean = net.node("ReduceMean", [x], axes)
    let centred = net.node("Sub", [x, mean])
    let squares = net.node("Mul", [centred, centred])
    let variance = net.node("ReduceMean", [squares], axes)
    let deviation = net.node("Sqrt", [variance])
    let normal = net.node("Div", [centred, deviation])
    let scaled = net.node("Mul", [normal, try net.weights([32])])
    let kernels = Fusion.kernels(of: try net.analysis(returning: [scaled]), under: Scenario())
    #expect(kernels.map(\.members) == [[0, 1, 2, 3, 4, 5, 6]])
    #expect(kernels.map(\.operation) == [.normalization])
    // The input once, the scale, the result.
    #expect(kernels[0].work.traffic == 4 * (2 * 8 * 16 * 32 + 32))
    #expect(kernels[0].weightBytes == 4 * 32)
  }

  @Test func `attention spelled out is one kernel, whose scores are not moved`() throws {
    var net = NetworkBuilder()
    let heads = [2, 4, 16, 8]
    let (q, k, v) = (net.input("q", heads), net.input("k", heads), net.input("v", heads))
    let turned = net.node("Transpose", [k], [Attribute("perm", .ints([0, 1, 3, 2]))])
    let scores = net.node("MatMul", [q, turned])
    let scaled = net.node("Mul", [scores, try net.weights([1])])
    let masked = net.node("Add", [scaled, net.input("mask", [2, 1, 1, 16])])
    let weights = net.node("Softmax", [masked])
    let mixed = net.node("MatMul", [weights, v])
    let merged = net.node("Transpose", [mixed], [Attribute("perm", .ints([0, 2, 1, 3]))])
    let analysis = try net.analysis(returning: [merged])
    let kernels = Fusion.kernels(of: analysis, under: Scenario())
    #expect(kernels.map(\.members) == [[0, 1, 2, 3, 4, 5, 6]])
    #expect(kernels.map(\.operation) == [.attention])
    #expect(kernels[0].work.traffic == 4 * (4 * 2 * 4 * 16 * 8 + 1 + 2 * 16))
    #expect(kernels[0].contractions.count == 2)
    #expect(groups(analysis, .eager).count == 7)
  }

  @Test func `scores that somebody else reads are not attention`() throws {
    var net = NetworkBuilder()
    let (q, k) = (net.input("q", [4, 8]), net.input("k", [8, 4]))
    let scores = net.node("MatMul", [q, k])
    let weights = net.node("Softmax", [scores])
    let mixed = net.node("MatMul", [weights, net.input("v", [4, 8])])
    let kernels = Fusion.kernels(
      of: try net.analysis(returning: [mixed, weights]), under: Scenario())
    #expect(!kernels.contains { $0.operation == .attention })
  }

  @Test func `a convolution ends with ReLU, and leaves other activations to a kernel of their own`()
    throws
  {
    for (activation, expected) in [("Relu", [[0, 1]]), ("Sigmoid", [[0], [1]])] {
      var net = NetworkBuilder()
      let x = net.input("x", [1, 8, 6, 6])
      let y = net.node("Conv", [x, try net.weights([8, 8, 1, 1])])
      let z = net.node(OperatorName(activation), [y])
      #expect(groups(try net.analysis(returning: [z])) == expected)
    }
  }

  @Test func `a concatenation of what kernels make costs nothing in an engine`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [1, 8, 6, 6])
    let weights = try net.weights([8, 8, 1, 1])
    let a = net.node("Conv", [x, weights])
    let b = net.node("Conv", [x, weights])
    let axis = [Attribute("axis", .int(1))]
    let short = net.node("Concat", [a, b], axis)
    let c = net.node("Conv", [short, try net.weights([8, 16, 1, 1])])
    // The longer one begins as the shorter does, so both are one buffer.
    let long = net.node("Concat", [a, b, c], axis)
    let analysis = try net.analysis(returning: [long])
    #expect(groups(analysis) == [[0], [1, 2], [3, 4]])
    #expect(groups(analysis, .eager) == [[0], [1], [2], [3], [4]])
    #expect(Estimate(analysis, on: t4, under: Scenario()).nodes[2]?.joules == 0)
  }

  @Test func `an operand of a concatenation that no kernel makes is copied, and it alone`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [1, 8, 6, 6])
    let a = net.node("Conv", [x, try net.weights([8, 8, 1, 1])])
    let joined = net.node("Concat", [a, x], [Attribute("axis", .int(1))])
    let kernels = Fusion.kernels(of: try net.analysis(returning: [joined]), under: Scenario())
    #expect(kernels.map(\.members) == [[0], [1]])
    #expect(kernels[1].work.traffic == 2 * 4 * 8 * 36)
  }

  @Test func `operands dequantised from eight bits are multiplied and moved as they are`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 16])
    let (scale, zero) = (try net.weights([]), try net.bytes([]))
    let q = net.node("QuantizeLinear", [x, scale, zero])
    let d = net.node("DequantizeLinear", [q, scale, zero])
    let w = net.node("DequantizeLinear", [try net.bytes([16, 32]), scale, zero])
    let y = net.node("MatMul", [d, w])
    let z = net.node(
      "DequantizeLinear", [net.node("QuantizeLinear", [y, scale, zero]), scale, zero])
    let kernels = Fusion.kernels(of: try net.analysis(returning: [z]), under: Scenario())
    let product = try #require(kernels.first { $0.operation == .gemm })
    #expect(product.type == .int8)
    #expect(product.contractions.map(\.type) == [.int8])
    // Operands and result of one byte each; a scale of four bytes and a zero point for each of three operands.
    #expect(product.work.bytesWritten <= 8 * 32)
    #expect(product.work.bytesRead < 8 * 16 + 16 * 32 + 32)
  }

  @Test func `what is pooled from eight bits is written in eight bits, and nothing else is joined`()
    throws
  {
    var net = NetworkBuilder()
    let x = net.input("x", [2, 8, 16, 16])
    let (scale, zero) = (try net.weights([]), try net.bytes([]))
    let q = net.node("QuantizeLinear", [x, scale, zero])
    let d = net.node("DequantizeLinear", [q, scale, zero])
    let shape = [Attribute("kernel_shape", .ints([2, 2])), Attribute("strides", .ints([2, 2]))]
    let pooled = net.node("MaxPool", [d], shape)
    let few = net.node("QuantizeLinear", [pooled, scale, zero])
    let z = net.node("Relu", [net.node("MaxPool", [few], shape)])
    let kernels = Fusion.kernels(of: try net.analysis(returning: [z]), under: Scenario())
    #expect(kernels.map(\.members.first) == [0, 2, 4, 5])
    #expect(kernels[1].operation == .pooling)
    #expect(kernels[1].work.bytesWritten == 2 * 8 * 8 * 8)
    #expect(kernels[1].work.bytesRead < 2 * 8 * 16 * 16 + 32)
  }
}
