/// Findings that somebody knows and accepts, with the reason.
package struct Suppression: Hashable, Sendable {
  /// Codes, starts of codes or names; empty for every rule.
  package var rules: [String]
  /// Patterns of the names of nodes or of their modules; empty for all.
  package var nodes: [Glob]
  package var reason: String
  /// Where it is written, which tells it from others: `nncost.json:12:5`.
  package var origin: String

  package init(rules: [String] = [], nodes: [Glob] = [], reason: String, origin: String) {
    self.rules = rules
    self.nodes = nodes
    self.reason = reason
    self.origin = origin
  }

  /// Whether a finding of the rule with `page` at `place` is meant; its first node is where it is.
  func covers(_ page: Page, _ place: Place) -> Bool {
    guard rules.isEmpty || rules.contains(where: page.isNamed) else { return false }
    guard !nodes.isEmpty else { return true }
    let names = [place.nodes.first, place.module].compactMap { $0 }
    return nodes.contains { glob in names.contains(where: glob.matches) }
  }
}

/// Why a finding is not told of.
package enum SuppressionCause: Hashable, Sendable {
  /// Somebody accepts it.
  case ignored(Suppression)
  /// It was there before.
  case baseline
}
