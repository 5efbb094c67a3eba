#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An operation on two numbers, for tensors that shapes are computed from.
///
/// Either form gives nil where there is no result. Integers may wrap: the type of the result cuts them to size.
package struct Arithmetic: Sendable {
  let integers: @Sendable (Int, Int) -> Int?
  let reals: @Sendable (Double, Double) -> Double?

  init(
    _ integers: @escaping @Sendable (Int, Int) -> Int?,
    _ reals: @escaping @Sendable (Double, Double) -> Double? = { _, _ in nil }
  ) {
    self.integers = integers
    self.reals = reals
  }

  static let sum = Arithmetic({ $0 &+ $1 }, { $0 + $1 })
  static let difference = Arithmetic({ $0 &- $1 }, { $0 - $1 })
  static let product = Arithmetic({ $0 &* $1 }, { $0 * $1 })
  /// Between integers it is cut off toward zero, as in C.
  static let quotient = Arithmetic({ divide($0, $1) }, { $0 / $1 })
  /// A remainder with the sign of the divisor.
  static let floorRemainder = Arithmetic(
    { a, b in remainder(a, b).map { $0 != 0 && ($0 < 0) != (b < 0) ? $0 + b : $0 } },
    { a, b in
      let rest = a.truncatingRemainder(dividingBy: b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    })
  /// A remainder with the sign of the dividend.
  static let truncatedRemainder = Arithmetic(
    { remainder($0, $1) }, { $0.truncatingRemainder(dividingBy: $1) })
  static let maximum = Arithmetic(
    { max($0, $1) }, { $0.isNaN || $1.isNaN ? .nan : max($0, $1) })
  static let minimum = Arithmetic(
    { min($0, $1) }, { $0.isNaN || $1.isNaN ? .nan : min($0, $1) })
  static let power = Arithmetic({ raise($0, to: $1) }, { pow($0, $1) })

  // Comparisons are 1 where they hold.
  static let equal = Arithmetic({ $0 == $1 ? 1 : 0 }, { $0 == $1 ? 1 : 0 })
  static let greater = Arithmetic({ $0 > $1 ? 1 : 0 }, { $0 > $1 ? 1 : 0 })
  static let greaterOrEqual = Arithmetic({ $0 >= $1 ? 1 : 0 }, { $0 >= $1 ? 1 : 0 })
  static let less = Arithmetic({ $0 < $1 ? 1 : 0 }, { $0 < $1 ? 1 : 0 })
  static let lessOrEqual = Arithmetic({ $0 <= $1 ? 1 : 0 }, { $0 <= $1 ? 1 : 0 })
}

private func divide(_ a: Int, _ b: Int) -> Int? {
  // The one quotient that does not fit wraps round to itself.
  b == 0 ? nil : b == -1 ? 0 &- a : a / b
}

private func remainder(_ a: Int, _ b: Int) -> Int? {
  b == 0 ? nil : b == -1 ? 0 : a % b
}

/// `base` to the power of `exponent` by squaring, wrapped; nil where it is a fraction.
private func raise(_ base: Int, to exponent: Int) -> Int? {
  guard exponent >= 0 else { return base == 1 ? 1 : nil }
  var (result, square, rest) = (1, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result = result &* square }
    square = square &* square
    rest >>= 1
  }
  return result
}
