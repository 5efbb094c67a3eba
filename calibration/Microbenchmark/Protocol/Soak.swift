/// Temperatures over time, and how fast they rise.
struct Warming {
  private var readings: [(seconds: Double, celsius: Double)] = []
  /// The seconds that a slope is taken over.
  let window: Double

  init(window: Double) { self.window = window }

  mutating func add(_ celsius: Double, at seconds: Double) {
    readings.append((seconds, celsius))
    readings.removeAll { $0.seconds < seconds - window }
  }

  /// Degrees a minute, by least squares; nil until the readings fill the window.
  var slope: Double? {
    guard let first = readings.first, let last = readings.last,
      last.seconds - first.seconds >= 0.9 * window
    else { return nil }
    let count = Double(readings.count)
    let middle = readings.reduce(0) { $0 + $1.seconds } / count
    let mean = readings.reduce(0) { $0 + $1.celsius } / count
    let covariance = readings.reduce(0) { $0 + ($1.seconds - middle) * ($1.celsius - mean) }
    let variance = readings.reduce(0) { $0 + ($1.seconds - middle) * ($1.seconds - middle) }
    return variance > 0 ? 60 * covariance / variance : nil
  }
}

/// How warming a board through ended.
enum SoakOutcome: Hashable {
  /// At so many degrees Celsius, after so many seconds.
  case steady(celsius: Double, seconds: Double)
  /// Still rising by so many degrees a minute when time was up.
  case unsteady(slope: Double)
  /// The board tells no temperature, so it was only kept busy for the whole window.
  case unknown
}

extension Bench {
  /// Keeps the board busy with `load` until its temperature stands still.
  func soak<L: Load & ~Copyable>(_ load: borrowing L, _ plan: Plan) throws(Obstacle) -> SoakOutcome
  {
    var warming = Warming(window: plan.soakWindow)
    let count = try batchSize(load)
    let start = meter.clock.now()
    var next = start
    var outcome = SoakOutcome.unknown
    _ = try keepBusy(load, count: count) { (now) throws(Obstacle) in
      if now >= next, let celsius = meter.celsius() {
        next = now + 0.5
        warming.add(celsius, at: now)
        if let slope = warming.slope {
          guard slope.magnitude >= plan.soakSlope else {
            outcome = .steady(celsius: celsius, seconds: now - start)
            return nil
          }
          outcome = .unsteady(slope: slope)
        }
      }
      let limit = outcome == .unknown ? 1.2 * plan.soakWindow : plan.soakLimit
      return now - start < limit ? 0.01 : nil
    }
    return outcome
  }
}

extension Bench {
  /// Keeps the board busy with `load` until it has `celsius`, for `limit` seconds at the most.
  ///
  /// What it draws follows its temperature, and it cools down while short kernels are timed.
  func warm<L: Load & ~Copyable>(_ load: borrowing L, to celsius: Double, limit: Double)
    throws(Obstacle)
  {
    guard let now = meter.celsius(), now < celsius else { return }
    let count = try batchSize(load)
    let start = meter.clock.now()
    _ = try keepBusy(load, count: count) { (now) throws(Obstacle) in
      guard let reached = meter.celsius(), reached < celsius else { return nil }
      return now - start < limit ? 0.01 : nil
    }
  }
}

extension Meter {
  /// The mean draw over `seconds` of rest, in watts; nil where the board does not tell.
  ///
  /// Waits for the counter's ticks at both ends, where it counts, and takes the mean of power otherwise.
  func idleWatts(for seconds: Double, _ sensor: SensorFindings?) throws(Obstacle) -> Double? {
    let settle = sensor.map { $0.window + $0.latency + $0.update } ?? 1
    var recorder = Recorder(
      .init(
        discard: settle, seconds: seconds, updates: 2,
        counterPeriod: sensor?.counterPeriod ?? 0.1),
      at: clock.now())
    while !recorder.isFinished {
      recorder.poll(self)
      try wait(recorder.pause)
    }
    return recorder.counterWatts ?? recorder.integralWatts
  }
}
