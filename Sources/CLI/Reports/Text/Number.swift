#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How numbers are written for people: three significant digits, with an SI prefix before a unit.
enum Number {
  /// `0.615`, `12.3`, `1230`, `4.57e-13`.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "unknown" : value < 0 ? "-inf" : "inf" }
    guard value != 0 else { return "0" }
    let magnitude = value.magnitude
    let sign = value < 0 ? "-" : ""
    let exponent = decimalExponent(magnitude)
    guard exponent >= -6, exponent < 9 else {
      return sign + decimal(scaled(magnitude, -exponent), places: 2) + "e\(exponent)"
    }
    guard exponent > 2 else { return sign + decimal(magnitude, places: 2 - exponent) }
    let unit = power(exponent - 2)
    return sign + decimal((magnitude / unit).rounded() * unit, places: 0)
  }

  /// `value` with a fixed number of digits after the point; its magnitude is below 1e15.
  static func decimal(_ value: Double, places: Int) -> String {
    let digits = String(Int((value.magnitude * power(places)).rounded()))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let sign = value < 0 && digits.contains { $0 != "0" } ? "-" : ""
    guard places > 0 else { return sign + padded }
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// A share from 0 to 1 as `18 %`, `3.4 %`, `0.12 %`, never rounded to nothing or to all.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    guard percent.isFinite, percent.magnitude < 1e6, percent != 0, percent != 100 else {
      return "\(text(percent)) %"
    }
    if percent < 0.01 { return percent > 0 ? "<0.01 %" : "\(text(percent)) %" }
    if percent > 99 && percent < 100 {
      return decimal(min(percent, 99.9), places: 1) + " %"
    }
    if percent < 0.095 { return decimal(percent, places: 2) + " %" }
    return decimal(percent, places: percent < 9.95 ? 1 : 0) + " %"
  }

  /// The exponent that `magnitude` has when written with three significant digits.
  static func decimalExponent(_ magnitude: Double) -> Int {
    var exponent = Int(log10(magnitude).rounded(.down))
    // Rounding may carry into a digit of its own: 9.996 is written 10.0.
    if (scaled(magnitude, 2 - exponent)).rounded() >= 1000 { exponent += 1 }
    return exponent
  }

  /// `value` times ten to the power of `exponent`, in two steps where one would overflow.
  private static func scaled(_ value: Double, _ exponent: Int) -> Double {
    let first = min(max(exponent, -300), 300)
    return value * power(first) * power(exponent - first)
  }

  private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }
}

/// A unit with an SI prefix, which the figures of a table or an interval share.
struct Scale: Hashable, Sendable {
  let factor: Double
  let unit: String

  /// The prefix that suits the largest of `values`.
  init(for values: some Sequence<Double>, unit: String) {
    let largest = values.map(\.magnitude).filter(\.isFinite).max() ?? 0
    guard largest > 0 else {
      (factor, self.unit) = (1, unit)
      return
    }
    let step = Int((Double(Number.decimalExponent(largest)) / 3).rounded(.down))
    let index = min(max(step + Self.unitIndex, 0), Self.prefixes.count - 1)
    factor = pow(1000, Double(index - Self.unitIndex))
    self.unit = Self.prefixes[index] + unit
  }

  /// The figure without its unit.
  func text(_ value: Double) -> String { Number.text(value / factor) }

  private static let prefixes = ["a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"]
  private static let unitIndex = 6
}

extension Number {
  /// A figure with its unit: `9.1 ms`, `102.8 M`.
  static func text(_ value: Double, unit: String) -> String {
    let scale = Scale(for: [value], unit: unit)
    return scale.unit.isEmpty ? scale.text(value) : "\(scale.text(value)) \(scale.unit)"
  }

  /// A time: with a prefix below 100 s, then in minutes, hours or days.
  static func duration(_ seconds: Double) -> String {
    let units: [(name: String, seconds: Double)] = [("days", 86400), ("h", 3600), ("min", 60)]
    for unit in units where seconds >= 1.6 * unit.seconds {
      return "\(text(seconds / unit.seconds)) \(unit.name)"
    }
    return text(seconds, unit: "s")
  }

  /// A count: exact below 1000, else with a prefix.
  static func text(_ count: Int) -> String {
    count.magnitude < 1000 ? count.description : text(Double(count), unit: "")
  }
}
