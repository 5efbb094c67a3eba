package import Cost

/// The documentation of a rule, whose examples are also its tests.
///
/// `nncost explain` prints it, and `docs/rules` is generated from it.
package struct Page: Sendable {
  /// `NNC` and three digits, the first of which is the group: `NNC501`.
  package var code: String
  /// Names what is wrong, so that it reads well after "ignore": `oversized-dense-head`.
  package var name: String
  package var group: Group
  /// The level of a finding that is worth no less than the ladder's upper step.
  package var level: Level
  /// What is wrong, in one sentence.
  package var summary: String
  /// Why it costs energy, with numbers.
  package var why: String
  /// What to do about it.
  package var fix: String
  /// Whether the fix keeps the function exactly, and if not, what it takes.
  package var safety: String
  /// Where the numbers come from.
  package var sources: [String]
  /// Graphs in ONNX's textual syntax, with `↓` at the start of each line whose node must be reported.
  package var triggers: [Example]
  /// Graphs that look alike and must not be reported.
  package var passes: [Example]
  /// The keys of a configuration that the rule reads, without which it is silent or assumes something.
  package var options: [Setting] = []
  /// How the examples are run: some waste only shows where each operator is launched on its own.
  package var runtime = Runtime.fused
}

/// A key of a configuration that a rule reads.
package struct Setting: Sendable {
  /// As in the file: `usage.task`.
  package var key: String
  /// What it says, as a clause.
  package var meaning: String
  /// What holds where nobody says it, as a clause.
  package var standard: String

  package init(_ key: String, _ meaning: String, standard: String) {
    self.key = key
    self.meaning = meaning
    self.standard = standard
  }
}

/// A small graph in ONNX's textual syntax, and what its author has said of it.
package struct Example: Sendable, ExpressibleByStringLiteral {
  package var text: String
  package var purpose = Purpose()
  /// The configuration that says what `purpose` holds; nil where there is nothing to say.
  package var configuration: String?

  package init(stringLiteral text: String) { self.text = text }

  package init(_ text: String, for purpose: Purpose, configuration: String) {
    self.text = text
    self.purpose = purpose
    self.configuration = configuration
  }
}
