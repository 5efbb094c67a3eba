import Graph
import Testing

@testable import Cost

/// What a framework's kernels take more than an engine's.
@Suite struct FrameworkKernelTests {
  /// Seconds of the products that scores of `places` places take in 16 bits, of 64 heads of 64.
  private func seconds(
    places: Int, _ runtime: Runtime, _ precision: Precision = .fp16, share: Double? = nil,
    weights: Bool = false
  ) throws -> Double {
    var device = try #require(try Device.named("t4"))
    if let share { device.change { $0.tiling?.unpaddedShare = share } }
    var net = NetworkBuilder()
    let queries = net.input("q", [64, places, 64])
    let keys = weights ? try net.weights([64, places]) : net.input("k", [64, 64, places])
    let scores = net.node("MatMul", [queries, keys])
    let scenario = Scenario(runtime: runtime, precision: precision)
    let kernels = Fusion.kernels(of: try net.analysis(returning: [scores]), under: scenario)
    return try kernels.reduce(0) { sum, kernel in
      let rate = try #require(device.rate(kernel.operation, kernel.type))
      return sum + Timing(device: device).seconds(kernel, at: rate)
    }
  }

  @Test func `in a framework, odd rows of 16-bit activations keep products off the tensor cores`()
    throws
  {
    let odd = try seconds(places: 577, .eager)
    #expect(odd > 5 * (try seconds(places: 576, .eager)))
    #expect(odd > (try seconds(places: 577, .eager, share: 0.1)))
  }

  @Test func `engines pad, weights are padded, and 32 bits need no padding`() throws {
    for (runtime, precision, weights) in [
      (Runtime.fused, Precision.fp16, false), (.eager, .fp32, false), (.eager, .fp16, true),
    ] {
      let shares = try [0.01, 1].map {
        try seconds(places: 577, runtime, precision, share: $0, weights: weights)
      }
      #expect(shares[0] == shares[1])
    }
  }

  @Test func `a training step's gradients are over odd rows too`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [64, 49, 32])
    let queries = net.node("MatMul", [x, try net.weights([32, 32])])
    let keys = net.node(
      "Transpose", [net.node("MatMul", [x, try net.weights([32, 32])])],
      [Attribute("perm", .ints([0, 2, 1]))])
    let scores = net.node("MatMul", [queries, keys])
    let kernels = Backward.kernels(of: try net.analysis(returning: [scores]), precision: .fp16)
    let unpadded = kernels.filter(\.isUnpadded)
    #expect(unpadded.count == 2)
    #expect(unpadded.allSatisfy { $0.contractions[0].hasOddRows })
    #expect(kernels.contains { !$0.contractions.isEmpty && !$0.isUnpadded })
  }

  /// Seconds of turning 4096 by 4096 numbers round, in a kernel of its own.
  private func copying(_ runtime: Runtime, _ precision: Precision) throws -> Double {
    let device = try #require(try Device.named("t4"))
    var net = NetworkBuilder()
    let x = net.input("x", [64, 4096, 64])
    let y = net.node("Transpose", [x], [Attribute("perm", .ints([1, 0, 2]))])
    let z = net.node("Softmax", [y])
    let kernels = Fusion.kernels(
      of: try net.analysis(returning: [z]),
      under: Scenario(runtime: runtime, precision: precision))
    let copy = try #require(kernels.first { $0.operation == .movement })
    let rate = try #require(device.rate(copy.operation, copy.type))
    return Timing(device: device).seconds(copy, at: rate)
  }

  @Test func `a framework copies so many elements in a second, whatever their type`() throws {
    let (wide, narrow) = (try copying(.eager, .fp32), try copying(.eager, .fp16))
    #expect(narrow > 0.8 * wide && narrow < wide)
    #expect(try copying(.fused, .fp16) < 0.6 * (try copying(.fused, .fp32)))
    #expect(narrow > 2 * (try copying(.fused, .fp16)))
  }

  @Test func `the gradient of a copy is a copy, and an engine's has nothing to work out`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [4, 8, 64])
    let product = net.node("MatMul", [x, try net.weights([64, 64])])
    let y = net.node("Transpose", [product], [Attribute("perm", .ints([1, 0, 2]))])
    let analysis = try net.analysis(returning: [y])
    let back = Backward.kernels(of: analysis, precision: nil)
    #expect(back.filter { $0.operation == .movement }.map(\.copiedElements) == [4 * 8 * 64])
    let device = try #require(try Device.named("t4"))
    let plan = TrainingRun.Plan(datasetSize: 1, epochs: 1, batch: 1, runtime: .fused)
    let run = TrainingRun(analysis, on: device, plan)
    #expect(run.kernels.allSatisfy { $0.copiedElements == 0 })
  }
}
