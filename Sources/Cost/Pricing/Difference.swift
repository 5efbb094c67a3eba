package import Graph

/// What a change of a model adds to its time and energy, with how sure that is.
///
/// Both sides stand on one table, so most of what is wrong with one is wrong with the other and falls out. What the
/// sensor, the board and the data's values add is one factor of the difference. A kernel that both sides launch is off
/// by the same amount on both. One that was changed is off by an error that grows with its size step by step, so that
/// the smaller one's is part of the larger one's. The error of whole models is shared in so far as the models are alike.
package struct Difference: Hashable, Sendable {
  /// Head minus base, in joules.
  package let joules: Interval
  /// Head minus base, in seconds.
  package let seconds: Interval
  /// The joules as a share of the base's; nil where the base takes none.
  package let joulesShare: Interval?
  /// The seconds as a share of the base's; nil where the base takes none.
  package let secondsShare: Interval?

  /// Kernels that are launched `count` times for one of what is compared: an inference, a training run.
  package struct Bill: Sendable {
    package let kernels: [Kernel]
    package let costs: [KernelCost]
    package let count: Double
    /// What an execution takes beside its kernels, whatever they are.
    let overhead: KernelCost

    package init(
      _ kernels: [Kernel], _ costs: [KernelCost], count: Double,
      overhead: KernelCost = KernelCost(seconds: 0, joules: 0)
    ) {
      (self.kernels, self.costs, self.count, self.overhead) = (kernels, costs, count, overhead)
    }
  }

  /// The difference from `base` to `head`, which are both of `device`.
  package init(
    from base: Bill, to head: Bill, on device: Device, _ nodes: Correspondence
  ) {
    let pairs = Pairs(base, head, nodes)
    let uncertainty = device.uncertainty
    let common =
      [
        uncertainty.sensorPercent, uncertainty.unitToUnitPercent, uncertainty.dataPercent,
      ].reduce(0) { $0 + $1 * $1 }.squareRoot() / 100
    let joules = pairs.change(\.joules, base, head, device)
    let seconds = pairs.change(\.seconds, base, head, device)
    self.joules = joules.interval(common: common)
    self.seconds = seconds.interval(common: 0)
    joulesShare = joules.share
    secondsShare = seconds.share
  }
}

extension Difference {
  /// The difference of an inference, an image or a token, of which `base` and `head` have so many in one execution.
  package init(
    from base: Estimate, to head: Estimate, _ nodes: Correspondence, per counts: (Double, Double)
  ) {
    self.init(
      from: base.bill(count: 1 / max(1, counts.0)), to: head.bill(count: 1 / max(1, counts.1)),
      on: head.device, nodes)
  }
}

extension Estimate {
  /// What an execution takes beside its kernels, though `costs` share it out among them.
  package var overhead: KernelCost {
    let seconds =
      scenario.runtime == .fused && !kernels.isEmpty
      ? min(device.launch.executionSeconds, self.seconds.value) : 0
    return KernelCost(seconds: seconds, joules: device.power.activeWatts * seconds)
  }

  /// The share of a kernel's seconds that are its own and not the overhead's.
  private var ownShare: Double {
    seconds.value > 0 ? 1 - overhead.seconds / seconds.value : 1
  }

  /// The joules of a node or kernel without its part of the overhead.
  package func ownJoules(_ seconds: Double, _ joules: Double) -> Double {
    joules - device.power.activeWatts * seconds * (1 - ownShare)
  }

  fileprivate func bill(count: Double) -> Difference.Bill {
    let own = costs.map { cost in
      KernelCost(seconds: cost.seconds * ownShare, joules: ownJoules(cost.seconds, cost.joules))
    }
    return Difference.Bill(kernels, own, count: count, overhead: overhead)
  }
}

/// Which kernels of two bills are the same, or one changed into the other.
private struct Pairs {
  /// Numbers of kernels of the base and of the head; nil where the other side has no such kernel.
  var same: [(base: Int, head: Int)] = []
  var changed: [(base: Int, head: Int)] = []
  var gone: [Int] = []
  var new: [Int] = []

  init(_ base: Difference.Bill, _ head: Difference.Bill, _ nodes: Correspondence) {
    var alike: [KernelForm: [Int]] = [:]
    for number in base.kernels.indices.reversed() {
      alike[KernelForm(base.kernels[number]), default: []].append(number)
    }
    var isTaken = [Bool](repeating: false, count: base.kernels.count)
    var left: [Int] = []
    for (number, kernel) in head.kernels.enumerated() {
      if let partner = alike[KernelForm(kernel)]?.popLast() {
        isTaken[partner] = true
        same.append((partner, number))
      } else {
        left.append(number)
      }
    }
    var owners: [Owner: [Int]] = [:]
    for number in base.kernels.indices.reversed() where !isTaken[number] {
      if let owner = Owner(base.kernels[number], { $0 }) {
        owners[owner, default: []].append(number)
      }
    }
    for number in left {
      let owner = Owner(head.kernels[number]) { node in
        nodes.bases.indices.contains(node) ? nodes.bases[node] : nil
      }
      if let owner, let partner = owners[owner]?.popLast() {
        isTaken[partner] = true
        changed.append((partner, number))
      } else {
        new.append(number)
      }
    }
    gone = base.kernels.indices.filter { !isTaken[$0] }
  }

