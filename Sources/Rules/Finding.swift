package import Cost
package import Graph

/// What a rule reports: the places, the words, and the change that would mend it.
package struct Report: Sendable {
  /// The nodes concerned, by their numbers in the model's body; the first is where the finding is shown.
  package var nodes: [Node.ID]
  /// One clause in lower case without a full stop.
  package var message: String
  /// What to do, as one clause.
  package var fix: String
  /// The graph as it would be.
  package var remedy: Remedy
  /// Whether the remedy keeps the function exactly.
  package var isExact: Bool
  /// No finding of this kind may be louder than this.
  package var cap: Level
  /// Whether to note it even where the energy alone would not be worth a word.
  package var isNote: Bool

  package init(
    nodes: [Node.ID], message: String, fix: String, remedy: Remedy, isExact: Bool,
    cap: Level = .error, isNote: Bool = false
  ) {
    self.nodes = nodes
    self.message = message
    self.fix = fix
    self.remedy = remedy
    self.isExact = isExact
    self.cap = cap
    self.isNote = isNote
  }
}

/// What would be run instead, so that a saving is always an estimate before minus one after.
package enum Remedy: Sendable {
  case rewrite(Rewrite)
  case scenario(Scenario)
}

/// Something found, with what mending it would save.
package struct Finding: Sendable {
  package var code: String
  package var name: String
  package var level: Level
  /// The names of the nodes concerned, most telling first.
  package var nodes: [String]
  /// The line of the first node in a text file.
  package var line: Int?
  package var message: String
  package var fix: String
  /// Joules of one execution of the whole batch.
  package var saving: Interval
  /// The saving as a share of the model's energy, from 0 to 1.
  package var share: Double
  package var isExact: Bool
  /// Tells this finding from others across runs and renamed folders: 16 hexadecimal digits.
  package var fingerprint: String
}
