import BenchmarkKernels
import Cost
import Graph

/// One kind of kernel as a function of the figures that a table has for it.
struct RateModel {
  private let operation: Kernel.Operation
  private let type: NumberFormat?
  private let device: Device
  private let plainRate: Double
  private let timing: Timing

  /// Where the figures come from that no sample tells.
  private let prior: Rate

  init(
    _ operation: Kernel.Operation, _ type: NumberFormat?, _ device: Device, plainRate: Double,
    prior: Rate
  ) {
    self.operation = operation
    self.type = type
    self.device = device
    self.plainRate = plainRate
    self.prior = prior
    timing = Timing(device: device)
  }

  /// Seconds of one launch of what was observed; nil where the equation has no such kernel.
  func predicted(_ observation: Observation, at rate: Rate) -> Double? {
    observation.subject.kernel(cacheBytes: device.l2Bytes).map {
      timing.seconds($0, at: observation.subject.met(rate))
    }
  }

  /// The rate that predicts `group` best, and the figures it is made of; `near` are those of a fit to nearly the same.
  func fitted(to group: [Observation], near: [Double]? = nil) -> (rate: Rate, values: [Double]) {
    let kernels = group.compactMap { observation in
      observation.subject.kernel(cacheBytes: device.l2Bytes).map {
        (kernel: $0, observation: observation)
      }
    }
    let parameters = parameters(for: group)
    let beginnings = near.map { [$0] } ?? beginnings(parameters)
    let values = robustLeastSquares(parameters, beginnings: beginnings) { values in
      let rate = rate(values)
      return kernels.map {
        logarithm(
          timing.seconds($0.kernel, at: $0.observation.subject.met(rate)) / $0.observation.seconds)
      }
    }
    return (rate(values), values)
  }

  /// Where to look from: products are cut into the best of several tiles, and which that is depends on the figures.
  private func beginnings(_ parameters: [Parameter]) -> [[Double]] {
    let starts = parameters.map(\.start)
    guard operation == .gemm || operation == .convolution else { return [starts] }
    return [0.4, 1, 3].flatMap { fetch in
      [0.05, 0.5].map { loss in
        var values = starts
        values[1] *= fetch
        values[2] = loss
        return values
      }
    }
  }

  /// Where the figures start, and how far they may go, in the order that ``rate(_:)`` takes them.
  private func parameters(for group: [Observation]) -> [Parameter] {
    let reached =
      group.map { observation in
        let work = observation.subject.work
        return Double(operation.hasProducts ? work.operations : work.bytes + work.cachedBytes)
          / observation.seconds
      }.max() ?? 1
    // A launch takes at most what the shortest kernel does.
    let shortest = group.map(\.seconds).min() ?? 0
    // Nor does it take longer than this on any board: without a short kernel it is not told from the rate.
    let launch = Parameter.between(0, min(max(shortest, 1e-9), 1e-4), start: 0)
    let memory = device.memory.bytesPerSecond
    switch operation {
    case .gemm, .convolution:
      let hasWinograd = group.contains { observation in
        observation.subject.kernel(cacheBytes: device.l2Bytes)?.contractions
          .contains { $0.suitsWinograd } == true
      }
      // This project's own kernels multiply directly.
      let algorithm = hasWinograd && group[0].subject.provider != Subject.ownProvider
      return [
        .scale(1.1 * reached, reach: 8), .scale(4 * memory, reach: 30),
        .between(0, 1, start: 0.3), unaligned(in: group), launch,
        algorithm ? .between(0.4, 1, start: 0.8) : .between(1, 1, start: 1),
      ]
    case .depthwiseConvolution:
      return [.scale(2 * reached, reach: 100), launch, .between(0, 64, start: 5)]
    case .groupedConvolution:
      // What each group takes of its own, where a library does them one after another.
      return [.scale(1.1 * reached, reach: 100), .between(0, max(shortest / 2, 1e-9), start: 0)]
    case .elementwise, .movement, .pooling, .reduction, .softmax, .normalization, .recurrence,
      .attention:
      return [.scale(reached, reach: 10), launch]
    }
  }

  /// What extents that are no multiples of four leave of the rate, where some are.
  private func unaligned(in group: [Observation]) -> Parameter {
    guard !tellsUnaligned(group) else { return .between(0.2, 1, start: 0.9) }
    let known = prior.tiling?.unalignedShare ?? 1
    return .between(known, known, start: known)
  }

  private func tellsUnaligned(_ group: [Observation]) -> Bool {
    group.contains { observation in
      observation.subject.kernel(cacheBytes: device.l2Bytes)?.contractions
        .contains { !$0.isAligned } == true
    }
  }

  /// The keys of the figures that `group` does not tell.
  func priors(for group: [Observation]) -> [String] {
    switch operation {
    case .gemm, .convolution: tellsUnaligned(group) ? [] : ["unaligned"]
    case .softmax, .normalization: ["row_passes"]
    default: []
    }
  }

  private func rate(_ values: [Double]) -> Rate {
    // What no sample tells stays as it is known of another board.
    var rate = prior
    (rate.operation, rate.type) = (operation, type)
    rate.flopsPerSecond = operation.hasProducts ? values[0] : plainRate
    rate.bytesPerSecond = operation.hasProducts ? device.memory.bytesPerSecond : values[0]
    (rate.joulesPerFlop, rate.launchSeconds, rate.groupSeconds, rate.setupTaps) = (0, 0, 0, 0)
    (rate.tiling, rate.winograd, rate.winogradBlock) = (nil, 1, nil)
    // A kernel that is launched by itself is all of its layer.
    (rate.kernels, rate.relayout) = (1, 0)
    (rate.samples, rate.residualPercent, rate.spreadPercent, rate.clock) = (0, 0, nil, nil)
    switch operation {
    case .gemm, .convolution:
      rate.tiling = Rate.Tiling(
        fetchBytesPerSecond: values[1], waveLoss: values[2], unalignedShare: values[3])
      rate.launchSeconds = values[4]
      rate.winograd = values[5]
    case .depthwiseConvolution:
      rate.launchSeconds = values[1]
      rate.setupTaps = values[2]
    case .groupedConvolution: rate.groupSeconds = values[1]
    default: rate.launchSeconds = values[1]
    }
    return rate
  }
}

extension Kernel.Operation {
  /// Whether its work is counted in multiply-accumulates.
  var hasProducts: Bool {
    switch self {
    case .gemm, .convolution, .depthwiseConvolution, .groupedConvolution, .recurrence, .attention:
      true
    case .elementwise, .reduction, .softmax, .normalization, .pooling, .movement: false
    }
  }
}
