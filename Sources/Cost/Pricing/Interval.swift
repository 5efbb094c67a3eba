/// A figure and the bounds between which it is expected to lie.
package struct Interval: Hashable, Sendable {
  package var value: Double
  package var low: Double
  package var high: Double

  package init(_ value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// A figure that is certain.
  package init(exactly value: Double) { self.init(value, low: value, high: value) }

  package static func + (a: Interval, b: Interval) -> Interval {
    Interval(a.value + b.value, low: a.low + b.low, high: a.high + b.high)
  }

  /// The figure and its bounds times a positive number.
  package static func * (a: Interval, factor: Double) -> Interval {
    Interval(a.value * factor, low: a.low * factor, high: a.high * factor)
  }

  package static func / (a: Interval, divisor: Double) -> Interval { a * (1 / divisor) }
}
