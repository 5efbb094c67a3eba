#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#elseif canImport(Darwin)
  private import Darwin
#endif

/// `base` raised to `exponent`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// The exponential of `x`.
func exponential(_ x: Double) -> Double { exp(x) }

/// The smallest whole number that is not below `x`.
func roundedUp(_ x: Double) -> Double { ceil(x) }
