import BenchmarkKernels

/// A kernel to be measured: one of this project's own, or a library's.
struct Product {
  enum Source {
    case own(BenchmarkKernel)
  }

  let source: Source
  let subject: Subject
  /// Whether its energy is measured; of the others only the time is, which takes a tenth as long.
  let isPowered: Bool

  init(_ kernel: BenchmarkKernel) {
    source = .own(kernel)
    subject = Subject(kernel)
    isPowered = kernel.isEssential
  }
}

extension Bench {
  /// Measures `product` once; its result is checked first where `isChecked`.
  ///
  /// What is wrong with the result, or nil with the measurement.
  func measure(
    _ product: Product, _ plan: Plan, _ sensor: SensorFindings, isPowered: Bool, isChecked: Bool
  ) throws(Obstacle) -> (measurement: Measurement?, wrong: String?) {
    switch product.source {
    case .own(let kernel):
      let load = try Obstacle.driving { () throws(DriverFailure) in
        try PreparedKernel(kernel, on: gpu)
      }
      if isChecked, let wrong = try disagreement(kernel, load) { return (nil, wrong) }
      return (try measured(load, plan, sensor, isPowered), nil)
    }
  }

  /// Switches `product` on and off to find out how the sensor answers.
  func probeSensor(with product: Product, _ plan: Plan) throws(Obstacle) -> SensorFindings? {
    switch product.source {
    case .own(let kernel):
      let load = try Obstacle.driving { () throws(DriverFailure) in
        try PreparedKernel(kernel, on: gpu)
      }
      return try probeSensor(load, steps: plan.sensorSteps)
    }
  }

  func soak(with product: Product, _ plan: Plan) throws(Obstacle) -> SoakOutcome {
    switch product.source {
    case .own(let kernel):
      let load = try Obstacle.driving { () throws(DriverFailure) in
        try PreparedKernel(kernel, on: gpu)
      }
      return try soak(load, plan)
    }
  }

  private func measured<L: Load & ~Copyable>(
    _ load: borrowing L, _ plan: Plan, _ sensor: SensorFindings, _ isPowered: Bool
  ) throws(Obstacle) -> Measurement {
    isPowered ? try measure(load, plan, sensor) : try time(load, plan)
  }

  /// Where the board's result is not the host's; nil if they agree.
  private func disagreement(_ kernel: BenchmarkKernel, _ load: borrowing PreparedKernel)
    throws(Obstacle) -> String?
  {
    do throws(DriverFailure) {
      try load.launch()
      try gpu.finish()
      return try kernel.firstDisagreement { (range) throws(DriverFailure) in
        try load.resultBytes(range)
      }?.description
    } catch {
      throw .driver(error)
    }
  }
}
