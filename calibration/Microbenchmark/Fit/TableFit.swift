import BenchmarkKernels
import Cost
import Graph

/// Samples of a board made into the table that `nncost` reads.
struct TableFit {
  let device: Device
  /// The figures that no sample tells, as clauses; they stand in the table's sources too.
  let priors: [String]
  let residuals: [Residual]

  /// A kernel's time and energy, measured and as the table has them.
  struct Residual {
    let subject: Subject
    let samples: Int
    let seconds: (measured: Double, predicted: Double?)
    var joules: (measured: Double, predicted: Double)?
    let isCapped: Bool
  }

  init(_ table: SampleTable) throws(Obstacle) {
    let facts = try BoardFacts(table)
    let observations = Observation.all(in: table.samples)
    guard !observations.isEmpty else { throw .insufficient("there is no usable sample") }
    guard let idle = facts.idleContextWatts else {
      throw .insufficient("the samples do not say what the board draws at rest")
    }
    guard facts.capWatts > idle else {
      throw .insufficient(
        "the board draws \(oneDigit(idle)) W at rest, which is not below its power limit")
    }
    let prior = try Self.prior()
    let times = try TimeFit(
      observations, on: Self.blank(facts, prior, idleWatts: idle, observations), prior: prior)
    let energies = try EnergyFit(observations, on: times.device, idleWatts: idle)

    var device = times.device
    device.power.activeWatts = energies.activeWatts
    device.memory.joulesPerByte = energies.joulesPerByte
    var priors = times.priors
    for index in device.rates.indices {
      let rate = device.rates[index]
      device.rates[index].joulesPerFlop = try Self.joulesPerFlop(rate, energies, &priors)
    }
    Self.borrow(into: &device)
    // A framework's copies keep multiprocessors busy working out places, which nobody measures here.
    let copied = prior.rate(.movement, .float32)?.elementsPerSecond
    for index in device.rates.indices where device.rates[index].operation == .movement {
      device.rates[index].elementsPerSecond = copied.map {
        $0 * Double(device.multiprocessors) / Double(prior.multiprocessors)
      }
    }
    device.rates = Self.sorted(device.rates)
    // A framework takes no less for a launch than the driver does, nor does an engine for an execution.
    device.launch.dispatchSeconds = max(
      device.launch.dispatchSeconds, facts.driverLaunchSeconds ?? 0)
    device.launch.layerDispatchSeconds = max(
      device.launch.layerDispatchSeconds, device.launch.dispatchSeconds)
    device.launch.executionSeconds = max(
      device.launch.executionSeconds, facts.driverGraphSeconds ?? 0)
    priors += [
      Self.prior("dispatch_us", "a launch", facts.driverLaunchSeconds),
      Self.prior("execution_us", "a graph of launches", facts.driverGraphSeconds), "p",
      "elements_per_s", "uncertainty",
    ]
    device.provenance.sources.append("prior: " + priors.joined(separator: ", "))
    self.device = device
    self.priors = priors
    residuals = observations.map { Self.residual($0, device, energies) }
  }

  /// A prior of which the least is known that it can be.
  private static func prior(_ key: String, _ what: String, _ least: Double?) -> String {
    key + (least.map { " (the driver alone takes \(threeDigits($0 * 1e6)) µs for \(what))" } ?? "")
  }

  /// The table that comes with the program, for what a board's driver cannot tell.
  private static func prior() throws(Obstacle) -> Device {
    let prior: Device?
    do throws(DeviceFile.Failure) { prior = try Device.named(DeviceList.names[0]) } catch {
      throw .insufficient(error.description)
    }
    guard let prior else { throw .insufficient("no table is embedded") }
    return prior
  }

  /// The board before anything of it is fitted.
  private static func blank(
    _ facts: BoardFacts, _ prior: Device, idleWatts: Double, _ observations: [Observation]
  ) -> Device {
    let count = observations.reduce(0) { $0 + $1.count }
    return Device(
      facts.name, computeCapability: facts.computeCapability,
      multiprocessors: facts.multiprocessors, l2Bytes: facts.cacheBytes,
      dramBytes: facts.memoryBytes, designWatts: facts.designWatts,
      provenance: .init(
        kind: .microbenchmark,
        sources: [
          "\(facts.name), \(facts.uuid), driver \(facts.driver): \(observations.count) kernels"
        ], date: facts.date, tool: facts.tool, samples: count),
      power: .init(
        idleWatts: min(facts.idleWatts ?? idleWatts, idleWatts), idleContextWatts: idleWatts,
        activeWatts: idleWatts, capWatts: facts.capWatts),
      launch: prior.launch, memory: prior.memory, uncertainty: prior.uncertainty,
      sensor: facts.sensor)
  }

