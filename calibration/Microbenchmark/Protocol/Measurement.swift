/// What one run of a load came to.
struct Measurement {
  /// Seconds of one launch at the clock that the board keeps up.
  var launchSeconds: Double
  /// Seconds of one launch at the clock that the board has for a moment, before any cap acts.
  var burstSeconds: Double
  /// Mean watts by the energy counter, and by the integral of power; nil where the board does not tell.
  var counterWatts: Double?
  var integralWatts: Double?
  /// Seconds that the energy was measured for, and updates of the counter within them; 0 where only time was measured.
  var seconds: Double
  var updates: Int
  /// Means in megahertz; nil where the board does not tell.
  var multiprocessorClock: Double?
  var memoryClock: Double?
  /// Degrees Celsius when the measurement began and ended.
  var celsiusAtStart: Double?
  var celsiusAtEnd: Double?
  /// Everything that held the clocks at some moment.
  var throttling: NVML.Throttling
}

extension Bench {
  /// Runs `load` and measures its time and its power.
  func measure<L: Load & ~Copyable>(_ load: borrowing L, _ plan: Plan, _ sensor: SensorFindings)
    throws(Obstacle) -> Measurement
  {
    let demand = Recorder.Demand(
      discard: max(plan.discard, sensor.latency + sensor.window + sensor.update),
      seconds: plan.window, updates: plan.updates, counterPeriod: sensor.counterPeriod)
    return try run(load, rest: plan.rest, demand)
  }

  /// Runs `load` for a moment and measures its time alone.
  func time<L: Load & ~Copyable>(_ load: borrowing L, _ plan: Plan) throws(Obstacle)
    -> Measurement
  {
    try run(load, rest: plan.rest / 5, nil, seconds: plan.timing)
  }

  private func run<L: Load & ~Copyable>(
    _ load: borrowing L, rest: Double, _ demand: Recorder.Demand?, seconds: Double = 0
  ) throws(Obstacle) -> Measurement {
    let count = try batchSize(load)
    if Plan.batch / Double(count) < Plan.shortLaunch,
      let graph = recorded(load, count: Plan.recordedLaunches)
    {
      var measurement = try run(
        graph, count: try batchSize(graph), rest: rest, demand, seconds: seconds)
      measurement.launchSeconds /= Double(Plan.recordedLaunches)
      measurement.burstSeconds /= Double(Plan.recordedLaunches)
      return measurement
    }
    return try run(load, count: count, rest: rest, demand, seconds: seconds)
  }

  /// So many launches of `load` as one; nil where the driver records none, or not those of a library.
  func recorded<L: Load & ~Copyable>(_ load: borrowing L, count: Int) -> GPUGraph? {
    // If the board is lost, the next launch says so.
    do throws(DriverFailure) { return try GPUGraph(load, count: count, on: gpu) } catch {
      return nil
    }
  }

  private func run<L: Load & ~Copyable>(
    _ load: borrowing L, count: Int, rest: Double, _ demand: Recorder.Demand?, seconds: Double
  ) throws(Obstacle) -> Measurement {
    try meter.wait(rest)
    let started = meter.clock.now()
    var conditions: [Meter.Conditions] = []
    var recorder = demand.map { Recorder($0, at: started) }
    var turns = 0
    let batches = try keepBusy(load, count: count) { (now) throws(Obstacle) in
      turns += 1
      guard recorder == nil else {
        recorder?.poll(meter)
        return recorder?.isFinished == true ? nil : recorder?.pause
      }
      if now - started >= Double(conditions.count) * 0.1 { conditions.append(meter.conditions()) }
      return now - started >= seconds && turns > 5 ? nil : 0.002
    }
    return summary(of: batches, count, recorder, recorder?.conditions ?? conditions)
  }

  private func summary(
    of all: [Drive.Batch], _ batch: Int, _ recorder: Recorder?, _ conditions: [Meter.Conditions]
  ) -> Measurement {
    let count = Double(batch)
    let (begin, end) = (recorder?.begin ?? -.infinity, recorder?.end ?? .infinity)
    let within = all.filter { $0.seen > begin && $0.seen <= end }
    let sustained = within.isEmpty ? all : within
    let seconds = sustained.map(\.seconds).sorted()
    // The fastest of the first second have the full clock: it may still rise at first, and a cap may act after a tenth of it.
    let first = all.first?.seen ?? 0
    let early = all.filter { $0.seen <= first + 1 }.map(\.seconds).sorted()
    return Measurement(
      launchSeconds: recorder == nil
        ? median(seconds) / count
        : seconds.reduce(0, +) / (count * Double(max(1, seconds.count))),
      burstSeconds: (early.isEmpty ? median(seconds) : early[min(2, early.count / 10)]) / count,
      counterWatts: recorder?.counterWatts, integralWatts: recorder?.integralWatts,
      seconds: recorder?.seconds ?? 0, updates: recorder?.updates ?? 0,
      multiprocessorClock: mean(conditions.compactMap(\.multiprocessorClock)),
      memoryClock: mean(conditions.compactMap(\.memoryClock)),
      celsiusAtStart: conditions.first?.celsius, celsiusAtEnd: conditions.last?.celsius,
      throttling: Self.throttling(conditions.map(\.throttling), isPowered: recorder != nil))
  }

  /// What disturbs at any moment counts; where power is measured, the power cap does if it holds the clock for half of the time.
  private static func throttling(_ moments: [NVML.Throttling], isPowered: Bool)
    -> NVML.Throttling
  {
    let all = moments.reduce(NVML.Throttling()) { $0.union($1) }
    let capped = moments.count { $0.contains(.powerCap) }
    return !isPowered || 2 * capped >= moments.count ? all : all.subtracting(.powerCap)
  }

  /// How many launches take ``Plan/batch`` seconds.
  func batchSize<L: Load & ~Copyable>(_ load: borrowing L) throws(Obstacle) -> Int {
    var count = 1
    while true {
      let seconds = try Obstacle.driving { () throws(DriverFailure) in
        var drive = try Drive(count, on: gpu)
        try drive.turn(load, meter.clock)
        try drive.finish(gpu, meter.clock)
        // Of two batches the second has nothing to wait for.
        return drive.batches.map(\.seconds).min() ?? 0
      }
      guard !meter.interruption.isRequested() else { throw .interrupted }
      if seconds >= Plan.batch / 4 || count >= 1 << 16 {
        return max(1, Int((Double(count) * Plan.batch / max(seconds, 1e-9)).rounded()))
      }
      count *= 4
    }
  }

  private func mean(_ values: [Int]) -> Double? {
    values.isEmpty ? nil : values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }
}

/// The middle one of sorted values, or the mean of the two in the middle; 0 of none.
func median(_ sorted: [Double]) -> Double {
  guard !sorted.isEmpty else { return 0 }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
