import BenchmarkKernels
import Cost
import Graph

/// Rates from times, by the equation of ``Timing`` itself: each fit changes a device until the times it predicts are those measured.
struct TimeFit {
  private(set) var device: Device
  /// The figures that no sample tells, as clauses.
  private(set) var priors: [String] = []
  private let observations: [Observation]
  /// The table that has what samples do not tell.
  private let prior: Device

  init(_ observations: [Observation], on device: Device, prior: Device) throws(Obstacle) {
    self.observations = observations
    self.prior = prior
    self.device = device
    fitLaunch()
    try fitMemory()
    try fitProducts()
    fitMovement()
  }

  private func observed(_ classes: KernelClass...) -> [Observation] {
    observations.filter { classes.contains($0.subject.kernelClass) }
  }

  private mutating func fitLaunch() {
    if let launch = observed(.launch).first {
      device.launch.kernelSeconds = launch.seconds
    } else {
      priors.append("gpu_us")
    }
  }

  /// Kernels that nothing but the memory holds back tell its rate, those that stay in the cache the cache's.
  private mutating func fitMemory() throws(Obstacle) {
    let launch = device.launch.kernelSeconds
    func rate(_ observations: [Observation], _ bytes: (KernelWork) -> Int) -> Double? {
      // The longest of them is least bothered by its launch.
      let largest = observations.map { bytes($0.subject.work) }.max() ?? 0
      let rates = observations.filter { bytes($0.subject.work) == largest && $0.seconds > launch }
        .map { Double(bytes($0.subject.work)) / ($0.seconds - launch) }.sorted()
      return rates.isEmpty || largest == 0 ? nil : median(rates)
    }
    let streams = [KernelClass.copy, .triad].compactMap { kind in
      rate(
        observed(kind).filter {
          $0.subject.work.bytes > saturatingProduct(2, device.l2Bytes)
        }, \.bytes)
    }
    guard !streams.isEmpty else {
      throw .insufficient(
        "there is no usable sample of copy or triad, which tell the memory's rate")
    }
    device.memory.bytesPerSecond = streams.reduce(0, +) / Double(streams.count)
    if let cache = rate(observed(.cacheRead), \.cachedBytes) {
      device.memory.cacheBytesPerSecond = max(cache, device.memory.bytesPerSecond)
    } else {
      device.memory.cacheBytesPerSecond = 4 * device.memory.bytesPerSecond
      priors.append("bytes_per_s of l2")
    }
  }

  private mutating func fitProducts() throws(Obstacle) {
    for operation in [
      Kernel.Operation.gemm, .convolution, .depthwiseConvolution, .groupedConvolution,
    ] {
      for type in [NumberFormat.float32, .tensorFloat32, .float16, .bfloat16, .int8] {
        let group = best(of: operation, type)
        if !group.isEmpty { device.rates.append(fitted(operation, type, group)) }
      }
    }
    guard device.rate(.gemm, .float32) != nil else {
      throw .insufficient("there is no usable sample of a matrix product in float32")
    }
  }

  /// The observations of one kind of product: a library's where one was measured, for that is what networks run.
  private func best(of operation: Kernel.Operation, _ type: NumberFormat) -> [Observation] {
    let all = observations.filter {
      $0.subject.operation == operation && $0.subject.format == type
        && $0.subject.pass == .forward
    }
    let bought = all.filter { $0.subject.provider != Subject.ownProvider }
    return bought.isEmpty ? all : bought
  }

  /// Operations a second of plain arithmetic, which multiply-adds do two of at once.
  private var plainRate: Double {
    let peak = observed(.arithmetic).filter { $0.subject.type == .float32 }
      .map { Double($0.subject.work.operations) / $0.seconds }.max()
    return (peak ?? device.rate(.gemm, .float32)?.flopsPerSecond ?? 1e12) / 2
  }

  private mutating func fitMovement() {
    if observed(.arithmetic).isEmpty { priors.append("the rate of plain arithmetic") }
    for operation in [
      Kernel.Operation.elementwise, .movement, .pooling, .reduction, .softmax, .normalization,
    ] {
      let group = observations.filter {
        $0.subject.operation == operation && $0.subject.format != nil
          && !$0.subject.sweepsRows
      }
      if !group.isEmpty { device.rates.append(fitted(operation, nil, group)) }
    }
  }

  /// Up to which length rows are found again close to a multiprocessor, where kernels were measured that look for them there.
  private mutating func fitRows(_ rate: inout Rate, _ model: RateModel) {
    let sweeps = observations.filter {
      $0.subject.operation == rate.operation && $0.subject.sweepsRows
    }
    if sweeps.count >= 3 {
      model.fitRows(of: &rate, to: sweeps)
    } else {
      priors.append("row_bytes of \(rate.operation.rawValue)")
    }
  }

  /// How much slower a library's convolutions are backward, where it was asked; else what is known of another board.
  private mutating func fitGradients(_ rate: inout Rate, _ type: NumberFormat, _ model: RateModel) {
    for gradient in RateModel.Gradient.allCases {
      let group = observations.filter {
        $0.subject.format == type && gradient.isShown(by: $0.subject)
      }
      if group.isEmpty {
        priors.append("\(gradient.rawValue) of convolution in \(type.name)")
      } else {
        model.fit(gradient, of: &rate, to: group)
      }
    }
  }

  /// What the table that comes with the program has for such kernels, or for those in another type.
  private func known(_ operation: Kernel.Operation, _ type: NumberFormat?) -> Rate {
    prior.rate(operation, type ?? .float32) ?? prior.rate(operation, .float16)
      ?? Rate(
        operation, type, flopsPerSecond: 1, bytesPerSecond: 1, joulesPerFlop: 0, overlap: 2,
        provider: "")
  }

  /// The rate with which `group` is predicted best, with the error on kernels left out of the fit.
  private mutating func fitted(
    _ operation: Kernel.Operation, _ type: NumberFormat?, _ group: [Observation]
  ) -> Rate {
    let model = RateModel(
      operation, type, device, plainRate: plainRate, prior: known(operation, type))
    for key in model.priors(for: group) {
      priors.append("\(key) of \(operation.rawValue)" + (type.map { " in \($0.name)" } ?? ""))
    }
    let (fit, values) = model.fitted(to: group)
    var rate = fit
    // Each kernel is predicted once by a fit that did not see it, where enough others are left to fit to.
    let errors = group.indices.compactMap { index -> Double? in
      var others = group
      others.remove(at: index)
      let other = others.count >= 3 ? model.fitted(to: others, near: values).rate : rate
      return model.predicted(group[index], at: other).map {
        ($0 / group[index].seconds - 1).magnitude
      }
    }
    if operation == .convolution, let type { fitGradients(&rate, type, model) }
    if rate.rows != nil { fitRows(&rate, model) }
    rate.provider = group[0].subject.provider
    rate.samples = group.reduce(0) { $0 + $1.count }
    rate.residualPercent = 100 * errors.reduce(0, +) / Double(max(1, errors.count))
    rate.spreadPercent = 100 * median(group.map(\.spread).sorted())
    // Those whose power was measured ran long enough to meet the cap.
    let long = group.filter { $0.sustained != nil }
    let capped = long.count { $0.isCapped }
    rate.clock =
      group.contains { $0.isLocked }
      ? .locked : capped > 0 && 2 * capped >= long.count ? .capped : .free
    return rate
  }
}
