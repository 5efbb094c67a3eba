#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ElementType {
  /// `number` as this integer type holds it, its excess bits dropped; nil where this is no integer type.
  ///
  /// Also nil for a `uint64` beyond the largest `Int`, which nobody needs for an extent.
  package func wrapping(_ number: Int) -> Int? {
    switch self {
    case .bool: return number == 0 ? 0 : 1
    case .int64: return number
    case .uint64: return number < 0 ? nil : number
    case .int2, .int4, .int8, .int16, .int32:
      let excess = Int.bitWidth - bitWidth
      return (number << excess) >> excess
    case .uint2, .uint4, .uint8, .uint16, .uint32: return number & ((1 << bitWidth) - 1)
    default: return nil
    }
  }

  /// `number` as this integer type holds it, cut off toward zero; nil where it does not fit.
  ///
  /// ONNX leaves the result undefined there.
  package func truncating(_ number: Double) -> Int? {
    if self == .bool { return number == 0 ? 0 : 1 }
    guard let whole = Int(exactly: number.rounded(.towardZero)), wrapping(whole) == whole else {
      return nil
    }
    return whole
  }

  /// The number of this floating-point type nearest to `number`; nil where that is not known.
  package func rounding(_ number: Double) -> Double? {
    switch self {
    case .float64: number
    case .float32: Double(Float(number))
    case .float16: nearest(to: number, precision: 11, smallest: -14, largest: 65504)
    case .bfloat16:
      nearest(to: number, precision: 8, smallest: -126, largest: 0x1.FEp127)
    default: nil
    }
  }

  /// Ties go to the even neighbour, numbers beyond the `largest` to infinity.
  ///
  /// `precision` counts the bits of the significand, `smallest` is the exponent of the smallest normal number.
  private func nearest(to number: Double, precision: Int, smallest: Int, largest: Double) -> Double
  {
    guard number.isFinite, number != 0 else { return number }
    let exponent = max(Int(number.exponent), smallest) - (precision - 1)
    let step = Double(sign: .plus, exponent: exponent, significand: 1)
    let rounded = (number / step).rounded(.toNearestOrEven) * step
    return rounded.magnitude > largest ? (number < 0 ? -Double.infinity : .infinity) : rounded
  }
}
