/// How far a campaign is, and how long it will take.
struct Progress {
  private var done = 0
  private let count: Int
  private let poweredSeconds: Double
  private let timedSeconds: Double
  /// What the jobs left, and those done, were expected to take, and what those done took.
  private var expectedLeft = 0.0
  private var expectedDone = 0.0
  private var spent = 0.0

  init() { (count, poweredSeconds, timedSeconds) = (0, 0, 0) }

  init(_ jobs: [Job], _ plan: Plan) {
    count = jobs.count
    // Each job bears its share of what is measured between blocks.
    let powered = plan.rest + plan.discard + plan.window + 0.5
    let share = (powered + plan.idle + 1) / Double(plan.block)
    poweredSeconds = powered + share
    timedSeconds = plan.rest / 5 + plan.timing + 0.2 + share / 8
    expectedLeft = jobs.reduce(0) { $0 + ($1.isPowered ? poweredSeconds : timedSeconds) }
  }

  /// `elapsed` is all the time since the first job began.
  mutating func finish(_ job: Job, elapsed: Double) {
    done += 1
    let expected = job.isPowered ? poweredSeconds : timedSeconds
    expectedLeft = max(0, expectedLeft - expected)
    expectedDone += expected
    spent = elapsed
  }

  /// Seconds that the jobs left will take, if they take as much longer than expected as those done.
  var secondsLeft: Double { expectedDone > 0 ? expectedLeft * spent / expectedDone : expectedLeft }

  /// `12 of 230  gemm-…  3.2 ms  61.2 W  12 min left`.
  func line(for sample: Sample) -> String {
    var parts = ["\(done) of \(count)", sample.subject.name]
    if sample.launchSeconds > 0 { parts.append(Self.time(sample.launchSeconds)) }
    if sample.windowSeconds > 0, let watts = sample.watts { parts.append("\(oneDigit(watts)) W") }
    if let rejection = sample.rejection { parts.append("rejected: \(rejection)") }
    if done < count { parts.append("\(Self.left(secondsLeft)) left") }
    return parts.joined(separator: "  ")
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 1e-3 ? "\(oneDigit(seconds * 1e6)) µs" : "\(oneDigit(seconds * 1e3)) ms"
  }

  private static func left(_ seconds: Double) -> String {
    seconds < 90 ? "\(Int(seconds)) s" : "\(Int((seconds / 60).rounded())) min"
  }
}
