/// What the repeated measurements of one kernel come to.
struct Observation {
  let subject: Subject
  /// Usable samples.
  let count: Int
  /// Seconds of one launch at full clock: where the power cap held the clock, that of the shortest bursts, since the board may
  /// come to others with its clock still down; else what the board keeps up.
  let seconds: Double
  /// Seconds and joules of one launch as the board keeps it up; nil where no energy was measured.
  let sustained: (seconds: Double, joules: Double)?
  /// The largest time less the smallest, as a share of the middle one.
  let spread: Double
  /// Whether most samples were held by the power cap, and whether the user held the clocks.
  let isCapped: Bool
  let isLocked: Bool

  /// How far apart times at the same clock are at most, as a ratio.
  private static let sameClock = 1.05

  /// Those of all kernels with usable samples, in the order of the first of each.
  static func all(in samples: [Sample]) -> [Observation] {
    var order: [String] = []
    var groups: [String: [Sample]] = [:]
    for sample in samples where sample.rejection == nil && !sample.isSentinel {
      if groups[sample.subject.name] == nil { order.append(sample.subject.name) }
      groups[sample.subject.name, default: []].append(sample)
    }
    return order.compactMap { groups[$0].flatMap(Observation.init) }
  }

  init?(_ samples: [Sample]) {
    guard let first = samples.first else { return nil }
    let isCapped = 2 * samples.count { $0.isCapped } > samples.count
    let isHeld = samples.contains { $0.isCapped }
    let times = samples.map { isHeld ? $0.burstSeconds : $0.launchSeconds }.sorted()
    let powered = samples.filter { $0.launchJoules != nil }
    let joules = powered.compactMap(\.launchJoules).sorted()
    subject = first.subject
    count = samples.count
    seconds = median(isHeld ? times.filter { $0 <= times[0] * Self.sameClock } : times)
    sustained =
      joules.isEmpty
      ? nil : (seconds: median(powered.map(\.launchSeconds).sorted()), joules: median(joules))
    spread = seconds > 0 ? ((times.last ?? 0) - (times.first ?? 0)) / seconds : 0
    self.isCapped = isCapped
    isLocked = samples.contains { $0.isLocked }
  }
}
