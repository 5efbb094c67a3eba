extension Bench {
  /// Finds out how the board's power sensor answers, by switching `load` on and off.
  ///
  /// Nil where the board tells no power, or power that does not follow the load.
  func probeSensor<L: Load & ~Copyable>(_ load: borrowing L, steps: Int) throws(Obstacle)
    -> SensorFindings?
  {
    var half = 1.0
    while true {
      let record = try switchOnAndOff(load, steps: steps, half: half)
      guard let findings = record.findings else {
        if half < 4 {
          half *= 2
          continue
        }
        return nil
      }
      // The plateau must be reached within the first half of each phase.
      if findings.window + findings.latency < half / 2 || half >= 4 { return findings }
      half *= 2
    }
  }

  private func switchOnAndOff<L: Load & ~Copyable>(
    _ load: borrowing L, steps: Int, half: Double
  ) throws(Obstacle) -> StepRecord {
    var reader = StepReader()
    let count = max(1, try batchSize(load) / 4)
    for step in 0..<max(1, steps) {
      // Phases of unequal length, so that steps fall between readings at ever other places.
      let off = meter.clock.now() + half * (1 + 0.0371 * Double(step % 7))
      while meter.clock.now() < off {
        reader.read(meter, isOn: false)
        try meter.wait(0.002)
      }
      reader.beginStep()
      let on = meter.clock.now()
      _ = try keepBusy(load, count: count) { (now) throws(Obstacle) in
        reader.read(meter, isOn: true)
        return now < on + half ? 0.002 : nil
      }
      let end = meter.clock.now()
      reader.record.steps.append((on, end))
    }
    return reader.record
  }
}

/// Sees when readings change.
private struct StepReader {
  var record = StepRecord()
  private var watts: Double?
  private var joules: Double?

  mutating func beginStep() {
    record.counterChanges.append([])
    joules = nil
  }

  mutating func read(_ meter: borrowing Meter, isOn: Bool) {
    if let now = meter.watts(), now != watts {
      // The first reading was not seen to begin.
      if watts != nil { record.changes.append(.init(time: meter.clock.now(), watts: now)) }
      watts = now
    }
    guard isOn, let now = meter.joules(), now != joules else { return }
    if joules != nil {
      record.counterChanges[record.counterChanges.count - 1].append(meter.clock.now())
    }
    joules = now
  }
}
