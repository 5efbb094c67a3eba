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
    /// Examples in one step.
    package var batch: Int
    package var optimizer: Optimizer
    package var runtime: Runtime
    package var precision: Precision?

    package init(
      datasetSize: Int, epochs: Int, batch: Int, optimizer: Optimizer = .sgd,
      runtime: Runtime = .eager, precision: Precision? = nil
    ) {
      self.datasetSize = datasetSize
      self.epochs = epochs
      self.batch = batch
      self.optimizer = optimizer
      self.runtime = runtime
      self.precision = precision
    }

    /// The steps of the whole run: a loader's last batch of an epoch may be smaller, and is a step too.
    package var steps: Int {
      guard datasetSize > 0, epochs > 0, batch > 0 else { return 0 }
      let perEpoch = datasetSize / batch + (datasetSize % batch == 0 ? 0 : 1)
      return saturatingProduct(perEpoch, epochs)
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
  /// Steps of the whole run.
  package let steps: Int
  /// One step.
  package let forward: Part
  package let backward: Part
  package let update: Part
  /// Batch normalisations that are taken to have been there in training, though the graph has them no more.
  package let foldedNormalizations: Int
  /// The kernels of one step that are priced, in order: forward, backward, update.
  package let kernels: [Kernel]
  /// What one launch of each kernel costs, idle time and overheads shared out.
  package let costs: [KernelCost]
  package let secondsPerStep: Interval
  package let joulesPerStep: Interval
  package let unpriced: [Unpriced]

  /// Costs `plan` for a model that has been analysed with `plan.batch` examples in a batch.
  package init(_ analysis: Analysis, on device: Device, _ plan: Plan) {
    let scenario = Scenario(runtime: plan.runtime, precision: plan.precision)
    let groups = [
      Fusion.kernels(of: analysis, under: scenario).map { $0.training(in: analysis) }
        + FoldedNormalizations.kernels(of: analysis, precision: plan.precision),
      Backward.kernels(of: analysis, precision: plan.precision),
      plan.optimizer.kernels(analysis.totals.parameters, precision: plan.precision),
    ]
    let execution = Execution(groups.flatMap(\.self), on: device, runtime: plan.runtime)
    self.plan = plan
    steps = plan.steps
    // Unpriced kernels are in no group's share.
    let counts = groups.map { group in
      group.filter { device.rate($0.operation, $0.type) != nil }.count
    }
    forward = Part(execution, 0..<counts[0])
    backward = Part(execution, counts[0]..<counts[0] + counts[1])
    update = Part(execution, counts[0] + counts[1]..<execution.kernels.count)
    secondsPerStep = Uncertainty.seconds(execution, on: device).interval(execution.seconds)
    joulesPerStep = Uncertainty.joules(execution, on: device).interval(execution.joules)
    foldedNormalizations = FoldedNormalizations.count(in: analysis)
    kernels = execution.kernels
    costs = execution.costs
    unpriced = execution.unpriced
  }

  /// Seconds of the whole run.
  package var seconds: Interval { secondsPerStep * Double(steps) }

  /// Joules of the whole run.
  package var joules: Interval { joulesPerStep * Double(steps) }

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

extension Kernel {
  /// The same kernel in training: a normalisation reads its input once more, for the batch's moments.
  fileprivate func training(in analysis: Analysis) -> Kernel {
    var kernel = self
    for (index, member) in members.enumerated() {
      guard analysis[analysis.placements[member]].op is BatchNormalization else { continue }
      let read = parts[index].bytesRead
      kernel.parts[index].bytesRead = saturatingSum(read, parts[index].bytesWritten)
    }
    return kernel
  }
}
