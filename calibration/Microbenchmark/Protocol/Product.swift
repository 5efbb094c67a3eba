import BenchmarkKernels

/// A kernel to be measured: one of this project's own, or a library's that does the same.
struct Product {
  let kernel: BenchmarkKernel
  let subject: Subject
  /// Whether cuBLASLt does it.
  let isLibrary: Bool
  /// Whether its energy is measured; of the others only the time is, which takes an eighth as long.
  let isPowered: Bool

  init(_ kernel: BenchmarkKernel, isPowered: Bool = true) {
    self.kernel = kernel
    subject = Subject(kernel)
    isLibrary = false
    self.isPowered = isPowered && kernel.isEssential
  }

  /// The same product by a library; nil for what is no matrix product.
  init?(_ kernel: BenchmarkKernel, by provider: String) {
    guard kernel.kernelClass == .gemm else { return nil }
    self.kernel = kernel
    var subject = Subject(kernel)
    subject.name = "cublaslt-\(kernel.name)"
    subject.provider = provider
    self.subject = subject
    isLibrary = true
    isPowered = kernel.isEssential
  }
}

extension Bench {
  /// How one measurement of a product ended.
  enum Outcome {
    case measured(Measurement)
    /// Where the board's result is not the host's.
    case wrong(String)
    /// The library has no such product.
    case missing
  }

  /// Measures `product` once; its result is checked first where `isChecked`.
  func measure(
    _ product: Product, _ plan: Plan, _ sensor: SensorFindings, _ patterns: inout PatternCache,
    isPowered: Bool, isChecked: Bool
  ) throws(Obstacle) -> Outcome {
    guard product.isLibrary else {
      let load = try prepare(product, &patterns)
      if isChecked,
        let wrong = try disagreement(
          product, load, { (range) throws(DriverFailure) in try load.resultBytes(range) })
      {
        return .wrong(wrong)
      }
      return .measured(try measured(load, plan, sensor, isPowered))
    }
    guard let load = try prepareProduct(product, &patterns) else { return .missing }
    if isChecked,
      let wrong = try disagreement(
        product, load, { (range) throws(DriverFailure) in try load.resultBytes(range) })
    {
      return .wrong(wrong)
    }
    return .measured(try measured(load, plan, sensor, isPowered))
  }

  /// Switches one of this project's own kernels on and off to find out how the sensor answers.
  func probeSensor(with product: Product, _ plan: Plan, _ patterns: inout PatternCache)
    throws(Obstacle) -> SensorFindings?
  {
    try probeSensor(try prepare(product, &patterns), steps: plan.sensorSteps)
  }

  func soak(with product: Product, _ plan: Plan, _ patterns: inout PatternCache)
    throws(Obstacle) -> SoakOutcome
  {
    try soak(try prepare(product, &patterns), plan)
  }

  private func prepare(_ product: Product, _ patterns: inout PatternCache) throws(Obstacle)
    -> PreparedKernel
  {
    do throws(DriverFailure) {
      return try PreparedKernel(product.kernel, on: gpu, &patterns)
    } catch {
      throw .driver(error)
    }
  }

  private func prepareProduct(_ product: Product, _ patterns: inout PatternCache)
    throws(Obstacle) -> PreparedProduct?
  {
    do throws(DriverFailure) {
      return try products.prepare(product.kernel, on: gpu, &patterns)
    } catch {
      throw .driver(error)
    }
  }

  private func measured<L: Load & ~Copyable>(
    _ load: borrowing L, _ plan: Plan, _ sensor: SensorFindings, _ isPowered: Bool
  ) throws(Obstacle) -> Measurement {
    isPowered ? try measure(load, plan, sensor) : try time(load, plan)
  }

  /// Where the board's result is not the host's; nil if they agree.
  private func disagreement<L: Load & ~Copyable>(
    _ product: Product, _ load: borrowing L,
    _ resultBytes: (Range<Int>) throws(DriverFailure) -> [UInt8]
  ) throws(Obstacle) -> String? {
    do throws(DriverFailure) {
      try load.launch()
      try gpu.finish()
      return try product.kernel.firstDisagreement(reading: resultBytes)?.description
    } catch {
      throw .driver(error)
    }
  }
}

/// The matrix products of a library, on machines that have one.
enum ProductLibrary: ~Copyable {
  case none
  case cuBLASLt(CUBLASLt)

  /// The first of `names` that the machine has.
  init(_ names: [String]) {
    for name in names {
      if let library = try? CUBLASLt(library: name) {
        self = .cuBLASLt(library)
        return
      }
    }
    self = .none
  }

  /// Who wrote its kernels; nil without a library.
  var provider: String? {
    switch self {
    case .none: nil
    case .cuBLASLt(let library): library.provider
    }
  }

  func prepare(
    _ kernel: BenchmarkKernel, on gpu: borrowing GPU, _ patterns: inout PatternCache
  ) throws(DriverFailure) -> PreparedProduct? {
    switch self {
    case .none: nil
    case .cuBLASLt(let library): try PreparedProduct(kernel, on: gpu, library, &patterns)
    }
  }
}
