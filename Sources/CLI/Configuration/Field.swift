import Graph

/// One key of a configuration file: what it takes, what it means, and the option that asks the same.
///
/// The tables of fields are all that reading, messages, `config schema` and the documentation know of the form.
struct Field: Sendable {
  let name: String
  let kind: Kind
  let meaning: String
  /// The option of the command line whose reader also reads this key.
  let option: String?
  /// Whether a variable of the environment may give it: `NNCOST_` and the option's name.
  let hasVariable: Bool

  indirect enum Kind: Sendable {
    case text, number, count, flag
    /// One of some words.
    case choice([String])
    /// A number, or text with a unit.
    case amount
    /// A list of texts.
    case texts
    /// Extents: `[1, 3, 224, 224]` or `"1x3x224x224"`.
    case extents
    case object([Field])
    /// Text, or an object that says the same in parts.
    case textOrObject([Field])
    /// A list of objects.
    case list([Field])
    /// Any keys, with values of one kind.
    case map(Kind)
  }

  init(
    _ name: String, _ kind: Kind, _ meaning: String, option: String? = nil,
    hasVariable: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
    self.option = option
    self.hasVariable = hasVariable
  }

  /// The variable of the environment that gives the same; nil where there is none.
  var variable: String? {
    guard hasVariable, let option else { return nil }
    let name = option.drop { $0 == "-" }.map { $0 == "-" ? "_" : String($0).uppercased() }
    return "NNCOST_" + name.joined()
  }
}

extension Field {
  /// Throws where `tree` is not of the form that `fields` say, at the key or value that is wrong.
  static func check(_ tree: JSONTree, _ fields: [Field], in owner: String) throws(FormatError) {
    guard case .object(let members, _) = tree else {
      throw FormatError("\(owner) must be an object, not \(tree.kind)", at: .byte(tree.place))
    }
    for member in members {
      guard let field = fields.first(where: { $0.name == member.key }) else {
        let names = fields.map(\.name)
        let tip =
          nearestName(member.key, among: names).map { "; did you mean '\($0)'?" }
          ?? "; \(owner) has \(names.joined(separator: ", "))"
        throw FormatError("unknown key '\(member.key)'\(tip)", at: .byte(member.place))
      }
      try field.kind.check(member.value, "'\(member.key)'")
    }
  }
}

extension Field.Kind {
  /// What a value of this kind is, for messages.
  var words: String {
    switch self {
    case .text: "text"
    case .number: "a number"
    case .count: "a whole number above 0"
    case .flag: "true or false"
    case .choice(let words): "one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))"
    case .amount: "a number, or text with a unit"
    case .texts: "a list of texts"
    case .extents: "a list of extents like [1, 3, 224, 224], or \"1x3x224x224\""
    case .object, .map: "an object"
    case .textOrObject: "text, or an object"
    case .list: "a list of objects"
    }
  }

  fileprivate func check(_ value: JSONTree, _ owner: String) throws(FormatError) {
    switch (self, value) {
    case (.text, .text), (.amount, .text), (.extents, .text), (.number, .number),
      (.amount, .number), (.flag, .flag), (.textOrObject, .text):
      return
    case (.count, .number(let number, _)):
      if number >= 1, Int(exactly: number) != nil { return }
    case (.choice(let words), .text(let word, let place)):
      if words.contains(word) { return }
      let tip = nearestName(word, among: words).map { "; did you mean '\($0)'?" } ?? ""
      throw FormatError("\(owner) must be \(self.words), not '\(word)'\(tip)", at: .byte(place))
    case (.texts, .list(let values, _)):
      guard let other = values.first(where: { $0.text == nil }) else { return }
      throw FormatError("\(owner) must be \(words), not of \(other.kind)", at: .byte(other.place))
    case (.extents, .list(let values, _)):
      let isExtent = { (value: JSONTree) in value.number.map { Int(exactly: $0) ?? -1 } ?? -1 >= 0 }
      if values.allSatisfy(isExtent) { return }
    case (.object(let fields), .object), (.textOrObject(let fields), .object):
      return try Field.check(value, fields, in: owner)
    case (.list(let fields), .list(let values, _)):
      for value in values { try Field.check(value, fields, in: "an entry of \(owner)") }
      return
    case (.map(let kind), .object(let members, _)):
      for member in members { try kind.check(member.value, "'\(member.key)' of \(owner)") }
      return
    default: break
    }
    let found: String
    switch value {
    case .text, .number: found = "\(value.kind) (\(value.word ?? ""))"
    case .null, .flag, .list, .object: found = value.kind
    }
    throw FormatError("\(owner) must be \(words), not \(found)", at: .byte(value.place))
  }
}
