import Graph

/// A value of JSON with the place where it stands, so that what is wrong with it can be said to its author.
indirect enum JSONTree: Sendable {
  case null(at: Int)
  case flag(Bool, at: Int)
  case number(Double, at: Int)
  case text(String, at: Int)
  case list([JSONTree], at: Int)
  case object([Member], at: Int)

  /// A member of an object; `place` is where its key stands.
  struct Member: Sendable {
    var key: String
    var place: Int
    var value: JSONTree
  }

  /// Reads the value that comes next; throws where an object has a key twice.
  init(_ reader: inout JSONReader) throws(FormatError) {
    let first = try reader.peek()
    let place = reader.offset
    switch first {
    case UInt8(ascii: "{"):
      var members: [Member] = []
      var keys: Set<String> = []
      try reader.object { (key, place, reader) throws(FormatError) in
        guard keys.insert(key).inserted else {
          throw FormatError("key '\(key)' is given twice", at: .byte(place))
        }
        members.append(Member(key: key, place: place, value: try JSONTree(&reader)))
      }
      self = .object(members, at: place)
    case UInt8(ascii: "["):
      var values: [JSONTree] = []
      try reader.array { (reader) throws(FormatError) in values.append(try JSONTree(&reader)) }
      self = .list(values, at: place)
    case UInt8(ascii: "\""): self = .text(try reader.string(), at: place)
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .flag(try reader.bool(), at: place)
    case UInt8(ascii: "n"):
      guard try reader.null() else { throw FormatError("expected a value", at: .byte(place)) }
      self = .null(at: place)
    default: self = .number(try reader.number(), at: place)
    }
  }

  /// The byte where the value starts.
  var place: Int {
    switch self {
    case .null(let place), .flag(_, let place), .number(_, let place), .text(_, let place),
      .list(_, let place), .object(_, let place):
      place
    }
  }

  /// What the value is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .number: "a number"
    case .text: "text"
    case .list: "a list"
    case .object: "an object"
    }
  }

  /// The members of an object; none of anything else.
  var members: [Member] { if case .object(let members, _) = self { members } else { [] } }

  /// The elements of a list; none of anything else.
  var elements: [JSONTree] { if case .list(let values, _) = self { values } else { [] } }

  /// The member at a path of keys; nil where there is none.
  subscript(path: String...) -> Member? { self[path] }

  subscript(path: [String]) -> Member? {
    guard let key = path.first, let member = members.first(where: { $0.key == key }) else {
      return nil
    }
    return path.count == 1 ? member : member.value[Array(path.dropFirst())]
  }

  /// The text that an option would be given for this value; nil where it is none that an option takes.
  ///
  /// Whole numbers are written without a point.
  var word: String? {
    switch self {
    case .text(let text, _): text
    case .number(let number, _): Int(exactly: number).map(String.init) ?? number.description
    case .flag(let flag, _): flag.description
    case .list(let values, _):
      values.allSatisfy { $0.word != nil } ? values.compactMap(\.word).joined(separator: ",") : nil
    case .null, .object: nil
    }
  }

  var text: String? { if case .text(let text, _) = self { text } else { nil } }
  var number: Double? { if case .number(let number, _) = self { number } else { nil } }
  var flag: Bool? { if case .flag(let flag, _) = self { flag } else { nil } }
  var texts: [String] { elements.compactMap(\.text) }
}