  /// What a device sees of a kernel: two that agree take the same.
  private struct KernelForm: Hashable {
    let operation: Kernel.Operation
    let type: NumberFormat
    let parts: [Work]
    let contractions: [Contraction]
    let weightBytes: Int
    let rowBytes: Int
    let pass: Kernel.Pass
    let launches: Int

    init(_ kernel: Kernel) {
      operation = kernel.operation
      type = kernel.type
      parts = kernel.parts
      contractions = kernel.contractions
      weightBytes = kernel.weightBytes
      rowBytes = kernel.rowBytes
      pass = kernel.pass
      launches = kernel.launches
    }
  }

  /// What a kernel is for: its first node, by its number in the base.
  private struct Owner: Hashable {
    let node: Int
    let operation: Kernel.Operation
    let type: NumberFormat
    let pass: Kernel.Pass

    init?(_ kernel: Kernel, _ base: (Int) -> Int?) {
      guard let node = kernel.members.first.flatMap(base) else { return nil }
      (self.node, operation, type, pass) = (node, kernel.operation, kernel.type, kernel.pass)
    }
  }

  /// What changes of one figure, and how sure that is.
  func change(
    _ figure: KeyPath<KernelCost, Double>, _ base: Difference.Bill, _ head: Difference.Bill,
    _ device: Device
  ) -> Change {
    /// The figure of a kernel in all, and the standard deviation of its logarithm.
    func priced(_ bill: Difference.Bill, _ number: Int) -> (figure: Double, error: Double) {
      let kernel = bill.kernels[number]
      let percent = device.rate(kernel.operation, kernel.type)?.residualPercent ?? 0
      return (
        bill.costs[number][keyPath: figure] * Double(kernel.launches) * bill.count,
        Uncertainty.deviation(meanErrorPercent: percent)
      )
    }
    var change = Change(modelError: device.uncertainty.modelPercent / 100)
    for pair in same {
      change.add(priced(base, pair.base), priced(head, pair.head), isSame: true)
    }
    for pair in changed {
      change.add(priced(base, pair.base), priced(head, pair.head), isSame: false)
    }
    for number in gone { change.add(priced(base, number), (0, 0), isSame: false) }
    for number in new { change.add((0, 0), priced(head, number), isSame: false) }
    let overheads = [base, head].map { $0.overhead[keyPath: figure] * $0.count }
    change.add((overheads[0], 0), (overheads[1], 0), isSame: true)
    return change
  }
}

/// A sum of differences of kernels, with its variance as it grows.
private struct Change {
  /// The standard deviation of the logarithm of a whole model's figure over its kernels'.
  let modelError: Double
  private var entries: [(base: Double, head: Double, error: Double, isSame: Bool)] = []

  init(modelError: Double) { self.modelError = modelError }

  mutating func add(
    _ base: (figure: Double, error: Double), _ head: (figure: Double, error: Double), isSame: Bool
  ) {
    entries.append((base.figure, head.figure, max(base.error, head.error), isSame))
  }

  /// The change, of which the errors that both sides have in common are a factor.
  func interval(common: Double) -> Interval {
    let change = entries.reduce(0) { $0 + ($1.head - $1.base) }
    let own = variance(weight: 1)
    let shared = common * change
    return Self.interval(change, (own + shared * shared).squareRoot())
  }

  /// The change as a share of the base, of which a common factor is no part.
  var share: Interval? {
    let base = entries.reduce(0) { $0 + $1.base }
    let head = entries.reduce(0) { $0 + $1.head }
    guard base > 0 else { return nil }
    let ratio = head / base
    let bounds = Self.interval(ratio - 1, variance(weight: ratio).squareRoot() / base)
    return Interval(bounds.value, low: max(-1, bounds.low), high: bounds.high)
  }

  private static func interval(_ value: Double, _ deviation: Double) -> Interval {
    let half = Uncertainty.halfWidth * deviation
    return Interval(value, low: value - half, high: value + half)
  }

  /// The variance of the head less `weight` times the base.
  private func variance(weight: Double) -> Double {
    var variance = 0.0
    // What both sides launch, and what either launches alone or otherwise.
    var (kept, removed, added) = (0.0, 0.0, 0.0)
    var (alike, all) = (0.0, 0.0)
    for entry in entries {
      let (base, head) = (weight * entry.base, entry.head)
      let overlap =
        entry.isSame
        ? 1 : min(entry.base, entry.head) / max(entry.base, entry.head, .leastNonzeroMagnitude)
      variance +=
        entry.error * entry.error * max(0, base * base + head * head - 2 * overlap * base * head)
      if entry.isSame {
        kept += head - base
      } else {
        (removed, added) = (removed - base, added + head)
      }
      alike += entry.isSame ? entry.base + entry.head : 2 * min(entry.base, entry.head)
      all += entry.base + entry.head
    }
    let likeness = all > 0 ? min(1, alike / all) : 1
    let squares = kept * kept + removed * removed + added * added
    let products = kept * removed + kept * added + removed * added
    let spread = max(0, squares + 2 * likeness * products)
    return variance + modelError * modelError * spread
  }
}
