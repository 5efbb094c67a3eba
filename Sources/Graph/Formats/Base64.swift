/// Bytes written as base64, in the usual alphabet or in that of addresses, padded or not.
///
/// https://www.rfc-editor.org/rfc/rfc4648
enum Base64 {
  /// How many bytes `text` stands for; takes no time, since it only looks at the end.
  static func byteCount(_ text: Span<UInt8>) -> Int {
    var digits = text.count
    while digits > 0, text.count - digits < 2, text[digits - 1] == UInt8(ascii: "=") { digits -= 1 }
    return digits / 4 * 3 + digits % 4 * 3 / 4
  }

  /// The bytes that `text` stands for; nil where it is no base64.
  static func bytes(_ text: Span<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    let count = byteCount(text)
    bytes.reserveCapacity(count)
    var group: UInt32 = 0
    var bits = 0
    for index in text.indices {
      guard let digit = digit(text[index]) else {
        guard text[index] == UInt8(ascii: "="), index >= text.count - 2 else { return nil }
        continue
      }
      group = group << 6 | digit
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
    }
    return bytes.count == count ? bytes : nil
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
