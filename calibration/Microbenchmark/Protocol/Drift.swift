/// How a board is not what it was, by a kernel that was measured before.
struct Drift: CustomStringConvertible {
  let description: String
  /// Whether the full clock is another, so that times are off too, and not energies alone.
  let isOfClock: Bool

  /// Nil where nothing is off by more than ``Plan/allowedDrift``.
  init?(from first: Sample, to now: Sample) {
    let burst = now.burstSeconds / first.burstSeconds - 1
    let time = now.launchSeconds / first.launchSeconds - 1
    let power = now.watts.flatMap { now in first.watts.map { now / $0 - 1 } } ?? 0
    guard max(burst.magnitude, time.magnitude, power.magnitude) > Plan.allowedDrift else {
      return nil
    }
    isOfClock = burst.magnitude > Plan.allowedDrift
    description =
      "\(now.subject.name) takes \(oneDigit(100 * time)) % more time and draws "
      + "\(oneDigit(100 * power)) % more power than at first"
  }
}
