// How protobuf messages are written as JSON: https://protobuf.dev/programming-guides/json/
extension JSONReader {
  /// Reads a message, calling `field` with the name of each field that is there; `field` must read the value.
  ///
  /// Names come in `lowerCamelCase`, also where the file has them as `snake_case`.
  mutating func message(_ field: (String, inout JSONReader) throws(FormatError) -> Void)
    throws(FormatError)
  {
    try object { (key, _, reader) throws(FormatError) in
      if try reader.null() { return }
      try field(key.utf8.contains(UInt8(ascii: "_")) ? key.lowerCamelCased : key, &reader)
    }
  }

  /// An integer, written as a number or, as those of 64 bits are, as a text.
  ///
  /// One that only an unsigned integer can hold is given by its bits.
  mutating func int() throws(FormatError) -> Int {
    let (text, place) = try numberOrText()
    if let value = Int(text) { return value }
    if let value = UInt64(text) { return Int(truncatingIfNeeded: value) }
    if let real = Double(text), let value = Int(exactly: real) { return value }
    throw FormatError("expected an integer", at: .byte(place))
  }

  /// A real number, written as a number or as a text such as `"NaN"`.
  mutating func real() throws(FormatError) -> Double {
    let (text, place) = try numberOrText()
    switch text {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: break
    }
    guard let value = Double(text), value.isFinite else {
      throw FormatError("expected a number", at: .byte(place))
    }
    return value
  }

  /// A real number as single precision holds it.
  mutating func float() throws(FormatError) -> Double { Double(Float(try real())) }

  /// The number of one of an enumeration's cases, written as a number or as a name.
  mutating func number(_ named: (String) -> Int?) throws(FormatError) -> Int {
    guard try peek() == UInt8(ascii: "\"") else { return try int() }
    let place = offset
    let name = try string()
    guard let number = named(name) ?? Int(name) else {
      throw FormatError("there is no '\(name)' in ONNX", at: .byte(place))
    }
    return number
  }

  /// Bytes that are a text, or else say how many they are.
  mutating func text() throws(FormatError) -> String {
    let bytes = try bytes()
    do { return String(copying: try UTF8Span(validating: bytes.span)) } catch {
      return "<\(bytes.count) bytes>"
    }
  }

  mutating func bytes() throws(FormatError) -> [UInt8] {
    _ = try peek()
    let place = offset
    // A text with escapes is rare, and short.
    let (range, hasEscapes) = try content()
    let bytes =
      hasEscapes
      ? Base64.bytes(try written(range).unescaped(at: range.lowerBound).utf8Span.span)
      : Base64.bytes(written(range))
    guard let bytes else { throw FormatError("expected base64", at: .byte(place)) }
    return bytes
  }

  /// Steps over bytes and says how many they are.
  mutating func byteCount() throws(FormatError) -> Int {
    let start = offset
    let (range, hasEscapes) = try content()
    guard hasEscapes else { return Base64.byteCount(written(range)) }
    var again = at(start)
    return try again.bytes().count
  }

  private mutating func numberOrText() throws(FormatError) -> (text: String, place: Int) {
    guard try peek() == UInt8(ascii: "\"") else { return try numeral() }
    let place = offset
    return (try string(), place)
  }
}

extension String {
  /// `op_type` as `opType`.
  fileprivate var lowerCamelCased: String {
    var bytes: [UInt8] = []
    var isStart = false
    for byte in utf8 {
      if byte == UInt8(ascii: "_") {
        isStart = true
      } else {
        bytes.append(isStart && (0x61...0x7A).contains(byte) ? byte - 0x20 : byte)
        isStart = false
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
