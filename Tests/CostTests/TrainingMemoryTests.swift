import Graph
import Testing

@testable import Cost

@Suite struct TrainingMemoryTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func run(
    _ analysis: Analysis, size: Int = 128, batch: Int = 16, optimizer: TrainingRun.Optimizer = .sgd,
    accumulation: Int = 1, checkpoints: Bool = false, precision: Precision? = nil
  ) -> TrainingRun {
    TrainingRun(
      analysis, on: t4,
      .init(
        datasetSize: size, epochs: 1, batch: batch, optimizer: optimizer,
        accumulation: accumulation, checkpoints: checkpoints, precision: precision))
  }

  @Test func `parameters, gradients and states are held in FP32`() throws {
    let analysis = try Networks.dense(layers: 3, width: 32, rows: 16)
    let bytes = 3 * 32 * 32 * 4
    for (optimizer, states) in [
      (TrainingRun.Optimizer.sgd, 0), (.momentum, bytes), (.adam, 2 * bytes), (.adamw, 2 * bytes),
    ] {
      let memory = run(analysis, optimizer: optimizer).memory
      #expect(memory.parameters == bytes)
      #expect(memory.gradients == bytes)
      #expect(memory.optimizerStates == states)
    }
    #expect(run(analysis, precision: .fp16).memory.parameters == bytes * 3 / 2)
  }

  @Test(arguments: [1, 4, 9])
  func `a chain of layers keeps its input and each activation's result`(layers: Int) throws {
    let memory = run(try Networks.dense(layers: layers, width: 32, rows: 16)).memory
    // And the loss one more of that size.
    #expect(memory.activations == (layers + 2) * 16 * 32 * 4)
  }

  @Test func `half precision keeps half as many bytes`() throws {
    let analysis = try Networks.dense(layers: 4, width: 32, rows: 16)
    let (full, half) = (run(analysis).memory, run(analysis, precision: .fp16).memory)
    let loss = 16 * 32 * 4
    #expect((half.activations - loss) * 2 == full.activations - loss)
  }

  @Test func `a view keeps nothing of its own`() throws {
    var net = NetworkBuilder()
    let x = net.input("x", [2, 8, 4])
    let flat = net.node("Flatten", [x])
    let y = net.node("MatMul", [flat, try net.weights([32, 4])])
    let run = run(try net.analysis(returning: [y]))
    #expect(run.memory.activations - (run.loss?.scores ?? 0) * 4 == 2 * 8 * 4 * 4)
  }

  @Test func `checkpoints hold less and compute the forward pass once more`() throws {
    let analysis = try Networks.dense(layers: 64, width: 32, rows: 16)
    let (whole, few) = (run(analysis), run(analysis, checkpoints: true))
    #expect(few.memory.activations < whole.memory.activations / 3)
    // The loss is what the pass was for.
    #expect(few.recomputation.work.macs == few.forward.work.macs)
    #expect(few.forward.work.traffic - few.recomputation.work.traffic == 2 * 16 * 32 * 4)
    #expect(whole.recomputation.kernels == 0)
    let again = few.forward.joules / (few.joulesPerStep.value - few.forward.joules)
    #expect(again > 0.2 && few.joules.value > whole.joules.value)
  }

  @Test func `accumulated batches share an update, which the last of an epoch has too`() throws {
    let analysis = try Networks.dense(layers: 2, width: 32, rows: 16)
    // 100 examples are 7 batches, and those 2 updates of 4 and 3 batches.
    let run = run(analysis, size: 100, accumulation: 4)
    #expect(run.plan.batches == 7)
    #expect(run.steps == 2)
    let one = self.run(analysis, size: 100)
    #expect(run.forward.work.macs == 4 * one.forward.work.macs)
    #expect(run.update.work == one.update.work)
    let passes = (run.joulesPerStep.value - run.update.joules) / 4
    let expected = 7 * passes + 2 * run.update.joules
    #expect(abs(run.joules.value - expected) < 1e-9 * expected)
  }

  @Test func `one batch to an update is as without accumulation`() throws {
    let run = run(try Networks.residual(), size: 100)
    #expect(run.steps == run.plan.batches)
    let expected = run.joulesPerStep.value * Double(run.steps)
    #expect(abs(run.joules.value - expected) < 1e-12 * expected)
  }

  @Test func `gradients of further batches are added to those of the first`() throws {
    let analysis = try Networks.dense(layers: 2, width: 32, rows: 16)
    let parameters = 2 * 32 * 32
    let (one, four) = (run(analysis), run(analysis, accumulation: 4))
    let added = four.backward.work.traffic - 4 * one.backward.work.traffic
    #expect(added == 3 * 12 * parameters)
  }
}
