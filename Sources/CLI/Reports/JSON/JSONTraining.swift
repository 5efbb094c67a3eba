import Cost
import Graph

extension JSONWriter {
  mutating func training(_ training: Training, _ request: TrainingRequest) {
    switch training {
    case .steps(let run): steps(run, request)
    case .overhead(let training): overhead(training, request)
    }
  }

  /// A run that is priced as inferences.
  private mutating func overhead(_ training: OverheadTraining, _ request: TrainingRequest) {
    object("training") { json in
      json.member("method", "overhead")
      json.member("dataset_size", training.datasetSize)
      json.member("epochs", training.epochs)
      json.member("epochs_assumed", request.epochs == nil)
      json.member("training_overhead", training.overhead)
      json.member("inferences_per_example", training.factor)
      json.member("joules", training.joules)
      json.member("kwh", training.joules / joulesPerKilowattHour)
      json.member("seconds", training.seconds)
    }
  }

  /// The whole run, and one step with its parts.
  private mutating func steps(_ run: TrainingRun, _ request: TrainingRequest) {
    object("training") { json in
      json.member("method", "backward pass")
      json.member("dataset_size", run.plan.datasetSize)
      json.member("epochs", run.plan.epochs)
      json.member("epochs_assumed", request.epochs == nil)
      json.member("batch", run.plan.batch)
      json.member("batch_assumed", request.batch == nil)
      json.member("accumulation", run.plan.accumulation)
      json.member("checkpointing", run.plan.checkpoints)
      json.member("optimizer", run.plan.optimizer.rawValue)
      json.member("runtime", run.plan.runtime.rawValue)
      json.member("precision", run.plan.precision?.rawValue)
      json.member("batches", run.plan.batches)
      json.member("steps", run.steps)
      json.member("joules", run.joules)
      json.member("kwh", run.kilowattHours)
      json.member("seconds", run.seconds)
      json.member("joules_per_step", run.joulesPerStep)
      json.member("seconds_per_step", run.secondsPerStep)
      json.part("forward", run.forward)
      if run.plan.checkpoints { json.part("recomputation", run.recomputation) }
      json.part("backward", run.backward)
      json.part("update", run.update)
      json.object("memory") { json in
        json.member("bytes", run.memory.total)
        json.member("activation_bytes", run.memory.activations)
        json.member("parameter_bytes", run.memory.parameters)
        json.member("gradient_bytes", run.memory.gradients)
        json.member("optimizer_bytes", run.memory.optimizerStates)
        json.member("passing_bytes", run.memory.passing)
        json.member("device_bytes", run.device.dramBytes)
        json.member("fits", run.memory.total <= run.device.dramBytes)
      }
      json.member("folded_normalizations", run.foldedNormalizations)
      json.member("loss_classes", run.loss?.classes)
      json.member("unpriced_kernels", run.unpriced.count)
    }
  }

  private mutating func part(_ name: String, _ part: TrainingRun.Part) {
    object(name) { json in
      json.member("kernels", part.kernels)
      json.member("macs", part.work.macs)
      json.member("elementwise_flops", part.work.elementwise)
      json.member("traffic_bytes", part.work.traffic)
      json.member("seconds", part.seconds)
      json.member("joules", part.joules)
    }
  }
}
