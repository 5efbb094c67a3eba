/// A board, the clock it is measured by, and the user who may stop it.
struct Bench: ~Copyable {
  let libraries: VendorLibraries
  let gpu: GPU
  let meter: Meter

  init(_ gpu: consuming GPU, _ libraries: consuming VendorLibraries, _ meter: consuming Meter) {
    self.libraries = libraries
    self.gpu = gpu
    self.meter = meter
  }
}

/// What is read from a board while it works.
struct Meter: ~Copyable {
  let nvml: NVML
  let board: NVML.Device
  let clock: Clock
  let interruption: Interruption

  init(
    _ nvml: consuming NVML, board index: Int, clock: Clock, interruption: Interruption
  ) throws(Obstacle) {
    do throws(DriverFailure) { board = try nvml.device(index) } catch { throw .driver(error) }
    self.nvml = nvml
    self.clock = clock
    self.interruption = interruption
  }

  /// Waits a moment, or throws where the user wants to stop.
  func wait(_ seconds: Double) throws(Obstacle) {
    guard !interruption.isRequested() else { throw .interrupted }
    clock.wait(seconds)
  }

  /// The draw now, in watts; nil where the board does not tell.
  func watts() -> Double? { try? nvml.power(of: board).get() }
  /// The energy used since some moment, in joules; nil where the board does not tell.
  func joules() -> Double? { try? nvml.energy(of: board).get() }
  /// Degrees Celsius; nil where the board does not tell.
  func celsius() -> Double? { (try? nvml.temperature(of: board).get()).map(Double.init) }

  /// The conditions of one moment.
  func conditions() -> Conditions {
    Conditions(
      multiprocessorClock: try? nvml.multiprocessorClock(of: board).get(),
      memoryClock: try? nvml.memoryClock(of: board).get(), celsius: celsius(),
      throttling: (try? nvml.throttling(of: board).get()) ?? [])
  }

  struct Conditions {
    /// Megahertz.
    let multiprocessorClock: Int?
    /// Megahertz.
    let memoryClock: Int?
    let celsius: Double?
    let throttling: NVML.Throttling
  }
}
