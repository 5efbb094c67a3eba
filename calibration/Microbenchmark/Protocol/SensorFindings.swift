/// How a board's power sensor answers, as found out with steps of its load.
struct SensorFindings: Hashable {
  /// Seconds between two readings.
  var update: Double
  /// Seconds that each reading is the mean of.
  var window: Double
  /// Seconds from the end of that time until the reading appears.
  var latency: Double
  /// Seconds between two updates of the energy counter; as long as `update` where it was not seen to change.
  var counterPeriod: Double
}

/// Readings of power while the load is switched on and off.
struct StepRecord {
  /// A reading that differs from the one before, and when it was first seen.
  struct Change: Hashable {
    var time: Double
    var watts: Double
  }

  var changes: [Change] = []
  /// When the counter was seen to change, while the board worked.
  var counterChanges: [[Double]] = []
  /// When the load was switched on, and when off again.
  var steps: [(on: Double, off: Double)] = []

  /// What the readings say of the sensor; nil where they do not follow the load.
  ///
  /// A reading at time `t` is the mean of the `window` seconds that ended `latency` seconds before. So after a step the share
  /// that it has climbed is a ramp, of which each step shows some points. The ramp that is nearest to all of them is
  /// looked for, which resolves windows that are shorter than the time between readings.
  var findings: SensorFindings? {
    let gaps = zip(changes.dropFirst(), changes).map { $0.time - $1.time }.sorted()
    // A plateau may repeat a reading, which doubles a gap; a quarter of them do not.
    guard gaps.count >= 8 else { return nil }
    let update = gaps[gaps.count / 4]
    let points = rampPoints(update)
    guard points.count >= 8 else { return nil }
    let (window, latency) = Self.ramp(through: points)
    let counters = counterChanges.flatMap { times in
      zip(times.dropFirst(), times).map { $0 - $1 }
    }.sorted()
    return SensorFindings(
      update: update, window: window, latency: latency,
      counterPeriod: counters.isEmpty ? update : median(counters))
  }

  /// For each reading after a step, the seconds since the step and the share that it has climbed.
  private func rampPoints(_ update: Double) -> [(seconds: Double, share: Double)] {
    var points: [(seconds: Double, share: Double)] = []
    for step in steps {
      let length = step.off - step.on
      let before = changes.filter { $0.time < step.on && $0.time > step.on - length / 3 }
      let after = changes.filter { $0.time >= step.on && $0.time < step.off }
      let plateau = after.filter { $0.time > step.off - length / 3 }
      // A sensor that stands still has its last reading for a plateau.
      let low = before.isEmpty ? changes.last { $0.time < step.on }?.watts : Self.mean(before)
      let high = plateau.isEmpty ? after.last?.watts : Self.mean(plateau)
      guard let low, let high, high > low * 1.05 else { continue }
      points += after.map { ($0.time - step.on, ($0.watts - low) / (high - low)) }
    }
    return points
  }

  private static func mean(_ changes: [Change]) -> Double {
    changes.reduce(0) { $0 + $1.watts } / Double(changes.count)
  }

  /// The window and the latency, in seconds, of the ramp nearest to `points`.
  private static func ramp(through points: [(seconds: Double, share: Double)])
    -> (window: Double, latency: Double)
  {
    func error(_ window: Double, _ latency: Double) -> Double {
      points.reduce(0) { sum, point in
        let climbed = min(1, max(0, (point.seconds - latency) / max(window, 1e-6)))
        return sum + (climbed - point.share) * (climbed - point.share)
      }
    }
    let longest = points.reduce(0) { max($0, $1.seconds) }
    var best = (window: 0.0, latency: 0.0, error: Double.infinity)
    var (low, step) = ((window: 0.0, latency: 0.0), longest / 40)
    // Each round looks forty steps far, around the best of the round before, in steps a tenth as long.
    for _ in 0..<4 {
      for i in 0...40 {
        for k in 0...40 {
          let window = low.window + Double(i) * step
          let latency = low.latency + Double(k) * step
          let error = error(window, latency)
          if error < best.error { best = (window, latency, error) }
        }
      }
      low = (max(0, best.window - 2 * step), max(0, best.latency - 2 * step))
      step /= 10
    }
    return (best.window, best.latency)
  }
}
