extension Span<UInt8> {
  /// The content of a JSON string, in which `\` stands before what cannot stand there plainly.
  ///
  /// Errors are placed from `start`, where the content starts in the file.
  func unescaped(at start: Int) throws(FormatError) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(count)
    var index = 0
    while index < count {
      let byte = self[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < count else {
        text.append(byte)
        continue
      }
      let escape = self[index]
      index += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"):
        guard let (scalar, length) = scalar(at: index) else {
          throw FormatError("\\u without a character", at: .byte(start + index - 2))
        }
        text += String(scalar).utf8
        index += length
      default: throw FormatError("there is no such escape", at: .byte(start + index - 2))
      }
    }
    do { return String(copying: try UTF8Span(validating: text.span)) } catch {
      throw FormatError("expected UTF-8", at: .byte(start))
    }
  }

  /// The character after `\u`, and how many bytes tell it; those beyond 16 bits take two escapes.
  private func scalar(at index: Int) -> (Unicode.Scalar, length: Int)? {
    guard let high = unit(at: index) else { return nil }
    if let scalar = Unicode.Scalar(high) { return (scalar, 4) }
    guard starts("\\u", at: index + 4), let low = unit(at: index + 6),
      0xD800..<0xDC00 ~= high, 0xDC00..<0xE000 ~= low,
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { return nil }
    return (scalar, 10)
  }

  /// The number that four hexadecimal digits make.
  private func unit(at index: Int) -> UInt32? {
    guard index <= count - 4 else { return nil }
    var unit: UInt32 = 0
    for index in index..<index + 4 {
      guard let digit = Character(Unicode.Scalar(self[index])).hexDigitValue else { return nil }
      unit = unit << 4 + UInt32(digit)
    }
    return unit
  }
}
