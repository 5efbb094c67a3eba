/// One measurement of one kernel, whether it can be used or not.
struct Sample: Hashable {
  var subject: Subject
  /// Which of the repetitions it is, counted from 0.
  var repetition: Int
  /// Seconds from the start of the program until the measurement began.
  var started: Double
  var launchSeconds: Double
  var burstSeconds: Double
  /// Seconds that the energy was measured for; 0 where only time was.
  var windowSeconds: Double
  var counterUpdates: Int
  /// Mean watts by the energy counter and by the integral of power.
  var counterWatts: Double?
  var integralWatts: Double?
  /// Watts of the resting board before the block, the context present.
  var idleWattsBefore: Double?
  /// The same after the block; nil while it lasts, or where the board does not tell.
  var idleWattsAfter: Double?
  var multiprocessorClock: Double?
  var memoryClock: Double?
  var celsiusAtStart: Double?
  var celsiusAtEnd: Double?
  var throttling: NVML.Throttling
  /// Whether the user had the clocks held.
  var isLocked: Bool
  /// Whether it is the kernel that is measured again after each block.
  var isSentinel: Bool
  /// Why it is of no use; nil if it is.
  var rejection: String?

  init(
    _ subject: Subject, repetition: Int, started: Double, _ measurement: Measurement,
    isLocked: Bool, isSentinel: Bool = false
  ) {
    self.subject = subject
    self.repetition = repetition
    self.started = started
    launchSeconds = measurement.launchSeconds
    burstSeconds = measurement.burstSeconds
    windowSeconds = measurement.seconds
    counterUpdates = measurement.updates
    counterWatts = measurement.counterWatts
    integralWatts = measurement.integralWatts
    multiprocessorClock = measurement.multiprocessorClock
    memoryClock = measurement.memoryClock
    celsiusAtStart = measurement.celsiusAtStart
    celsiusAtEnd = measurement.celsiusAtEnd
    throttling = measurement.throttling
    self.isLocked = isLocked
    self.isSentinel = isSentinel
    rejection = Self.rejection(of: measurement)
  }

  /// Watts: the counter's where there is one.
  var watts: Double? { counterWatts ?? integralWatts }

  /// Joules of one launch; nil where only time was measured.
  var launchJoules: Double? { windowSeconds > 0 ? watts.map { $0 * launchSeconds } : nil }

  /// Whether the power cap held the clock.
  var isCapped: Bool { throttling.contains(.powerCap) }

  /// How far the counter and the integral of power are apart, as a share of the counter.
  var disagreement: Double? {
    guard let counterWatts, let integralWatts, counterWatts > 0 else { return nil }
    return (integralWatts - counterWatts).magnitude / counterWatts
  }

  /// The sample as it reads back from a file, so that a table does not depend on whether there was one.
  var asWritten: Sample {
    var sample = self
    sample.started = SampleTable.rounded(started)
    sample.launchSeconds = SampleTable.rounded(launchSeconds)
    sample.burstSeconds = SampleTable.rounded(burstSeconds)
    sample.windowSeconds = SampleTable.rounded(windowSeconds)
    sample.counterWatts = counterWatts.map(SampleTable.rounded)
    sample.integralWatts = integralWatts.map(SampleTable.rounded)
    return sample
  }

  /// Why a measurement is of no use; nil if it is.
  private static func rejection(of measurement: Measurement) -> String? {
    let faults = NVML.Throttling.faults.filter { measurement.throttling.contains($0.reason) }
    if !faults.isEmpty { return "slowed down: " + faults.map(\.words).joined(separator: ", ") }
    guard measurement.launchSeconds > 0, measurement.burstSeconds > 0 else {
      return "the board's clock did not advance"
    }
    if let counter = measurement.counterWatts, let integral = measurement.integralWatts {
      let apart = (integral - counter) / counter
      if !(apart.magnitude <= Plan.allowedDisagreement) {
        return "the integral of power differs from the counter by \(oneDigit(100 * apart)) %"
      }
    }
    if measurement.seconds > 0 && measurement.counterWatts == nil
      && measurement.integralWatts == nil
    {
      return "the board tells neither energy nor power"
    }
    return nil
  }
}

extension Sample {
  /// How the rejection of a kernel begins that computes the wrong numbers.
  static let wrongResult = "wrong result: "
  static let missing = "the library does not do this"

  /// Whether measuring it again is of no use.
  var isImpossible: Bool {
    rejection?.hasPrefix(Self.wrongResult) == true || rejection?.hasPrefix(Self.missing) == true
  }
}

/// `value` with one digit after the point.
func oneDigit(_ value: Double) -> String {
  guard value.magnitude < 1e15 else { return "\(value)" }
  return "\((value * 10).rounded() / 10)"
}
