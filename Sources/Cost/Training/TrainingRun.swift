package import Graph

/// What training a model costs on a device: so many steps of forward, backward and update.
///
/// The loss itself, the loading of data and validation are not counted.
package struct TrainingRun: Sendable {
  /// How a model is trained.
  package struct Plan: Hashable, Sendable {
    /// Examples seen in one epoch.
    package var datasetSize: Int
    package var epochs: Int
    /// Examples that go through the model at once.
    package var batch: Int
    /// Batches whose gradients are added up before each update.
    package var accumulation: Int
    /// Whether activations are computed again in the backward pass, from a few that are kept.
    package var checkpoints: Bool
    package var optimizer: Optimizer
    package var runtime: Runtime
    package var precision: Precision?

    package init(
      datasetSize: Int, epochs: Int, batch: Int, optimizer: Optimizer = .sgd,
      accumulation: Int = 1, checkpoints: Bool = false, runtime: Runtime = .eager,
      precision: Precision? = nil
    ) {
      self.datasetSize = datasetSize
      self.epochs = epochs
      self.batch = batch
      self.accumulation = accumulation
      self.checkpoints = checkpoints
      self.optimizer = optimizer
      self.runtime = runtime
      self.precision = precision
    }

    /// The batches of the whole run: a loader's last batch of an epoch may be smaller, and is one too.
    package var batches: Int { saturatingProduct(batchesPerEpoch, epochs) }

    /// The updates of the whole run: the last of an epoch may add up fewer batches.
    package var steps: Int {
      guard accumulation > 0 else { return 0 }
      return saturatingProduct(batchesPerEpoch.dividedRoundingUp(by: accumulation), epochs)
    }

    private var batchesPerEpoch: Int {
      guard datasetSize > 0, epochs > 0, batch > 0 else { return 0 }
      return datasetSize.dividedRoundingUp(by: batch)
    }
  }

  /// One part of a step: what its kernels do, and what they cost.
  package struct Part: Hashable, Sendable {
    package var kernels: Int
    package var work: Work
    package var seconds: Double
    package var joules: Double
  }

  package let plan: Plan
  /// Steps of the whole run, each of which ends with an update.
  package let steps: Int
  /// One step.
  package let forward: Part
  /// The forward pass once more, where activations were not kept.
  package let recomputation: Part
  package let backward: Part
  package let update: Part
  /// Batch normalisations that are taken to have been there in training, though the graph has them no more.
  package let foldedNormalizations: Int
  /// The loss that is taken to end the graph; nil where it ends in one, or learns nothing.
  package let loss: Loss?
  /// The kernels of one step that are priced, in order: forward, backward, update.
  package let kernels: [Kernel]
  /// What one launch of each kernel costs, idle time and overheads shared out.
  package let costs: [KernelCost]
  package let secondsPerStep: Interval
  package let joulesPerStep: Interval
  package let unpriced: [Unpriced]
  /// What the board holds at the peak of a step.
  package let memory: TrainingMemory
  package let device: Device

  /// Costs `plan` for a model that has been analysed with `plan.batch` examples in a batch.
  package init(_ analysis: Analysis, on device: Device, _ plan: Plan) {
    let scenario = Scenario(runtime: plan.runtime, precision: plan.precision)
    let pass =
      Fusion.kernels(of: analysis, under: scenario).map { $0.training(in: analysis) }
      + FoldedNormalizations.kernels(of: analysis, precision: plan.precision)
    let parameters = analysis.totals.parameters
    let loss = Loss(analysis)
    let repeated = [
      pass + (loss?.forward ?? []), plan.checkpoints ? pass : [],
      (loss?.backward ?? []) + Backward.kernels(of: analysis, precision: plan.precision),
    ].map { kernels in kernels.map { $0.launched(plan.accumulation, by: plan.runtime) } }
    let groups = [
      repeated[0], repeated[1],
      repeated[2] + plan.optimizer.additions(parameters, batches: plan.accumulation),
      plan.optimizer.kernels(parameters, precision: plan.precision),
    ]
    let execution = Execution(groups.flatMap(\.self), on: device, runtime: plan.runtime)
    self.plan = plan
    steps = plan.steps
    // Unpriced kernels are in no group's share.
    let counts = groups.map { group in
      group.filter { device.rate($0.operation, $0.type) != nil }.count
    }
    let ends = counts.indices.map { counts[...$0].reduce(0, +) }
    forward = Part(execution, 0..<ends[0])
    recomputation = Part(execution, ends[0]..<ends[1])
    backward = Part(execution, ends[1]..<ends[2])
    update = Part(execution, ends[2]..<ends[3])
    secondsPerStep = Uncertainty.seconds(execution, on: device).interval(execution.seconds)
    joulesPerStep = Uncertainty.joules(execution, on: device).interval(execution.joules)
    foldedNormalizations = FoldedNormalizations.count(in: analysis)
    kernels = execution.kernels
    costs = execution.costs
    unpriced = execution.unpriced
    memory = TrainingMemory(analysis, plan, loss)
    self.loss = loss
    self.device = device
  }

  /// Seconds of the whole run.
  package var seconds: Interval { whole(secondsPerStep, update: update.seconds) }

  /// Joules of the whole run.
  package var joules: Interval { whole(joulesPerStep, update: update.joules) }

  /// The figure of the whole run, from that of a step and of the update in it.
  ///
  /// The last step of an epoch may add up fewer batches than the others, and has an update all the same.
  private func whole(_ step: Interval, update: Double) -> Interval {
    guard step.value > 0 else { return step * Double(steps) }
    let batches = Double(plan.batches) / Double(max(1, plan.accumulation))
    let sum = batches * (step.value - update) + Double(steps) * update
    return step * (sum / step.value)
  }

  /// Kilowatt-hours of the whole run.
  package var kilowattHours: Interval { joules / 3.6e6 }
}

extension TrainingRun.Part {
  fileprivate init(_ execution: Execution, _ range: Range<Int>) {
    self.init(kernels: 0, work: Work(), seconds: 0, joules: 0)
    for (kernel, cost) in zip(execution.kernels[range], execution.costs[range]) {
      let launches = Double(kernel.launches)
      kernels = saturatingSum(kernels, kernel.launches)
      work += kernel.work.times(kernel.launches)
      seconds += launches * cost.seconds
      joules += launches * cost.joules
    }
  }
}

extension Int {
  /// How often `divisor` fits, the rest counted as once more; `divisor` is above 0.
  fileprivate func dividedRoundingUp(by divisor: Int) -> Int {
    self / divisor + (self % divisor == 0 ? 0 : 1)
  }
}

extension Kernel {
  /// The same kernel, launched so many times as often; engines pad and copy otherwise than frameworks.
  fileprivate func launched(_ times: Int, by runtime: Runtime) -> Kernel {
    var kernel = self
    if runtime == .fused { (kernel.isUnpadded, kernel.copiedElements) = (false, 0) }
    kernel.launches = saturatingProduct(launches, times)
    return kernel
  }

  /// The same kernel in training: a normalisation reads its input once more, for the batch's moments.
  fileprivate func training(in analysis: Analysis) -> Kernel {
    var kernel = self
    // They change with every step.
    kernel.hasPreparedWeights = false
    for (index, member) in members.enumerated() {
      guard analysis[analysis.placements[member]].op(is: BatchNormalization.self) else { continue }
      let read = parts[index].bytesRead
      kernel.parts[index].bytesRead = saturatingSum(read, parts[index].bytesWritten)
    }
    return kernel
  }
}
