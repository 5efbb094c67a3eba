/// What the user wants of the rules.
package struct Settings: Sendable, Hashable {
  /// Codes, prefixes of codes or names to run; empty for all.
  package var selected: [String] = []
  /// Codes, prefixes of codes or names to leave out.
  package var ignored: [String] = []
  /// A finding must save at least this many joules of one inference to be shown.
  package var minimumJoules = 10e-6
  /// A finding must save at least this share of the model's energy to be shown.
  package var minimumShare = 0.005

  package init() {}

  /// Whether the rule with `page` is to be run.
  package func runs(_ page: Page) -> Bool {
    func isNamed(by pattern: String) -> Bool {
      page.name == pattern || !pattern.isEmpty && page.code.hasPrefix(pattern)
    }
    return (selected.isEmpty || selected.contains(where: isNamed))
      && !ignored.contains(where: isNamed)
  }
}
