import Graph
import Rules

/// An entry of `ignore`: findings that are known and accepted.
struct ExceptionEntry: Sendable {
  let suppression: Suppression
  /// Patterns of the models meant; nil for all.
  let paths: JSONTree?
  /// The last day on which it holds; nil where it always does.
  let expiry: String?

  /// `origin` says where the entry is written; throws at the place of what is wrong.
  init(_ tree: JSONTree, origin: String) throws(FormatError) {
    guard let reason = tree["reason"]?.value.text, reason.contains(where: { !$0.isWhitespace })
    else { throw FormatError("an entry of 'ignore' needs a 'reason'", at: .byte(tree.place)) }
    var names: [String] = []
    for rule in tree["rules"]?.value.elements ?? [] {
      do throws(UsageError) { names += try ruleNames(rule.text ?? "") } catch {
        throw FormatError(error.message, at: .byte(rule.place))
      }
    }
    guard !names.isEmpty else {
      throw FormatError(
        "an entry of 'ignore' needs 'rules', like [\"NNC501\"]", at: .byte(tree.place))
    }
    suppression = Suppression(
      rules: names, nodes: (tree["nodes"]?.value.texts ?? []).map(Glob.init), reason: reason,
      origin: origin)
    paths = tree["paths"]?.value
    expiry = try Self.expiry(tree)
  }

  private static func expiry(_ tree: JSONTree) throws(FormatError) -> String? {
    guard let member = tree["expires"], let text = member.value.text else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.map { $0.allSatisfy(\.isASCII) ? Int($0) ?? -1 : -1 }
    guard parts.map(\.count) == [4, 2, 2], numbers[0] >= 0, (1...12).contains(numbers[1]),
      (1...31).contains(numbers[2])
    else {
      throw FormatError(
        "'expires' must be a day like \"2027-03-31\"", at: .byte(member.value.place))
    }
    return text
  }

  func isExpired(_ today: String) -> Bool { expiry.map { $0 < today } ?? false }

  var expiryNote: String {
    "\(suppression.origin): this entry of 'ignore' expired on \(expiry ?? ""), and holds no more"
  }
}

extension Model {
  /// The key of a model's metadata whose value is a list of entries as `ignore` has them.
  static let ignoreKey = "nncost.ignore"

  /// The findings that the model's own metadata accepts; throws where they cannot be read.
  func exceptions(of path: String) throws(FormatError) -> [ExceptionEntry] {
    guard let text = metadata.first(where: { $0.key == Self.ignoreKey })?.value else { return [] }
    let owner = "metadata '\(Self.ignoreKey)'"
    do throws(FormatError) {
      let bytes = Array(text.utf8)
      var reader = JSONReader(relaxed: bytes.span)
      let tree = try JSONTree(&reader)
      try reader.end()
      guard case .list(let entries, _) = tree else {
        throw FormatError("expected a list of entries, not \(tree.kind)")
      }
      var exceptions: [ExceptionEntry] = []
      for (number, entry) in entries.enumerated() {
        try Field.check(entry, ConfigurationForm.ignore, in: "an entry")
        exceptions.append(
          try ExceptionEntry(entry, origin: "\(path): \(owner), entry \(number + 1)"))
      }
      return exceptions
    } catch {
      throw FormatError("\(owner): \(error.message)")
    }
  }
}
