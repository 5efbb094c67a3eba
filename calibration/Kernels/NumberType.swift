/// The type of the numbers that a kernel works on; the raw values are those of device tables.
package enum NumberType: String, Sendable, CaseIterable {
  case float32
  /// Numbers of 32 bits, of which tensor cores multiply the first 19; the others are zero.
  case tensorFloat32 = "tf32"
  case float16
  case bfloat16
  case int8
  case int32
  case uint32

  /// The storage of one number, in bytes.
  package var byteCount: Int {
    switch self {
    case .float32, .tensorFloat32, .int32, .uint32: 4
    case .float16, .bfloat16: 2
    case .int8: 1
    }
  }

  /// The bytes of `value`, lowest first, once it is rounded to this type.
  package func bytes(_ value: Double) -> [UInt8] {
    let bits = bits(value)
    return (0..<byteCount).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
  }

  /// The number that `bytes`, lowest first, stand for; nil unless there are as many as one number has.
  package func value(_ bytes: some Collection<UInt8>) -> Double? {
    guard bytes.count == byteCount else { return nil }
    return value(bits: bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
  }

  /// What is left of `value` once it is stored in this type.
  package func rounded(storing value: Double) -> Double { self.value(bits: bits(value)) }

  /// The bits of `value` in the lowest places, once it is rounded to this type.
  func bits(_ value: Double) -> UInt32 {
    switch self {
    case .float32: Float(value).bitPattern
    case .tensorFloat32: TensorPrecision.nearest(Float(value)).bitPattern
    case .float16: UInt32(HalfPrecision.bits(value))
    case .bfloat16: UInt32(BrainPrecision.bits(value))
    case .int8: UInt32(bitPattern: Int32(Int8(clamping: rounded(value))))
    case .int32: UInt32(bitPattern: Int32(clamping: rounded(value)))
    case .uint32: UInt32(clamping: rounded(value))
    }
  }

  private func value(bits: UInt32) -> Double {
    switch self {
    case .float32, .tensorFloat32: Double(Float(bitPattern: bits))
    case .float16: HalfPrecision.value(UInt16(truncatingIfNeeded: bits))
    case .bfloat16: BrainPrecision.value(UInt16(truncatingIfNeeded: bits))
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .int32: Double(Int32(bitPattern: bits))
    case .uint32: Double(bits)
    }
  }

  /// The nearest whole number that 64 bits hold; 0 for what is no number.
  private func rounded(_ value: Double) -> Int64 {
    guard !value.isNaN else { return 0 }
    let whole = value.rounded(.toNearestOrEven)
    return Int64(exactly: whole) ?? (whole < 0 ? .min : .max)
  }
}
