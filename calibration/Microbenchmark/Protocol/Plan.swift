/// How long and how often things are measured.
struct Plan: Hashable {
  /// Seconds of load before a measurement begins, for clocks and the sensor to settle.
  var discard: Double
  /// Seconds of a measurement, at the least.
  var window: Double
  /// Updates of the energy counter within it, at the least.
  var updates: Int
  /// How often each kernel is measured.
  var repetitions: Int
  /// How often those are whose time alone is measured.
  var timings: Int
  /// Seconds that all measurements may be expected to take together, warming up apart.
  var budget: Double
  /// Seconds for which a kernel is run whose time alone is measured.
  var timing: Double
  /// Seconds that the board rests before each measurement, so that a short burst finds its full clock.
  var rest: Double
  /// Seconds of idling before and after each block.
  var idle: Double
  /// Kernels in a block, if all are powered; after each block, one kernel is measured that was measured before.
  var block: Int
  /// Degrees a minute within which the board counts as warmed through, over `soakWindow` seconds.
  var soakSlope: Double
  var soakWindow: Double
  /// Seconds after which warming up is given up.
  var soakLimit: Double
  /// Steps of the load with which the sensor is found out.
  var sensorSteps: Int

  /// Under 40 minutes.
  static let full = Plan(
    discard: 1, window: 5, updates: 50, repetitions: 5, timings: 5, budget: 36 * 60, timing: 0.3,
    rest: 0.5, idle: 5, block: 8,
    soakSlope: 1, soakWindow: 60, soakLimit: 600, sensorSteps: 10)

  /// About 10 minutes; coefficients are known less well, and `spread_pct` says how much.
  static let quick = Plan(
    discard: 1, window: 2, updates: 20, repetitions: 2, timings: 2, budget: 10 * 60, timing: 0.2,
    rest: 0.5, idle: 2, block: 8,
    soakSlope: 2, soakWindow: 30, soakLimit: 120, sensorSteps: 5)

  /// With as many repetitions as the budget has room for: boards that have more types have more kernels.
  ///
  /// `powered` says of each whether its energy is measured. Times scatter less than energies, so they give way first.
  func fitted(to powered: [Bool]) -> Plan {
    var plan = self
    let least = (repetitions + 1) / 2
    while Progress(Schedule.jobs(powered, plan, seed: 0), plan).secondsLeft > budget {
      if plan.timings > least {
        plan.timings -= 1
      } else if plan.repetitions > max(2, least) {
        plan.repetitions -= 1
      } else {
        break
      }
    }
    return plan
  }

  /// The share by which the kernel that is measured again may differ, and the counter from the integral of power.
  static let allowedDrift = 0.03
  /// Degrees that the board may be below its first temperature for that, and seconds that it is given to come back.
  static let allowedCooling = 3.0
  static let longestWarming = 10.0
  static let allowedDisagreement = 0.05
  /// Launches shorter than so many seconds are recorded, so many of them as one graph: a host may take longer for each than the board.
  static let shortLaunch = 20e-6
  static let recordedLaunches = 1000
  /// Seconds of work that are launched at once.
  static let batch = 0.02
}
