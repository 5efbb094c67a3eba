/// How far an estimate may be off: independent relative errors, added in quadrature.
///
/// An interval holds the true figure nine times in ten, if errors are lognormal.
struct Uncertainty {
  /// One standard deviation of the logarithm.
  let deviation: Double

  /// The errors of time: the residual of the rates, and that of whole models over their kernels.
  static func seconds(_ execution: Execution, on device: Device) -> Uncertainty {
    Uncertainty(percents: [
      deviation(meanErrorPercent: execution.residualPercent) * 100,
      device.uncertainty.modelPercent,
    ])
  }

  /// The errors of energy: those of time, the sensor's, those between boards, those of the data's values.
  static func joules(_ execution: Execution, on device: Device) -> Uncertainty {
    Uncertainty(percents: [
      seconds(execution, on: device).deviation * 100, device.uncertainty.sensorPercent,
      device.uncertainty.unitToUnitPercent, device.uncertainty.dataPercent,
    ])
  }

  init(percents: [Double]) {
    deviation = percents.reduce(0) { $0 + $1 * $1 }.squareRoot() / 100
  }

  /// The standard deviation of the logarithm that goes with a mean absolute error in percent.
  static func deviation(meanErrorPercent: Double) -> Double {
    meanErrorPercent * deviationsPerMeanError / 100
  }

  func interval(_ value: Double) -> Interval {
    let factor = exponential(Self.halfWidth * deviation)
    return Interval(value, low: value / factor, high: value * factor)
  }

  /// The standard deviations on either side that hold nine tenths of a normal distribution.
  static let halfWidth = 1.645
  /// The standard deviation of a normal distribution whose mean absolute error is 1: sqrt(π/2).
  private static let deviationsPerMeanError = 1.2533
}
