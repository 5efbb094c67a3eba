/// What the user wants of the rules.
package struct Settings: Sendable, Hashable {
  /// Codes, prefixes of codes or names to run; empty for all.
  package var selected: [String] = []
  /// Codes, prefixes of codes or names to leave out.
  package var ignored: [String] = []
  /// How loud the findings of rules are, whatever they save; those that say most of a rule's name hold.
  package var severities: [Severity] = []
  /// A finding must save at least this many joules of one inference to be shown.
  package var minimumJoules = 10e-6
  /// A finding must save at least this share of the model's energy to be shown.
  package var minimumShare = 0.005
  /// The findings that are known and accepted.
  package var suppressions: [Suppression] = []
  /// The findings that were there before; nil where nobody keeps a record.
  package var baseline: Baseline?

  /// How loud some rules are.
  package struct Severity: Sendable, Hashable {
    /// A code, the start of one, or a name.
    package var pattern: String
    /// Nil for rules that are not to be run.
    package var level: Level?

    package init(pattern: String, level: Level?) {
      self.pattern = pattern
      self.level = level
    }
  }

  package init() {}

  /// Whether the rule with `page` is to be run.
  package func runs(_ page: Page) -> Bool {
    (selected.isEmpty || selected.contains(where: page.isNamed))
      && !ignored.contains(where: page.isNamed)
      && severity(of: page).map { $0.level != nil } ?? true
  }

  /// The level that the user has set for the findings of a rule; nil where there is none.
  func level(of page: Page) -> Level? { severity(of: page)?.level }

  private func severity(of page: Page) -> Severity? {
    let named = severities.filter { page.isNamed(by: $0.pattern) }
    let longest = named.map { page.precision(of: $0.pattern) }.max()
    return named.last { page.precision(of: $0.pattern) == longest }
  }
}

extension Page {
  /// Whether `pattern` is the name, the code or its start.
  package func isNamed(by pattern: String) -> Bool {
    name == pattern || !pattern.isEmpty && code.hasPrefix(pattern)
  }

  /// How much of the code a pattern says.
  fileprivate func precision(of pattern: String) -> Int {
    name == pattern ? code.count : pattern.count
  }
}
