/// Numbers of 16 bits with 5 bits of exponent and 10 of fraction ([IEEE 754](https://standards.ieee.org/ieee/754/6210/) binary16).
///
/// Swift's `Float16` is missing on some of the platforms that the package builds for.
package enum HalfPrecision {
  /// The bits of the nearest half to `value`, ties to even.
  package static func bits(_ value: Double) -> UInt16 {
    NarrowFloat(exponentBits: 5, fractionBits: 10).bits(value)
  }

  /// The number that `bits` stand for.
  package static func value(_ bits: UInt16) -> Double {
    NarrowFloat(exponentBits: 5, fractionBits: 10).value(bits)
  }
}

/// Numbers of 16 bits with the exponent of a 32-bit number and 7 bits of fraction.
package enum BrainPrecision {
  /// The bits of the nearest such number to `value`, ties to even.
  package static func bits(_ value: Double) -> UInt16 {
    NarrowFloat(exponentBits: 8, fractionBits: 7).bits(value)
  }

  /// The number that `bits` stand for.
  package static func value(_ bits: UInt16) -> Double {
    NarrowFloat(exponentBits: 8, fractionBits: 7).value(bits)
  }
}

/// The operands of tensor cores in TF32: 32-bit numbers with 10 bits of fraction.
package enum TensorPrecision {
  /// The nearest such number to `value`, ties away from zero.
  package static func nearest(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    return Float(bitPattern: (value.bitPattern &+ 0x1000) & ~0x1FFF)
  }
}

/// A binary floating-point format of 16 bits.
private struct NarrowFloat {
  let exponentBits: Int
  let fractionBits: Int

  private var bias: Int { 1 << (exponentBits - 1) - 1 }
  private var highest: UInt16 { UInt16(1 << exponentBits - 1) << UInt16(fractionBits) }

  func bits(_ value: Double) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    guard !value.isNaN else { return highest | 1 << UInt16(fractionBits - 1) }
    let magnitude = value.magnitude
    guard magnitude > 0 else { return sign }
    guard magnitude.isFinite else { return sign | highest }
    // Below the normal numbers all share the exponent of the smallest of these.
    let exponent = max(Int(magnitude.exponent), 1 - bias)
    guard exponent <= bias else { return sign | highest }
    // At most 11 bits, so the conversion is exact; rounding up may carry into the exponent, as it should.
    let steps = (magnitude * Self.power(fractionBits - exponent)).rounded(.toNearestOrEven)
    let base = UInt16(exponent + bias - 1) << UInt16(fractionBits)
    return sign | min(highest, base + UInt16(steps))
  }

  func value(_ bits: UInt16) -> Double {
    let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(bits & 0x7FFF) >> fractionBits
    let fraction = Double(bits & (1 << UInt16(fractionBits) - 1)) * Self.power(-fractionBits)
    switch exponent {
    case 0: return sign * fraction * Self.power(1 - bias)
    case 1 << exponentBits - 1: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Self.power(exponent - bias)
    }
  }

  /// Two to the power of `exponent`, which is one of a normal number.
  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
