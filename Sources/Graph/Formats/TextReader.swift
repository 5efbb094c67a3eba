/// Reads the tokens of ONNX's textual syntax: names, numbers, strings and punctuation.
///
/// Blanks stand between tokens, and comments, which start with `#` and end with their line. Errors say their place
/// in bytes; `FormatError.located(in:)` makes lines of them.
struct TextReader: ~Escapable {
  private let bytes: Span<UInt8>
  private(set) var offset = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// The byte that the next token starts with, or nil at the end.
  mutating func peek() -> UInt8? {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09...0x0D: offset += 1
      case UInt8(ascii: "#"):
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
      case let byte: return byte
      }
    }
    return nil
  }

  /// Whether nothing but blanks is left of this line.
  var isAtLineEnd: Bool {
    var next = offset
    while next < bytes.count, [0x20, 0x09, 0x0D].contains(bytes[next]) { next += 1 }
    return next == bytes.count || bytes[next] == 0x0A
  }

  /// Steps to the list in a comment that begins with one, `#[`, on this line; says whether there is one.
  mutating func startsRemark() -> Bool {
    var next = offset
    while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
    guard next + 1 < bytes.count, bytes[next] == UInt8(ascii: "#"),
      bytes[next + 1] == UInt8(ascii: "[")
    else { return false }
    offset = next + 1
    return true
  }

  /// Whether `token` comes next.
  mutating func peek(_ token: String) -> Bool {
    _ = peek()
    return bytes.starts(token, at: offset)
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

  /// Reads what stands between `open` and `close`, with commas between elements.
  mutating func list(
    _ open: String, _ close: String,
    _ element: (inout TextReader) throws(FormatError) -> Void
  ) throws(FormatError) {
    try expect(open)
    while !accept(close) {
      try element(&self)
      if !accept(",") {
        guard accept(close) else { throw failure("',' or '\(close)'") }
        return
      }
    }
  }

  /// Whether a name comes next, plain or in quotes.
  mutating func startsName() -> Bool {
    peek().map { $0 == UInt8(ascii: "\"") || Self.startsWord($0) } ?? false
  }

  /// A word, or anything in quotes.
  mutating func name() throws(FormatError) -> String {
    if peek() == UInt8(ascii: "\"") { return try string() }
    return try word()
  }

  /// A word of letters, digits and `_` that starts with no digit.
  mutating func word() throws(FormatError) -> String {
    guard let word = peekWord() else { throw failure("a name") }
    offset += word.utf8.count
    return word
  }

  /// The word that comes next, if one does.
  mutating func peekWord() -> String? {
    guard let first = peek(), Self.startsWord(first) else { return nil }
    return text(from: offset) { Self.startsWord($0) || Self.isDigit($0) }
  }

  /// A text in quotes, in which a backslash stands before a quote or a backslash, or for a line end before `n`
  /// and for a tab before `t`.
  mutating func string() throws(FormatError) -> String {
    let start = offset
    guard accept("\"") else { throw failure("a text in quotes") }
    var content: [UInt8] = []
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\") where offset < bytes.count:
        switch bytes[offset] {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case let escaped: content.append(escaped)
        }
        offset += 1
      default: content.append(byte)
      }
    }
    throw FormatError("expected a closing quote", at: .byte(start))
  }

  /// A number: digits with a sign, a point or an exponent, `inf` or `nan`.
  mutating func number() throws(FormatError) -> Number {
    _ = peek()
    let start = offset
    _ = accept("-")
    let isWord = peek().map { Self.startsWord($0) } ?? false
    let digits = text(from: offset) { byte in
      isWord
        ? Self.startsWord(byte)
        : Self.isDigit(byte) || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
    }
    offset += digits.utf8.count
    var literal = (start < offset && bytes[start] == UInt8(ascii: "-") ? "-" : "") + digits
    // The sign of an exponent.
    if literal.hasSuffix("e") || literal.hasSuffix("E"), !isWord, let sign = peek(),
      sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
    {
      let exponent = text(from: offset + 1, Self.isDigit)
      literal.unicodeScalars.append(Unicode.Scalar(sign))
      literal += exponent
      offset += 1 + exponent.utf8.count
    }
    if let value = Int(literal) { return .int(value) }
    if UInt64(literal) != nil { return .int(.max) }
    if ["inf", "infinity", "nan"].contains(digits.lowercased()) || !isWord,
      let value = Double(literal), literal.utf8.contains(where: { !Self.isDigit($0) && $0 != 0x2D })
    {
      return .real(value)
    }
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

  /// A number as it is written.
  enum Number {
    /// One of 64 bits without a sign that is too large for an `Int` is the largest.
    case int(Int)
    case real(Double)

    var real: Double {
      switch self {
      case .int(let value): Double(value)
      case .real(let value): value
      }
    }
  }

  /// How many lines end between `start` and here.
  func lineEnds(since start: Int) -> Int {
    var count = 0
    for index in start..<offset where bytes[index] == 0x0A { count += 1 }
    return count
  }

  /// That something else was expected here.
  func failure(_ expected: String) -> FormatError {
    FormatError("expected \(expected)", at: .byte(offset))
  }

  private func text(from start: Int, _ isPart: (UInt8) -> Bool) -> String {
    var text = ""
    var index = start
    while index < bytes.count, isPart(bytes[index]) {
      text.unicodeScalars.append(Unicode.Scalar(bytes[index]))
      index += 1
    }
    return text
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func startsWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
