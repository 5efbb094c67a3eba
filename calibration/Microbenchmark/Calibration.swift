import BenchmarkKernels
import Cost

/// A board made into a table, by one command.
struct Calibration {
  let request: Arguments.Request
  let clock: Clock
  let interruption: Interruption
  /// The libraries to load.
  let libraries: Libraries
  /// One line for the user.
  let say: (String) -> Void
  /// The day, as `YYYY-MM-DD`.
  let date: String
  /// What is measured; nil for everything that the board can run.
  var kernels: [BenchmarkKernel]?
  /// What libraries are asked; nil for everything that one may have.
  var calls: [LibraryCall]?

  struct Libraries {
    var nvml = "libnvidia-ml.so.1"
    var cuda = "libcuda.so.1"
    /// Names that a library of matrix products may have; it need not be there.
    var products = CUBLASLt.names
    /// The same of convolutions.
    var convolutions = CUDNN.names
  }

  static let tool = "nncost-calibrate \(Version.current)"

  /// Measures what is not measured yet, and returns the samples.
  func samples() throws(Obstacle) -> SampleTable {
    let nvml = try Obstacle.driving { () throws(DriverFailure) in try NVML(library: libraries.nvml)
    }
    let board = try Obstacle.driving { () throws(DriverFailure) in
      try Board(request.device, from: nvml)
    }
    let target = try target(of: board)
    let meter = try Meter(
      nvml, board: request.device, clock: clock, interruption: interruption)
    try meter.expectSuitable(request.device, say: say)
    guard let path = request.samples else {
      return try measure(board, target, meter, continuing: SampleTable()) { _ in }
    }
    var file = try SampleFile(path)
    defer { file.end() }
    if file.before == nil { try file.append(SampleTable.title + "\n") }
    var hasColumns = file.before?.samples.isEmpty == false
    return try measure(board, target, meter, continuing: file.before ?? SampleTable()) {
      (entry) throws(Obstacle) in
      switch entry {
      case .fact(let key, let value): try file.append(SampleTable.line((key, value)))
      case .sample(let sample):
        if !hasColumns { try file.append(SampleTable.columns.joined(separator: ",") + "\n") }
        hasColumns = true
        try file.append(SampleTable.line(sample))
      case .block(let table): try file.replace(with: table)
      }
    }
  }

