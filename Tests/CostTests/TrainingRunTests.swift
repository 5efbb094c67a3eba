import Graph
import Testing

@testable import Cost

@Suite struct TrainingRunTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func run(_ analysis: Analysis, _ optimizer: TrainingRun.Optimizer = .sgd) -> TrainingRun {
    TrainingRun(
      analysis, on: t4,
      .init(datasetSize: 100, epochs: 3, batch: 16, optimizer: optimizer))
  }

  @Test(arguments: [1, 2, 5, 12])
  func `the backward pass does two products for each, but for the first layer`(layers: Int) throws {
    let run = run(try Networks.dense(layers: layers, width: 32, rows: 16))
    #expect(run.backward.work.macs * layers == run.forward.work.macs * (2 * layers - 1))
  }

  @Test func `a strided or unstrided convolution's gradients take as many operations`() throws {
    let run = run(try Networks.residual())
    #expect(run.backward.work.macs * 2 == run.forward.work.macs * 3)
  }

  @Test func `steps are rounded up within each epoch, as a loader does`() {
    let plan = TrainingRun.Plan(datasetSize: 100, epochs: 3, batch: 16)
    #expect(plan.steps == 7 * 3)
    #expect(TrainingRun.Plan(datasetSize: 96, epochs: 3, batch: 16).steps == 6 * 3)
    #expect(TrainingRun.Plan(datasetSize: 0, epochs: 3, batch: 16).steps == 0)
    #expect(TrainingRun.Plan(datasetSize: .max, epochs: .max, batch: 1).steps == .max)
  }

  @Test func `energy is linear in epochs`() throws {
    let analysis = try Networks.dense(layers: 2, width: 32, rows: 16)
    let once = TrainingRun(analysis, on: t4, .init(datasetSize: 64, epochs: 1, batch: 16))
    let often = TrainingRun(analysis, on: t4, .init(datasetSize: 64, epochs: 7, batch: 16))
    #expect(abs(often.joules.value - 7 * once.joules.value) < 1e-9 * often.joules.value)
    #expect(abs(once.kilowattHours.value * 3.6e6 - once.joules.value) < 1e-9)
  }

  @Test func `energy is linear in the dataset's size where batches are full`() throws {
    let analysis = try Networks.dense(layers: 2, width: 32, rows: 16)
    func joules(_ size: Int) -> Double {
      TrainingRun(analysis, on: t4, .init(datasetSize: size, epochs: 2, batch: 16)).joules.value
    }
    for factor in [2, 5, 100] {
      #expect(abs(joules(64 * factor) - Double(factor) * joules(64)) < 1e-9 * joules(64 * factor))
    }
  }

  @Test func `optimizers move the bytes of their states`() throws {
    let analysis = try Networks.dense(layers: 2, width: 32, rows: 16)
    for (optimizer, bytes) in [
      (TrainingRun.Optimizer.sgd, 16), (.momentum, 24), (.adam, 32), (.adamw, 32),
    ] {
      #expect(run(analysis, optimizer).update.work.traffic == bytes * 2 * 32 * 32)
    }
  }

  @Test func `the parts of a step add up`() throws {
    let run = run(try Networks.residual())
    let joules = run.forward.joules + run.backward.joules + run.update.joules
    #expect(abs(joules - run.joulesPerStep.value) < 1e-9 * joules)
    #expect(run.joules.low < run.joules.value && run.joules.value < run.joules.high)
  }

  @Test
  func
    `a bias that the exporter named stands for a normalisation, one that a framework named does not`()
    throws
  {
    func kernels(_ bias: String) throws -> [Kernel.Operation] {
      var net = NetworkBuilder()
      let x = net.input("x", [2, 4, 6, 6])
      let id = net.body.add(Value(bias, initializer: Literal(try TensorInfo(.float32, [4]))))
      let y = net.node("Conv", [x, try net.weights([4, 4, 1, 1]), id])
      return run(try net.analysis(returning: [y])).kernels.map(\.operation)
    }
    #expect(try kernels("onnx::Conv_7").filter { $0 == .normalization }.count == 2)
    #expect(try kernels("onnx::Conv_7").filter { $0 == .reduction }.isEmpty)
    #expect(try kernels("features.0.bias").filter { $0 == .normalization }.isEmpty)
    #expect(try kernels("features.0.bias").filter { $0 == .reduction }.count == 1)
  }

  @Test func `gradients of concatenations are parts of one, and move nothing`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [2, 8])
    let a = net.node("MatMul", [x, try net.weights([8, 8])])
    let b = net.node("MatMul", [x, try net.weights([8, 8])])
    let y = net.node("Concat", [a, b], [Attribute("axis", .int(1))])
    let run = run(try net.analysis(returning: [y]))
    #expect(run.kernels.filter { $0.operation == .movement }.count == 1)
  }
}
