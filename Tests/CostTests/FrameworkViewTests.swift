import Graph
import Testing

@testable import Cost

/// What a framework reads where it lies.
@Suite struct FrameworkViewTests {
  private let bytes = 8 * 64 * 4

  private func kernels(
    _ runtime: Runtime, _ body: (inout NetworkBuilder, Value.ID) throws -> [Value.ID]
  ) throws -> [Kernel] {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 64])
    let product = net.node("MatMul", [x, try net.weights([64, 64])])
    let outputs = try body(&net, product)
    let analysis = try net.analysis(returning: outputs)
    let device = try #require(try Device.named("t4"))
    let estimate = Estimate(analysis, on: device, under: Scenario(runtime: runtime))
    // Whoever launches nothing is understood all the same.
    #expect(!estimate.nodes.contains(nil))
    return estimate.kernels
  }

  private func integers(_ net: inout NetworkBuilder, _ values: [Int], isScalar: Bool = false) throws
    -> Value.ID
  {
    let info = try TensorInfo(
      .int64, isScalar ? [] : [values.count], value: .integers(values))
    return net.body.add(Value("i", initializer: Literal(info)))
  }

  @Test func `parts of a tensor are read where they lie, by a framework and not by an engine`()
    throws
  {
    let halves = { (net: inout NetworkBuilder, x: Value.ID) throws -> [Value.ID] in
      let slices = try [(0, 32), (32, 64)].map { start, end in
        net.node(
          "Slice",
          [
            x, try integers(&net, [start]), try integers(&net, [end]), try integers(&net, [1]),
          ])
      }
      return [net.node("Mul", [slices[0], slices[1]])]
    }
    let eager = try kernels(.eager, halves)
    #expect(eager.map(\.operation) == [.gemm, .elementwise])
    #expect(eager[0].work.bytesWritten == bytes)
    // Both halves of what the product has made.
    #expect(eager[1].work.bytesRead == bytes)
    #expect(eager[1].work.bytesWritten == bytes / 2)
    #expect(try kernels(.fused, halves).contains { $0.operation == .movement })
  }

  @Test func `one place along an axis is a view, several rows are gathered`() throws {
    func operations(_ index: [Int], isScalar: Bool) throws -> [Kernel.Operation] {
      try kernels(.eager) { net, x in
        let part = net.node("Gather", [x, try integers(&net, index, isScalar: isScalar)])
        return [net.node("Relu", [part])]
      }.map(\.operation)
    }
    #expect(try operations([3], isScalar: true) == [.gemm, .elementwise])
    #expect(try operations([3, 1], isScalar: false) == [.gemm, .movement, .elementwise])
  }

  @Test func `matrices are turned round by the product that reads them, and copied for others`()
    throws
  {
    func operations(_ reader: OperatorName) throws -> [Kernel.Operation] {
      try kernels(.eager) { net, x in
        let turned = net.node("Transpose", [x])
        return [net.node(reader, reader == "MatMul" ? [x, turned] : [turned])]
      }.map(\.operation)
    }
    #expect(try operations("MatMul") == [.gemm, .gemm])
    #expect(try operations("Relu") == [.gemm, .movement, .elementwise])
  }

  @Test func `a gate of two halves is no activation of one`() throws {
    let gate = { (net: inout NetworkBuilder, x: Value.ID) throws -> [Value.ID] in
      let left = net.node("Gather", [x, try integers(&net, [0], isScalar: true)])
      let right = net.node("Gather", [x, try integers(&net, [1], isScalar: true)])
      return [net.node("Mul", [right, net.node("Sigmoid", [left])])]
    }
    #expect(try kernels(.eager, gate).map(\.operation) == [.gemm, .elementwise, .elementwise])
    let swish = { (net: inout NetworkBuilder, x: Value.ID) throws -> [Value.ID] in
      let left = net.node("Gather", [x, try integers(&net, [0], isScalar: true)])
      return [net.node("Mul", [left, net.node("Sigmoid", [left])])]
    }
    #expect(try kernels(.eager, swish).map(\.operation) == [.gemm, .elementwise])
  }

  @Test func `a part of an input is copied: no kernel makes it`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [8, 64])
    let part = net.node("Gather", [x, try integers(&net, [2], isScalar: true)])
    let y = net.node("Relu", [part])
    let analysis = try net.analysis(returning: [y])
    let kernels = Fusion.kernels(of: analysis, under: Scenario(runtime: .eager))
    #expect(kernels.map(\.operation) == [.movement, .elementwise])
  }
}
