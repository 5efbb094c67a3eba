internal import Graph

/// The members of one JSON object, each taken by the key it must have.
///
/// Whoever has taken all that it knows calls `finish`, which names what is left over.
struct JSONFields {
  /// A value of a table, with its place.
  indirect enum Value {
    case number(Double)
    case string(String)
    case object(JSONFields)
    case array([Value])
  }

  private struct Field {
    let key: String
    let offset: Int
    let value: Value
  }

  private var fields: [Field] = []
  private var known: [String] = []
  /// Where the object starts.
  private let offset: Int

  init(_ reader: inout JSONReader) throws(FormatError) {
    _ = try reader.peek()
    offset = reader.offset
    var fields: [Field] = []
    try reader.object { (key, place, reader) throws(FormatError) in
      guard !fields.contains(where: { $0.key == key }) else {
        throw FormatError("key '\(key)' is given twice", at: .byte(place))
      }
      fields.append(Field(key: key, offset: place, value: try Self.value(&reader)))
    }
    self.fields = fields
  }

  private static func value(_ reader: inout JSONReader) throws(FormatError) -> Value {
    switch try reader.peek() {
    case UInt8(ascii: "{"): return .object(try JSONFields(&reader))
    case UInt8(ascii: "\""): return .string(try reader.string())
    case UInt8(ascii: "["):
      var values: [Value] = []
      try reader.array { (reader) throws(FormatError) in
        values.append(try Self.value(&reader))
      }
      return .array(values)
    default: return .number(try reader.number())
    }
  }

  /// Whether there is a member of that key, which may then be left out.
  mutating func has(_ key: String) -> Bool {
    known.append(key)
    return fields.contains { $0.key == key }
  }

  /// A failure at `key`, or at the object where there is no such key.
  func failure(_ key: String, _ message: String) -> FormatError {
    FormatError(message, at: .byte(fields.first { $0.key == key }?.offset ?? offset))
  }

  /// Throws where a key is left that nobody asked for.
  func finish() throws(FormatError) {
    guard let field = fields.first(where: { !known.contains($0.key) }) else { return }
    let tip = nearestName(field.key, among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw failure(field.key, "unknown key '\(field.key)'\(tip)")
  }

  private mutating func take(_ key: String) throws(FormatError) -> Value {
    known.append(key)
    if let field = fields.first(where: { $0.key == key }) { return field.value }
    let near = nearestName(key, among: fields.map(\.key).filter { !known.contains($0) })
    throw failure(
      near ?? "", "key '\(key)' is missing" + (near.map { "; is '\($0)' meant?" } ?? ""))
  }

  mutating func number(_ key: String) throws(FormatError) -> Double {
    guard case .number(let number) = try take(key) else {
      throw failure(key, "'\(key)' must be a number")
    }
    return number
  }

  mutating func positive(_ key: String) throws(FormatError) -> Double {
    let number = try number(key)
    guard number > 0 else { throw failure(key, "'\(key)' must be above 0") }
    return number
  }

  mutating func notNegative(_ key: String) throws(FormatError) -> Double {
    let number = try number(key)
    guard number >= 0 else { throw failure(key, "'\(key)' must not be below 0") }
    return number
  }

  /// A share in percent: an error ten times as large as what it is one of says nothing any more, and has no bounds.
  mutating func percent(_ key: String) throws(FormatError) -> Double {
    let number = try notNegative(key)
    guard number <= 1000 else { throw failure(key, "'\(key)' must be between 0 and 1000") }
    return number
  }

  /// A number above 0 and up to 1.
  mutating func share(_ key: String) throws(FormatError) -> Double {
    let number = try notNegative(key)
    guard number <= 1 else { throw failure(key, "'\(key)' must be between 0 and 1") }
    return number
  }

  mutating func count(_ key: String) throws(FormatError) -> Int {
    guard let count = Int(exactly: try notNegative(key)) else {
      throw failure(key, "'\(key)' must be a whole number")
    }
    return count
  }

  mutating func string(_ key: String) throws(FormatError) -> String {
    guard case .string(let text) = try take(key) else {
      throw failure(key, "'\(key)' must be text")
    }
    return text
  }

  mutating func strings(_ key: String) throws(FormatError) -> [String] {
    guard case .array(let values) = try take(key) else {
      throw failure(key, "'\(key)' must be a list")
    }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else { throw failure(key, "'\(key)' must hold texts") }
      texts.append(text)
    }
    return texts
  }

  mutating func fields(_ key: String) throws(FormatError) -> JSONFields {
    guard case .object(let fields) = try take(key) else {
      throw failure(key, "'\(key)' must be an object")
    }
    return fields
  }

  mutating func rows(_ key: String) throws(FormatError) -> [JSONFields] {
    guard case .array(let values) = try take(key) else {
      throw failure(key, "'\(key)' must be a list")
    }
    var rows: [JSONFields] = []
    for value in values {
      guard case .object(let fields) = value else {
        throw failure(key, "'\(key)' must hold objects")
      }
      rows.append(fields)
    }
    return rows
  }

  /// One of the cases of `Choice`, by its raw value.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String)
    throws(FormatError) -> Choice
  {
    let text = try string(key)
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let tip =
      nearestName(text, among: names).map { "did you mean '\($0)'?" }
      ?? "it is one of " + names.joined(separator: ", ")
    throw failure(key, "unknown \(key) '\(text)'; \(tip)")
  }
}
