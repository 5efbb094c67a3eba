/// Follows a board's counter and power from one tick of the counter to another.
///
/// What is asked rarely is read ten times a second; the counter often enough that no update is missed, and each millisecond
/// when a tick is due that the measurement begins or ends with.
struct Recorder {
  /// What a measurement must last for.
  struct Demand {
    /// Seconds before it begins.
    let discard: Double
    let seconds: Double
    let updates: Int
    /// Seconds between two updates of the counter.
    let counterPeriod: Double
  }

  private let demand: Demand
  private let started: Double
  private var lastCounter: Double?
  private var lastChange: Double
  private var nextCounter = -Double.infinity
  private var nextConditions = -Double.infinity
  private var lastPower: (time: Double, watts: Double)?
  private var hasCounter = true

  /// When the measurement began and ended, by the host's clock.
  private(set) var begin: Double?
  private(set) var end: Double?
  private var joulesAtBegin = 0.0
  private var joulesAtEnd = 0.0
  private(set) var updates = 0
  /// Of power over time, in joules.
  private var integral = 0.0
  private var integralSeconds = 0.0
  private(set) var conditions: [Meter.Conditions] = []
  private(set) var celsiusAtStart: Double?

  init(_ demand: Demand, at time: Double) {
    self.demand = demand
    started = time
    lastChange = time
  }

  var isFinished: Bool { end != nil }

  /// Seconds until something should be read again.
  var pause: Double { isAwaitingTick ? 0.001 : min(0.01, demand.counterPeriod / 4) }

  private var isAwaitingTick = false

  /// Reads what is due at `time`, which the clock shows now.
  mutating func poll(_ meter: borrowing Meter) {
    let time = meter.clock.now()
    guard time >= started + demand.discard, !isFinished else { return }
    if time >= nextConditions {
      conditions.append(meter.conditions())
      celsiusAtStart = celsiusAtStart ?? conditions.last?.celsius
      nextConditions = time + 0.1
    }
    guard isAwaitingTick || time >= nextCounter else { return }
    nextCounter = time + min(0.01, demand.counterPeriod / 4)
    if begin != nil, let watts = meter.watts() { follow(watts, at: meter.clock.now()) }
    guard hasCounter, let joules = meter.joules() else {
      hasCounter = false
      return advance(ticked: true, joules: 0, at: meter.clock.now())
    }
    let now = meter.clock.now()
    let ticked = lastCounter.map { $0 != joules } ?? false
    if ticked { lastChange = now }
    lastCounter = joules
    // A counter that stands still for so long is none.
    if now - lastChange > max(2, 20 * demand.counterPeriod), begin == nil { hasCounter = false }
    advance(ticked: ticked, joules: joules, at: now)
  }

  private mutating func advance(ticked: Bool, joules: Double, at time: Double) {
    guard let begin else {
      isAwaitingTick = hasCounter
      if ticked || !hasCounter {
        (self.begin, joulesAtBegin, isAwaitingTick) = (time, joules, false)
      }
      return
    }
    if ticked { updates += 1 }
    let isLongEnough =
      time - begin >= demand.seconds && (!hasCounter || updates + 1 >= demand.updates)
    let isOverdue = time - begin > 10 * demand.seconds + 10
    if isLongEnough && (ticked || !hasCounter) || isOverdue {
      (end, joulesAtEnd, isAwaitingTick) = (time, joules, false)
    } else {
      isAwaitingTick = isLongEnough
    }
  }

  private mutating func follow(_ watts: Double, at time: Double) {
    if let last = lastPower {
      integral += (time - last.time) * (watts + last.watts) / 2
      integralSeconds += time - last.time
    }
    lastPower = (time, watts)
  }

  /// Seconds from begin to end.
  var seconds: Double { (end ?? 0) - (begin ?? 0) }
  /// Mean watts by the counter; nil where it does not count.
  var counterWatts: Double? {
    hasCounter && updates > 0 && seconds > 0 ? (joulesAtEnd - joulesAtBegin) / seconds : nil
  }
  /// Mean watts by the integral of power; nil where the board does not tell its power.
  var integralWatts: Double? { integralSeconds > 0 ? integral / integralSeconds : nil }
}
