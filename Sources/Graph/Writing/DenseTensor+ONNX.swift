extension DenseTensor {
  /// Reads ONNX's `TensorProto` with all its elements.
  init(onnx wire: Wire) throws(FormatError) {
    let place = FormatError.Place.byte(wire.offset)
    var draft = TensorDraft()
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: try fields.ints(field, to: &draft.dims)
      case 2: draft.type = try fields.int(field)
      case 14: draft.isExternal = try fields.int(field) == 1
      default: try fields.skip(field)
      }
    }
    let info = try draft.info(at: place)
    guard !draft.isExternal else {
      throw FormatError("its elements lie in another file", at: place)
    }
    guard info.shape.count <= Self.maximumCount else {
      throw FormatError("it has too many elements", at: place)
    }
    guard info.type.isHeldExactly else {
      throw FormatError("elements of type \(info.type.name) are not computed with", at: place)
    }
    guard let elements = try Self.elements(wire, info), elements.count == info.shape.count,
      let tensor = DenseTensor(info.dims, elements)
    else { throw FormatError("its elements are not all there", at: place) }
    self = tensor
  }

  private static func elements(_ wire: Wire, _ info: TensorInfo) throws(FormatError) -> [Double]? {
    var raw: [Double]?
    var reals: [Double] = []
    var bits: [Int] = []
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 9: raw = decoded(try fields.content(field), info)
      case 4 where info.type.entryField == 4: try fields.floats(field, to: &reals)
      case 10 where info.type.entryField == 10: try fields.doubles(field, to: &reals)
      case 5 where info.type.entryField == 5, 7 where info.type.entryField == 7,
        11 where info.type.entryField == 11:
        try fields.ints(field, to: &bits)
      default: try fields.skip(field)
      }
    }
    if let raw { return raw }
    if bits.isEmpty { return reals }
    return TensorValue(info.type, bits.map { UInt64(bitPattern: Int64($0)) })?.reals
  }

  private static func decoded(_ bytes: Span<UInt8>, _ info: TensorInfo) -> [Double]? {
    let width = info.type.bitWidth / 8
    guard bytes.count >= info.shape.count * width else { return nil }
    var elements: [Double] = []
    elements.reserveCapacity(info.shape.count)
    // In parts, so that no second list as long as the weights is made.
    let part = 1 << 16
    for start in stride(from: 0, to: info.shape.count, by: part) {
      let end = min(info.shape.count, start + part)
      var bits: [UInt64] = []
      bits.reserveCapacity(end - start)
      for index in start..<end {
        var element: UInt64 = 0
        for byte in 0..<width {
          element |= UInt64(bytes[index * width + byte]) << UInt64(8 * byte)
        }
        bits.append(element)
      }
      guard let value = TensorValue(info.type, bits) else { return nil }
      elements += value.reals
    }
    return elements
  }

  /// The elements as `raw_data` holds those of `type`; nil where that type cannot hold one.
  func rawData(_ type: ElementType) -> [UInt8]? {
    guard type.isHeldExactly else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(elements.count * type.bitWidth / 8)
    for element in elements {
      guard let bits = type.bits(element) else { return nil }
      for byte in 0..<(type.bitWidth / 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte)))
      }
    }
    return bytes
  }
}

extension ElementType {
  /// Whether recipes compute with the type: whole bytes, and no number that double precision does not hold.
  ///
  /// Integers of 64 bits are those of extents and indices, far below the 53 bits that it does hold.
  var isHeldExactly: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16, .int8, .int16, .int32, .int64, .uint8, .uint16,
      .uint32, .bool:
      true
    default: false
    }
  }

  /// The bits of the number of this type nearest to `number`; nil where there is none.
  func bits(_ number: Double) -> UInt64? {
    switch self {
    case .float64: return number.bitPattern
    case .float32: return UInt64(Float(number).bitPattern)
    case .bfloat16:
      return rounding(number).map { UInt64(Float($0).bitPattern >> 16) }
    case .float16: return rounding(number).map { halfBits($0) }
    default:
      guard isInteger, let whole = Int(exactly: number), let held = wrapping(whole), held == whole
      else { return nil }
      return UInt64(bitPattern: Int64(held))
    }
  }

  /// The bits of a number that IEEE 754's binary16 holds.
  private func halfBits(_ number: Double) -> UInt64 {
    let sign: UInt64 = number.sign == .minus ? 0x8000 : 0
    if number.isNaN { return sign | 0x7E00 }
    if number.isInfinite { return sign | 0x7C00 }
    let magnitude = number.magnitude
    // Below the smallest normal number the significand counts steps of 2^-24.
    if magnitude < 0x1p-14 { return sign | UInt64(magnitude * 0x1p24) }
    let exponent = UInt64(Int(magnitude.exponent) + 15)
    return sign | exponent << 10 | UInt64((magnitude.significand - 1) * 1024)
  }
}
