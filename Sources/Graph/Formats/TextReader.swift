/// Reads the tokens of a text: names, numbers, strings and punctuation, with blanks and comments between them.
///
/// A comment starts with `#` and ends with its line.
struct TextReader: ~Escapable {
  private let bytes: Span<UInt8>
  private(set) var offset = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// The byte that the next token starts with, or nil at the end.
  mutating func peek() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case UInt8(ascii: "#"):
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
      case let byte: return byte
      }
    }
    return nil
  }

  /// Whether `token` comes next.
  mutating func peek(_ token: String) -> Bool {
    _ = peek()
    var index = offset
    for byte in token.utf8 {
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// Steps over `token` where it comes next.
  mutating func accept(_ token: String) -> Bool {
    guard peek(token) else { return false }
    offset += token.utf8.count
    return true
  }

  mutating func expect(_ token: String) throws(FormatError) {
    guard accept(token) else { throw failure("'\(token)'") }
  }

  /// Whether a name comes next, plain or in quotes.
  mutating func startsName() -> Bool { peek().map { $0 == 0x22 || Self.startsWord($0) } ?? false }

  /// A word of letters, digits and `_`, or anything in quotes.
  mutating func name() throws(FormatError) -> String {
    if peek() == 0x22 { return try string() }
    return try word()
  }

  /// A word of letters, digits and `_` that starts with no digit.
  mutating func word() throws(FormatError) -> String {
    guard let first = peek(), Self.startsWord(first) else { throw failure("a name") }
    return text { Self.startsWord($0) || Self.isDigit($0) }
  }

  /// A text in quotes, in which `\` stands before a quote, a backslash, `n` or `t`.
  mutating func string() throws(FormatError) -> String {
    try expect("\"")
    let start = offset
    var content: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == 0x22 { return String(decoding: content, as: UTF8.self) }
      guard byte == 0x5C, offset < bytes.count else {
        content.append(byte)
        continue
      }
      switch bytes[offset] {
      case UInt8(ascii: "n"): content.append(0x0A)
      case UInt8(ascii: "t"): content.append(0x09)
      case let escaped: content.append(escaped)
      }
      offset += 1
    }
    offset = start
    throw failure("a closing quote")
  }

  /// A number as it is written, which tells an integer from a real one.
  mutating func number() throws(FormatError) -> Number {
    _ = peek()
    let start = offset
    let text = text { Self.isDigit($0) || "+-.eEinfaINFA".utf8.contains($0) }
    if let value = Int(text) { return .int(value) }
    if let value = Double(text) { return .real(value) }
    offset = start
    throw failure("a number")
  }

  mutating func int() throws(FormatError) -> Int {
    _ = peek()
    let start = offset
    guard case .int(let value) = try number() else {
      offset = start
      throw failure("an integer")
    }
    return value
  }

  enum Number {
    case int(Int)
    case real(Double)

    var real: Double {
      switch self {
      case .int(let value): Double(value)
      case .real(let value): value
      }
    }
  }

  /// The line of the next token, counted from 1; takes time linear in `offset` since `line(after:)`.
  func line(after known: (offset: Int, line: Int)) -> Int {
    var line = known.line
    for index in known.offset..<offset where bytes[index] == 0x0A { line += 1 }
    return line
  }

  /// That something else was expected here.
  func failure(_ expected: String) -> FormatError {
    FormatError("expected \(expected)", at: .byte(offset)).located(in: bytes)
  }

  private mutating func text(while isPart: (UInt8) -> Bool) -> String {
    let start = offset
    while offset < bytes.count, isPart(bytes[offset]) { offset += 1 }
    var text = ""
    for index in start..<offset { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    return text
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func startsWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
