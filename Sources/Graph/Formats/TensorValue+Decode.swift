extension TensorValue {
  /// The elements of a tensor from their bytes, the lowest byte and the lowest bits first, as `raw_data` holds them.
  ///
  /// Nil where the elements are no numbers that are followed, or where bytes are missing.
  init?(_ info: TensorInfo, raw bytes: Span<UInt8>) {
    guard info.isFollowed, info.byteCount <= bytes.count else { return nil }
    let width = info.type.bitWidth
    var elements: [UInt64] = []
    elements.reserveCapacity(info.shape.count)
    for index in 0..<info.shape.count {
      let bit = index * width
      var element: UInt64 = 0
      for byte in 0..<max(1, width / 8) {
        element |= UInt64(bytes[bit / 8 + byte]) << UInt64(8 * byte)
      }
      // Elements of less than a byte do not cross its border.
      elements.append(width < 8 ? element >> UInt64(bit % 8) & (1 << UInt64(width) - 1) : element)
    }
    self.init(info.type, elements)
  }

  /// The elements of a tensor from a list of integers, as `int32_data`, `int64_data` and `uint64_data` hold them.
  ///
  /// Real numbers stand there as their bits; elements of less than a byte share entries of one byte.
  init?(_ info: TensorInfo, entries: [Int]) {
    guard info.isFollowed else { return nil }
    if info.type.bitWidth < 8 {
      let bytes = entries.map { UInt8(truncatingIfNeeded: $0) }
      self.init(info, raw: bytes.span)
    } else {
      guard entries.count >= info.shape.count else { return nil }
      self.init(info.type, entries.prefix(info.shape.count).map { UInt64(bitPattern: Int64($0)) })
    }
  }

  /// The elements of these bits.
  init?(_ type: ElementType, _ elements: [UInt64]) {
    if type.isInteger {
      self = .integers(elements.map { type.integer($0) })
    } else {
      var reals: [Double] = []
      for element in elements {
        guard let real = type.real(element) else { return nil }
        reals.append(real)
      }
      self = .reals(reals)
    }
  }
}

extension ElementType {
  /// The integer of this type with these bits; one too large for an `Int` becomes the largest.
  fileprivate func integer(_ bits: UInt64) -> Int {
    let unused = 64 - bitWidth
    switch self {
    case .bool: return bits & 0xFF == 0 ? 0 : 1
    case .int2, .int4, .int8, .int16, .int32, .int64:
      return (Int(truncatingIfNeeded: bits) << unused) >> unused
    default: return Int(clamping: (bits << unused) >> unused)
    }
  }

  /// The real number of this type with these bits.
  fileprivate func real(_ bits: UInt64) -> Double? {
    switch self {
    case .float64: Double(bitPattern: bits)
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .bfloat16: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .float16: half(UInt16(truncatingIfNeeded: bits))
    default: nil
    }
  }

  /// The number with these bits in IEEE 754's binary16, which Swift does not have on every platform.
  private func half(_ bits: UInt16) -> Double {
    let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF) / 1024
    switch exponent {
    case 0: return Double(sign: sign, exponent: -14, significand: fraction)
    case 31: return fraction == 0 ? (sign == .plus ? .infinity : -.infinity) : .nan
    default: return Double(sign: sign, exponent: exponent - 15, significand: 1 + fraction)
    }
  }
}
