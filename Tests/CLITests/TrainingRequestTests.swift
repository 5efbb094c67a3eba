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
  #expect(message("--checkpointing")?.hasPrefix("'--checkpointing' needs --dataset-size") == true)
}

@Test func `a training run needs examples, and tells what it assumes of the rest`() throws {
  #expect(message("--train")?.hasPrefix("'--train' needs --dataset-size") == true)
  #expect(message("--epochs=2")?.hasPrefix("'--epochs' needs --dataset-size") == true)
  #expect(message("--budget=2 kWh/training")?.contains("say --dataset-size") == true)
  let assumed = try #require(try plan(["--dataset-size=64"]))
  #expect(assumed.epochs == 25 && assumed.batch == 32 && assumed.steps == 50)
  let request = try Arguments(["--dataset-size=64"], of: CostCommand.self).training
  #expect(request.assumptions == ["25 epochs (--epochs)", "batches of 32 (--train-batch)"])
  #expect(try Arguments(run, of: CostCommand.self).training.assumptions.isEmpty)
}
