import Rules

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Limits as people write them.
enum LimitText {
  /// A number above 0 with three significant digits, rounded up, that `Quantity` reads again: `12.4`, `1240`, `1.24e-7`.
  static func roundedUp(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "0" }
    var exponent = Int(log10(value).rounded(.down))
    // A figure that is one already, but for its last bit, stays.
    var digits = (value / pow(10, Double(exponent - 2)) - 1e-9).rounded(.up)
    if digits >= 1000 { (digits, exponent) = (100, exponent + 1) }
    guard exponent >= -4, exponent < 12 else {
      return Number.decimal(digits / 100, places: 2).trimmingZeros + "e\(exponent)"
    }
    guard exponent < 2 else {
      return Number.decimal(digits * pow(10, Double(exponent - 2)), places: 0)
    }
    return Number.decimal(digits * pow(10, Double(exponent - 2)), places: 2 - exponent)
      .trimmingZeros
  }

  /// A limit that leaves room above `joules`, in a unit that suits it: `12.4 mJ/inf`.
  static func limit(_ joules: Double, headroom: Double, _ unit: String) -> String {
    let limit = joules * (1 + headroom)
    let scale = Scale(for: [limit], unit: unit)
    return "\(roundedUp(limit / scale.factor)) \(scale.unit)"
  }
}

extension String {
  /// A decimal number without zeros at its end that say nothing.
  fileprivate var trimmingZeros: String {
    guard contains(".") else { return self }
    var text = self
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