  private func measure(
    _ board: Board, _ target: Target, _ meter: consuming Meter,
    continuing before: SampleTable, record: @escaping (Campaign.Entry) throws(Obstacle) -> Void
  ) throws(Obstacle) -> SampleTable {
    var table = before
    func add(_ key: String, _ value: String) throws(Obstacle) {
      table.facts.append((key, value))
      try record(.fact(key: key, value: value))
    }
    let conditions = self.conditions(of: board)
    try expectSame(conditions, as: before)
    if table.facts.isEmpty {
      for (key, value) in conditions + self.circumstances(of: board, meter) {
        try add(key, value)
      }
      say("measuring the board at rest")
      if let share = try meter.busyShareAtRest() {
        throw .unsuitable(
          "GPU \(request.device) is busy \(Int((100 * share).rounded())) % of the time while it should rest: "
            + "something else uses it")
      }
      if let idle = try meter.idleWatts(for: plan.idle, nil) { try add("idle_w", "\(idle)") }
    } else {
      say("going on with \(table.samples.count) samples in \(request.samples ?? "memory")")
    }
    try lockClocks(meter)
    // Whatever happens, clocks that were held are let go.
    let (nvml, device) = (libraries.nvml, request.device)
    defer { if request.lockedClock != nil { Self.unlockClocks(nvml, device) } }

    let freeBytes = (try? meter.nvml.freeMemoryBytes(of: meter.board).get()) ?? 1 << 30
    guard case .success(let busID) = board.pciBusID else {
      throw .unsuitable("GPU \(request.device) does not tell its PCI bus, by which CUDA finds it")
    }
    let gpu = try Obstacle.driving { () throws(DriverFailure) in
      try GPU(CUDA(library: libraries.cuda), pciBusID: busID)
    }
    if before.facts.isEmpty {
      for (key, value) in [
        ("sms", "\(gpu.multiprocessors)"), ("l2_bytes", "\(gpu.cacheBytes)"), ("cuda", gpu.version),
      ] { try add(key, value) }
    }
    let limits = BoardLimits(
      target: target, multiprocessors: gpu.multiprocessors, cacheBytes: gpu.cacheBytes,
      memoryBytes: Int(clamping: freeBytes))
    let vendor = VendorLibraries(
      products: libraries.products, convolutions: libraries.convolutions)
    say("matrix products by \(vendor.productProvider ?? "nncost's own kernels")")
    say("convolutions by \(vendor.convolutionProvider ?? "nncost's own kernels")")
    for absence in vendor.absences { say(absence) }
    let products = self.products(limits, vendor)
    guard !products.isEmpty else {
      throw .unsuitable("no kernel begins with \(request.only.joined(separator: " or "))")
    }
    let campaign = Campaign(
      Bench(gpu, vendor, meter), products, plan, continuing: table,
      isLocked: request.lockedClock != nil,
      record: record, say: say)
    return try campaign.run(seed: 1)
  }

  var plan: Plan { request.isQuick ? .quick : .full }

  private func products(_ limits: BoardLimits, _ libraries: borrowing VendorLibraries) -> [Product]
  {
    func isWanted(_ name: String) -> Bool {
      request.only.isEmpty || request.only.contains { name.hasPrefix($0) }
    }
    let kernels = self.kernels ?? KernelList.kernels(on: limits)
    let calls = (self.calls ?? KernelList.libraryCalls(on: limits)).filter { isWanted($0.name) }
    var own = kernels.filter { isWanted($0.name) }
    // A library's work is held against a kernel that no library has.
    if own.isEmpty, !calls.isEmpty { own = Product.sentinel(among: kernels).map { [$0] } ?? [] }
    return Product.all(own: own, calls, libraries)
  }

  private func lockClocks(_ meter: borrowing Meter) throws(Obstacle) {
    guard let clock = request.lockedClock else { return }
    let status = meter.nvml.lockClocks(of: meter.board, at: clock)
    guard status == .success else {
      throw .unsuitable(
        "the clocks cannot be held at \(clock) MHz: \(status); it takes the rights of an administrator"
      )
    }
    say("clocks held at \(clock) MHz")
  }

  /// The measuring has its own access to the driver, and has ended.
  private static func unlockClocks(_ library: String, _ device: Int) {
    guard let nvml = try? NVML(library: library), let board = try? nvml.device(device) else {
      return
    }
    _ = nvml.unlockClocks(of: board)
  }

  /// The generation that kernels are written for, or throws where the board is too old.
  private func target(of board: Board) throws(Obstacle) -> Target {
    guard case .success(let capability) = board.computeCapability else {
      throw .unsuitable("GPU \(request.device) does not tell its compute capability")
    }
    guard capability >= .volta,
      let target = Target.latest(major: capability.major, minor: capability.minor)
    else {
      throw .unsuitable(
        "GPU \(request.device) has compute capability \(capability): "
          + "calibration needs \(ComputeCapability.volta) (Volta) or later")
    }
    return target
  }
}

/// What is written before the first sample.
extension Calibration {
  /// What must be the same when a file of samples is gone on with.
  private func conditions(of board: Board) -> [(key: String, value: String)] {
    var facts: [(key: String, value: String)] = []
    func add(_ key: String, _ reading: NVML.Reading<some CustomStringConvertible>) {
      if case .success(let value) = reading { facts.append((key, "\(value)")) }
    }
    add("board", board.name)
    add("uuid", board.uuid)
    add("driver", board.driverVersion)
    add("power_limit_w", board.powerLimit)
    facts.append(("tool", Self.tool))
    facts.append(("plan", request.isQuick ? "quick" : "full"))
    facts.append(("locked_mhz", request.lockedClock.map { "\($0)" } ?? "none"))
    return facts
  }

  private func expectSame(_ now: [(key: String, value: String)], as before: SampleTable)
    throws(Obstacle)
  {
    guard !before.facts.isEmpty else { return }
    for (key, value) in now where before.fact(key) != value {
      throw .file(
        "\(request.samples ?? "the samples"): \(key) was \(before.fact(key) ?? "not told") and is \(value) now; "
          + "name another file with --raw")
    }
  }

  private func circumstances(of board: Board, _ meter: borrowing Meter)
    -> [(key: String, value: String)]
  {
    var facts = [(key: "date", value: date)]
    func add(_ key: String, _ reading: NVML.Reading<some CustomStringConvertible>) {
      if case .success(let value) = reading { facts.append((key, "\(value)")) }
    }
    add("compute_capability", board.computeCapability)
    add("dram_bytes", board.memoryBytes)
    add("vbios", board.vbiosVersion)
    add("ecc", board.errorCorrection.map { $0 ? "on" : "off" })
    add("persistence", board.persistence.map { $0 ? "on" : "off" })
    add("default_power_limit_w", meter.nvml.defaultPowerLimit(of: meter.board))
    add("maximum_sm_mhz", meter.nvml.maximumClock(of: meter.board))
    return facts
  }
}
