package import Graph

/// What running a model once costs on a device, for the whole batch.
///
/// Kernels that the device has no rate for are left out of every figure and listed in `unpriced`, so a total
/// beside any of them is a lower bound. Linear in the number of nodes.
package struct Estimate: Sendable {
  package let analysis: Analysis
  package let device: Device
  package let scenario: Scenario
  /// The kernels that are priced, in order.
  package let kernels: [Kernel]
  /// What one launch of each kernel costs, idle time and overheads shared out.
  package let costs: [KernelCost]
  /// One for each of `analysis.placements`; nil where the node is uncounted or unpriced.
  package let nodes: [NodeCost?]
  package let unpriced: [Unpriced]
  package let seconds: Interval
  package let joules: Interval
  /// Joules that are drawn for as long as anything runs, whatever it does.
  package let joulesStatic: Double
  /// Joules that the work itself draws.
  package let joulesDynamic: Double

  package init(_ analysis: Analysis, on device: Device, under scenario: Scenario) {
    let execution = Execution(
      Fusion.kernels(of: analysis, under: scenario), on: device, runtime: scenario.runtime)
    self.analysis = analysis
    self.device = device
    self.scenario = scenario
    kernels = execution.kernels
    costs = execution.costs
    unpriced = execution.unpriced
    seconds = Uncertainty.seconds(execution, on: device).interval(execution.seconds)
    joules = Uncertainty.joules(execution, on: device).interval(execution.joules)
    joulesStatic = execution.joulesStatic
    joulesDynamic = execution.joulesDynamic
    nodes = Self.nodes(of: analysis, execution, on: device)
  }

  /// Mean power, in watts; 0 where nothing runs.
  package var watts: Double { seconds.value > 0 ? joules.value / seconds.value : 0 }

  /// Bytes that cross the borders of kernels in one execution of the model.
  package var kernelTraffic: Int {
    kernels.reduce(0) { saturatingSum($0, $1.work.times($1.launches).traffic) }
  }

  /// Kernels launched in one execution of the model.
  package var launches: Int { kernels.reduce(0) { saturatingSum($0, $1.launches) } }

  /// Joules of one inference: those of the batch divided by its size.
  package var joulesPerInference: Interval { joules / Double(max(1, analysis.binding.batch)) }

  /// Seconds of one inference: those of the batch divided by its size.
  package var secondsPerInference: Interval { seconds / Double(max(1, analysis.binding.batch)) }

  /// The joules that `count` executions of `other` save against one of this; below 0 where they cost more.
  ///
  /// Both stand on the same coefficients, which are off by the same factor: the difference is as sharp,
  /// in relation, as each of them.
  package func saving(by other: Estimate, times count: Double = 1) -> Interval {
    let saved = joules.value - other.joules.value * count
    guard joules.value > 0 else { return Interval(exactly: saved) }
    let bounds = [joules.low, joules.high].map { saved * $0 / joules.value }
    return Interval(saved, low: min(bounds[0], bounds[1]), high: max(bounds[0], bounds[1]))
  }
}

/// What a node adds to one execution of the model.
package struct NodeCost: Hashable, Sendable {
  /// The kernel that the node is part of, by its number in `Estimate.kernels`; nil where it launches none.
  package var kernel: Int?
  package var seconds: Double
  package var joules: Double

  /// A node that launches nothing.
  package static let free = NodeCost(kernel: nil, seconds: 0, joules: 0)
}

extension Estimate {
  /// The cost of each kernel shared out among its members, by the time that each would take alone.
  private static func nodes(of analysis: Analysis, _ execution: Execution, on device: Device)
    -> [NodeCost?]
  {
    var nodes = analysis.placements.map { placement -> NodeCost? in
      // A control node itself does nothing; its bodies' nodes have costs of their own.
      let step = analysis[placement]
      if case .uncounted = step.state { return nil }
      return step.isCounted && step.branches.isEmpty ? nil : .free
    }
    var rates = KnownRates(device)
    for (number, kernel) in execution.kernels.enumerated() {
      let shares = kernel.members.count > 1 ? kernel.shares(at: rates[kernel]) : [1]
      let cost = execution.costs[number]
      let launches = Double(kernel.launches)
      for (member, share) in zip(kernel.members, shares) {
        nodes[member] = NodeCost(
          kernel: number, seconds: cost.seconds * launches * share,
          joules: cost.joules * launches * share)
      }
    }
    return nodes
  }
}

extension Kernel {
  /// For each member, its share of the time: all of them add up to 1.
  fileprivate func shares(at rate: Rate?) -> [Double] {
    guard let rate else { return members.map { _ in 1 } }
    let shares = parts.map { part in
      2 * Double(part.macs) / rate.flopsPerSecond
        + Double(part.elementwise) / rate.flopsPerSecond
        + Double(part.traffic) / rate.bytesPerSecond
    }
    let all = shares.reduce(0, +)
    return shares.map { all > 0 ? $0 / all : 1 / Double(shares.count) }
  }
}