  /// Nothing is free: where the samples cannot tell an operation's energy from the rest, another type's stands in.
  private static func joulesPerFlop(_ rate: Rate, _ fit: EnergyFit, _ priors: inout [String])
    throws(Obstacle) -> Double
  {
    if let joules = fit.joulesPerFlop(rate.operation, rate.type) { return joules }
    // Convolutions of all kinds are products; a type's own come first, then wider ones, which draw more.
    let types = [rate.type, .float16, .float32].compactMap { $0 }
    for type in types {
      if let joules = fit.joulesPerFlop(.gemm, type) {
        if rate.operation.hasProducts {
          priors.append(
            "joules_per_flop of \(rate.operation.rawValue) in \(rate.type?.name ?? "any")")
        }
        return joules
      }
    }
    throw .insufficient(
      "no sample tells the energy of an operation of \(rate.operation.rawValue) in \(rate.type?.name ?? "any type")"
    )
  }

  /// Adds the classes that nobody measured, from those most like them, with a count of 0.
  private static func borrow(into device: inout Device) {
    func add(_ operation: Kernel.Operation, _ type: NumberFormat?, like source: Rate) {
      guard !device.rates.contains(where: { $0.operation == operation && $0.type == type }) else {
        return
      }
      var rate = source
      rate.operation = operation
      rate.type = type
      rate.provider =
        source.operation.rawValue + (source.type == type ? "" : " in \(source.type?.name ?? "any")")
      rate.samples = 0
      rate.spreadPercent = nil
      device.rates.append(rate)
    }
    for type in [NumberFormat.float32, .tensorFloat32, .float16, .bfloat16, .int8] {
      guard let gemm = device.rate(.gemm, type) else { continue }
      for operation in [Kernel.Operation.attention, .recurrence, .convolution] {
        add(operation, type, like: gemm)
      }
      if type == .tensorFloat32 {
        // A depthwise convolution has no matrix for tensor cores to multiply by, nor is a group one.
        let separate = device.rate(.groupedConvolution, .float32)
        if let separate { add(.groupedConvolution, type, like: separate) }
        continue
      }
      // Each group by itself is no tile's worth of work, so the rate is that of a depthwise convolution.
      let separate =
        device.rate(.depthwiseConvolution, type) ?? device.rate(.depthwiseConvolution, .float32)
      for operation in [Kernel.Operation.depthwiseConvolution, .groupedConvolution] {
        if let separate {
          add(operation, type, like: separate)
        } else if var plain = device.rate(.convolution, type) {
          plain.tiling = nil
          add(operation, type, like: plain)
        }
      }
    }
    let moved = [
      Kernel.Operation.elementwise, .movement, .reduction, .pooling, .softmax, .normalization,
    ]
    let measured = moved.compactMap { operation in
      device.rates.first { $0.operation == operation }
    }.first
    // What only moves bytes moves them as fast as a copy does.
    guard var source = measured ?? device.rate(.gemm, .float32) else { return }
    source.rows = nil
    source.tiling = nil
    source.launchSeconds = measured?.launchSeconds ?? 0
    source.winograd = 1
    for operation in moved { add(operation, nil, like: source) }
  }

  /// Rows of one type together, those of any type last.
  private static func sorted(_ rates: [Rate]) -> [Rate] {
    let types: [NumberFormat?] = [.float32, .tensorFloat32, .float16, .bfloat16, .int8, nil]
    return types.flatMap { type in
      Kernel.Operation.allCases.flatMap { operation in
        rates.filter { $0.type == type && $0.operation == operation }
      }
    }
  }

  private static func residual(
    _ observation: Observation, _ device: Device, _ energies: EnergyFit
  ) -> Residual {
    let kernel = observation.subject.kernel(cacheBytes: device.l2Bytes)
    let predicted = kernel.flatMap { kernel in
      device.rate(kernel.operation, kernel.type).map {
        Timing(device: device).seconds(kernel, at: observation.subject.met($0))
      }
    }
    let joules = energies.residuals.first { $0.subject == observation.subject }
    return Residual(
      subject: observation.subject, samples: observation.count,
      seconds: (observation.seconds, predicted),
      joules: joules.map { ($0.measured, $0.predicted) }, isCapped: observation.isCapped)
  }
}
