import Graph
import Testing

@testable import Cost

@Suite struct LossTests {
  private func run(_ dims: [Int], _ name: OperatorName = "Mul") throws -> TrainingRun {
    var net = NetworkBuilder()
    let x = net.input("x", dims)
    let y = net.node(name, [x, try net.weights([dims[dims.count - 1]])])
    return TrainingRun(
      try net.analysis(returning: [y]), on: try #require(try Device.named("t4")),
      .init(datasetSize: 4, epochs: 1, batch: 4))
  }

  @Test(arguments: [
    ([4, 10], 10), ([4, 16, 50257], 50257), ([4, 21, 8, 8], 21), ([4, 1], 1), ([12], 12),
  ])
  func `classes are the last extent, and the second of pictures`(dims: [Int], classes: Int) throws {
    #expect(try run(dims).loss?.classes == classes)
  }

  @Test func `the scores are read and written in 32 bits, twice forward and four times backward`()
    throws
  {
    let run = try run([4, 16, 50257])
    let bytes = 4 * 16 * 50257 * 4
    let kernels = run.kernels.filter { $0.members.isEmpty && $0.work.traffic >= bytes }
    #expect(kernels.map(\.work.traffic) == [2 * bytes, bytes, 3 * bytes])
    #expect(kernels.map(\.operation) == [.softmax, .elementwise, .softmax])
    #expect(kernels.allSatisfy { $0.type == .float32 })
    // The logarithms are kept, and two gradients of that size are there at once.
    #expect(run.memory.activations >= bytes)
    #expect(run.memory.passing >= 2 * bytes)
  }

  @Test func `a graph that ends in a single number, or learns nothing, has no loss added`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [4, 10])
    let product = net.node("MatMul", [x, try net.weights([10, 10])])
    let loss = net.node("ReduceMean", [product], [Attribute("keepdims", .int(0))])
    let t4 = try #require(try Device.named("t4"))
    let plan = TrainingRun.Plan(datasetSize: 4, epochs: 1, batch: 4)
    #expect(TrainingRun(try net.analysis(returning: [loss]), on: t4, plan).loss == nil)
    var idle = NetworkBuilder()
    let y = idle.input("x", [4, 10])
    let z = idle.node("Relu", [y])
    #expect(TrainingRun(try idle.analysis(returning: [z]), on: t4, plan).loss == nil)
  }
}
