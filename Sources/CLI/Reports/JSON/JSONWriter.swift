import Cost

/// Writes JSON as bytes, member by member.
///
/// Containers down to a chosen depth put each member on a line of its own, so that a report can be read
/// and compared; deeper ones stay on one line. Numbers are the shortest that read back the same; a number
/// that JSON cannot hold becomes null.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private let brokenDepth: Int
  private var depth: Int
  private var isFirst = true

  /// `brokenDepth` is the number of levels that are broken into lines; 0 for one line in all.
  ///
  /// What is written may be put into another document, `depth` levels deep, with `written`.
  init(brokenDepth: Int, depth: Int = 0) {
    self.brokenDepth = brokenDepth
    self.depth = depth
  }

  /// Puts in a value that was written before.
  mutating func written(_ bytes: [UInt8]) { self.bytes += bytes }

  /// Ends the line after a document.
  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
  }
}

extension JSONWriter {
  mutating func object(_ members: (inout JSONWriter) -> Void) {
    container(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  mutating func array<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
  ) {
    container(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
      for element in elements {
        json.separate()
        write(&json, element)
      }
    }
  }

  private mutating func container(
    _ open: UInt8, _ close: UInt8, _ members: (inout JSONWriter) -> Void
  ) {
    bytes.append(open)
    depth += 1
    isFirst = true
    members(&self)
    depth -= 1
    if !isFirst && depth < brokenDepth { breakLine() }
    isFirst = false
    bytes.append(close)
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    if depth <= brokenDepth {
      breakLine()
    } else if !isFirst {
      bytes.append(UInt8(ascii: " "))
    }
    isFirst = false
  }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func key(_ key: String) {
    separate()
    value(key)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
  }
}

extension JSONWriter {
  mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    key(name)
    object(members)
  }

  mutating func array<Element>(
    _ name: String, _ elements: some Sequence<Element>,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    key(name)
    array(elements, write)
  }

  mutating func member(_ name: String, _ text: String?) {
    key(name)
    if let text { value(text) } else { null() }
  }

  mutating func member(_ name: String, _ number: Int?) {
    key(name)
    if let number { value(number) } else { null() }
  }

  mutating func member(_ name: String, _ number: Double?) {
    key(name)
    if let number { value(number) } else { null() }
  }

  mutating func member(_ name: String, _ flag: Bool) {
    key(name)
    bytes.append(contentsOf: (flag ? "true" : "false").utf8)
  }

  mutating func member(_ name: String, _ interval: Interval?) {
    key(name)
    guard let interval else { return null() }
    object { json in
      json.member("value", interval.value)
      json.member("low", interval.low)
      json.member("high", interval.high)
    }
  }

  mutating func member(_ name: String, _ numbers: [Int]?) {
    key(name)
    if let numbers { array(numbers) { $0.value($1) } } else { null() }
  }

  mutating func member(_ name: String, _ texts: [String]) {
    array(name, texts) { $0.value($1) }
  }
}

extension JSONWriter {
  mutating func null() { bytes.append(contentsOf: "null".utf8) }

  mutating func value(_ number: Int) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    var rest = number.magnitude
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  mutating func value(_ number: Double) {
    guard number.isFinite else { return null() }
    bytes.append(contentsOf: number.description.utf8)
  }

  mutating func value(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    // Nearly all texts go in as they are, so they are looked at once and copied as a whole.
    if Self.isPlain(text.utf8) {
      bytes += text.utf8
    } else {
      for byte in text.utf8 { if Self.isEscaped(byte) { escape(byte) } else { bytes.append(byte) } }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func isPlain(_ text: String.UTF8View) -> Bool {
    for byte in text where isEscaped(byte) { return false }
    return true
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    guard byte < 0x20 else { return bytes.append(byte) }
    let digits = Array("0123456789abcdef".utf8)
    bytes += "u00".utf8
    bytes.append(digits[Int(byte >> 4)])
    bytes.append(digits[Int(byte & 15)])
  }
}
