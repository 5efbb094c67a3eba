#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#elseif canImport(Darwin)
  private import Darwin
#endif

/// The exponential of `x`.
func exponential(_ x: Double) -> Double { exp(x) }
