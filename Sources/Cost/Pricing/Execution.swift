internal import Graph

/// Kernels run one after another on a device, priced: what an inference and a training step are made of.
struct Execution {
  /// Those of the kernels given that the device has a rate for, in the same order.
  let kernels: [Kernel]
  /// What one launch of each costs.
  ///
  /// Time that the board waits for the host goes with the kernels that were over too soon; what an engine needs for
  /// each execution is shared out by the time that kernels take.
  let costs: [KernelCost]
  let unpriced: [Unpriced]
  let seconds: Double
  let joulesStatic: Double
  let joulesDynamic: Double
  /// The residuals of the rates used, each weighted by its kernel's share of the time, in percent.
  ///
  /// Kernels are off independently of one another, so that many of them are off by less than one.
  let residualPercent: Double

  var joules: Double { joulesStatic + joulesDynamic }

  init(_ all: [Kernel], on device: Device, runtime: Runtime) {
    let (timing, energy) = (Timing(device: device), Energy(device: device))
    var unpriced: [Unpriced] = []
    var raw: [KernelCost] = []
    var busy = 0.0
    var gaps = 0.0
    var launching = 0.0
    var dynamic = 0.0
    var residual = 0.0
    var dispatches: [Double] = []
    var rates = KnownRates(device)
    for kernel in all {
      guard let rate = rates[kernel] else {
        unpriced.append(Unpriced(kernel, on: device))
        continue
      }
      let demand = timing.demand(kernel, at: rate)
      let cost = KernelCost(
        seconds: demand.seconds, joules: energy.dynamicJoules(demand, at: rate))
      let count = Double(kernel.launches)
      let dispatch =
        kernel.isLayer ? device.launch.layerDispatchSeconds : device.launch.dispatchSeconds
      raw.append(cost)
      dispatches.append(dispatch)
      launching += count * dispatch
      busy += count * cost.seconds
      gaps += count * max(0, dispatch - cost.seconds)
      dynamic += count * cost.joules
      let error = count * cost.seconds * rate.residualPercent
      residual += error * error
    }
    let elapsed =
      switch runtime {
      case .fused: busy > 0 ? busy + device.launch.executionSeconds : 0
      // The host launches ahead of the board: whichever is slower sets the pace.
      case .eager: max(busy, launching)
      }
    let seconds = energy.cappedSeconds(elapsed, dynamicJoules: dynamic)
    // The board waits where a kernel is over before the host has launched the next one.
    let waited = runtime == .eager && gaps > 0 ? max(0, elapsed - busy) / gaps : 0
    let occupied = busy + waited * gaps
    let stretch = occupied > 0 ? seconds / occupied : 1
    let activeWatts = device.power.activeWatts
    kernels =
      unpriced.isEmpty ? all : all.filter { rates[$0] != nil }
    self.unpriced = unpriced
    self.seconds = seconds
    joulesStatic = activeWatts * seconds
    joulesDynamic = dynamic
    residualPercent = busy > 0 ? residual.squareRoot() / busy : 0
    costs = zip(raw, dispatches).map { cost, dispatch in
      let wait = waited * max(0, dispatch - cost.seconds)
      let seconds = (cost.seconds + wait) * stretch
      return KernelCost(seconds: seconds, joules: activeWatts * seconds + cost.joules)
    }
  }
}

/// What one launch of a kernel costs.
package struct KernelCost: Hashable, Sendable {
  package var seconds: Double
  package var joules: Double
}

/// A kernel that is understood, but for which the device has no rate.
package struct Unpriced: Hashable, Sendable {
  /// The nodes, by their numbers in `Analysis.placements`.
  package let members: [Int]
  /// One clause, which reads on after "uncounted:".
  package let reason: String

  fileprivate init(_ kernel: Kernel, on device: Device) {
    members = kernel.members
    reason = "\(device.name) has no rate for \(kernel.operation.rawValue) in \(kernel.type.name)"
  }
}
