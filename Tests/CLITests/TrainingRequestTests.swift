import Cost
import Testing

@testable import CLI

private let run = ["--train", "--dataset-size=100", "--epochs=2", "--train-batch=8"]

private func plan(_ words: [String]) throws(UsageError) -> TrainingRun.Plan? {
  guard case .steps(let plan) = try Arguments(words, of: LintCommand.self).trainingPlan() else {
    return nil
  }
  return plan
}

private func message(_ words: String...) -> String? {
  do throws(UsageError) {
    _ = try Arguments(words, of: LintCommand.self).trainingPlan()
    return nil
  } catch { return error.message }
}

@Test func `a training run is eager unless said otherwise`() throws {
  #expect(try plan(run)?.steps == 26)
  #expect(try plan(run)?.runtime == .eager)
  #expect(try plan(run)?.optimizer == .sgd)
  #expect(try plan(run + ["--runtime=fused"])?.runtime == .fused)
  #expect(try plan([]) == nil)
}

@Test func `batches may be accumulated, and activations computed again`() throws {
  let plan = try #require(try plan(run + ["--accumulate=4", "--checkpointing"]))
  #expect(plan.accumulation == 4 && plan.checkpoints)
  #expect(plan.batches == 26 && plan.steps == 8)
  #expect(message("--checkpointing") == "'--checkpointing' is for training; say '--train' too")
}

@Test func `a training run must be described, and asked for`() {
  #expect(message("--train") == "'--train' needs --dataset-size, --epochs and --train-batch")
  #expect(message("--train", "--epochs=2", "--dataset-size=9") == "'--train' needs --train-batch")
  #expect(message("--epochs=2") == "'--epochs' is for training; say '--train' too")
  #expect(message("--budget=2 kWh/training")?.contains("say '--train'") == true)
}
