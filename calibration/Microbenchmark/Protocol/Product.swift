import BenchmarkKernels

/// Something to be measured: one of this project's own kernels, or what a library does.
struct Product {
  enum Source {
    case own(BenchmarkKernel)
    case library(LibraryCall)
  }

  let source: Source
  let subject: Subject
  /// Whether its energy is measured; of the others only the time is, which takes an eighth as long.
  let isPowered: Bool

  init(_ kernel: BenchmarkKernel) {
    source = .own(kernel)
    subject = Subject(kernel)
    isPowered = kernel.isEssential
  }

  init(_ call: LibraryCall, by provider: String) {
    source = .library(call)
    subject = Subject(call, by: provider)
    isPowered = call.isEssential
  }

  /// This project's own kernel; nil for what a library does.
  var kernel: BenchmarkKernel? { if case .own(let kernel) = source { kernel } else { nil } }

  /// What is measured: what libraries do is measured as they do it, and the rest by this project's own kernels.
  ///
  /// The own product in 32 bits stays in any case: it is the one that is measured again and again, and must not change with a library.
  static func all(
    own kernels: [BenchmarkKernel], _ calls: [LibraryCall], _ libraries: borrowing VendorLibraries
  ) -> [Product] {
    var offered: [Product] = []
    for call in calls {
      if let provider = libraries.provider(of: call) { offered.append(Product(call, by: provider)) }
    }
    let replaced = Set(offered.map { Kind($0.subject) })
    let sentinel = sentinel(among: kernels)?.name
    return kernels.filter {
      $0.name == sentinel || !replaced.contains(Kind(Subject($0)))
    }.map { Product($0) } + offered
  }

  /// The kernel that is measured again and again: a matrix product where there is one, and the largest, which keeps the board busiest.
  static func sentinel(among kernels: [BenchmarkKernel]) -> BenchmarkKernel? {
    for kind in [KernelClass.gemm, .convolution, .arithmetic, .copy] {
      let found = kernels.filter {
        $0.kernelClass == kind && $0.type == .float32 && $0.isEssential
      }
      if let most = found.max(by: { $0.work.operations < $1.work.operations }) { return most }
    }
    return kernels.first { $0.isEssential } ?? kernels.first
  }

  private struct Kind: Hashable {
    let kernelClass: KernelClass
    let type: NumberType

    init(_ subject: Subject) { (kernelClass, type) = (subject.kernelClass, subject.type) }
  }
}

extension Bench {
  /// How one measurement of a product ended.
  enum Outcome {
    case measured(Measurement)
    /// Where the board's result is not the host's.
    case wrong(String)
    /// The library does not do this, and why if it says so.
    case missing(String?)
  }

  /// Measures `product` once; its result is checked first where `isChecked`.
  func measure(
    _ product: Product, _ plan: Plan, _ sensor: SensorFindings, _ patterns: inout PatternCache,
    isPowered: Bool, isChecked: Bool
  ) throws(Obstacle) -> Outcome {
    func outcome<L: CheckedLoad & ~Copyable>(_ load: borrowing L, _ checked: some Checkable)
      throws(Obstacle) -> Outcome
    {
      if isChecked, let wrong = try disagreement(checked, load) { return .wrong(wrong) }
      return .measured(
        isPowered ? try measure(load, plan, sensor) : try time(load, plan))
    }
    switch product.source {
    case .own(let kernel):
      return try outcome(try prepare(kernel, &patterns), kernel)
    case .library(let call):
      do throws(Obstacle) {
        guard call.kernelClass == .gemm else {
          let load = try Obstacle.driving { () throws(DriverFailure) in
            try libraries.convolution(call, on: gpu, &patterns)
          }
          guard let load else { return .missing(nil) }
          return try outcome(load, call)
        }
        let load = try Obstacle.driving { () throws(DriverFailure) in
          try libraries.product(call, on: gpu, &patterns)
        }
        guard let load else { return .missing(nil) }
        return try outcome(load, call)
      } catch {
        // What a library offers and then does not do ends no campaign; if the board is lost, the next kernel says so.
        guard case .driver(let failure) = error else { throw error }
        return .missing(failure.description)
      }
    }
  }

  /// Switches one of this project's own kernels on and off to find out how the sensor answers.
  func probeSensor(with kernel: BenchmarkKernel, _ plan: Plan, _ patterns: inout PatternCache)
    throws(Obstacle) -> SensorFindings?
  {
    try probeSensor(try prepare(kernel, &patterns), steps: plan.sensorSteps)
  }

  func soak(with kernel: BenchmarkKernel, _ plan: Plan, _ patterns: inout PatternCache)
    throws(Obstacle) -> SoakOutcome
  {
    try soak(try prepare(kernel, &patterns), plan)
  }

  func warm(
    with kernel: BenchmarkKernel, to celsius: Double, _ patterns: inout PatternCache
  ) throws(Obstacle) {
    try warm(try prepare(kernel, &patterns), to: celsius, limit: Plan.longestWarming)
  }

  private func prepare(_ kernel: BenchmarkKernel, _ patterns: inout PatternCache)
    throws(Obstacle) -> PreparedKernel
  {
    try Obstacle.driving { () throws(DriverFailure) in
      try PreparedKernel(kernel, on: gpu, &patterns)
    }
  }

  /// Where the board's result is not the host's; nil if they agree.
  private func disagreement<L: CheckedLoad & ~Copyable>(
    _ checked: some Checkable, _ load: borrowing L
  ) throws(Obstacle) -> String? {
    do throws(DriverFailure) {
      try load.launch()
      try gpu.finish()
      return try checked.firstDisagreement { (range) throws(DriverFailure) in
        try load.resultBytes(range)
      }?.description
    } catch {
      throw .driver(error)
    }
  }
}

extension Bench.Outcome {
  /// What was measured, which may be nothing.
  var measurement: Measurement {
    if case .measured(let measurement) = self { return measurement }
    return Measurement(launchSeconds: 0, burstSeconds: 0, seconds: 0, updates: 0, throttling: [])
  }
}
