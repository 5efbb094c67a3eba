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
  /// The model with the remedy, where the rule has priced it already.
  package var after: Estimate?
  /// Whether the remedy keeps the function exactly.
  package var isExact: Bool
  /// Whether the remedy gives the function that was meant, though the file says another: a file may be written with it.
  package var isMeant: Bool
  /// No finding of this kind may be louder than this.
  package var cap: Level
  /// No finding of this kind may be quieter than this.
  package var floor: Level
  /// Whether to note it even where the energy alone would not be worth a word.
  package var isNote: Bool
  /// What reports of one finding have in common: the message, unless a rule says otherwise.
  ///
  /// Reports of a rule that are alike in it are told as one finding with as many places.
  package var pattern: String

  package init(
    nodes: [Node.ID], message: String, fix: String, remedy: Remedy,
    after: Estimate? = nil, isExact: Bool, isMeant: Bool = false, cap: Level = .error,
    floor: Level = .info, isNote: Bool = false,
    pattern: String? = nil
  ) {
    self.nodes = nodes
    self.message = message
    self.fix = fix
    self.remedy = remedy
    self.after = after
    self.isExact = isExact
    self.isMeant = isMeant
    self.cap = cap
    self.floor = floor
    self.isNote = isNote
    self.pattern = pattern ?? message
  }
}

/// What would be run instead, so that a saving is always an estimate before minus one after.
package enum Remedy: Sendable {
  case rewrite(Rewrite)
  case scenario(Scenario)
  /// Other extents of the inputs: another batch, another resolution.
  case binding(Binding.Request)
  /// Nothing that another estimate of an inference would show, but something that the lifecycle does.
  case advice(Benefit)
}

/// Something found, with what mending it would save.
package struct Finding: Sendable {
  package var code: String
  package var name: String
  package var level: Level
  /// Where it is: one place, or every place of the same pattern in order of execution.
  package var places: [Place]
  package var message: String
  package var fix: String
  /// Joules of one execution of the whole batch.
  package var saving: Interval
  /// The saving as a share of the model's energy, from 0 to 1.
  package var share: Double
  package var isExact: Bool
  /// Whether the remedy is a rewrite that a file can be written with.
  package var isFixable: Bool
  /// What it is worth over the whole lifecycle, where it changes no inference; nil for everything else.
  package var benefit: Benefit?
  /// Tells this finding from others across runs and renamed folders: 16 hexadecimal digits.
  package var fingerprint: String
  /// The code of a finding before this one whose remedy is the same, so that both save the same joules.
  package var sameSavingAs: String?

  /// The names of all nodes concerned, place by place.
  package var nodes: [String] { places.flatMap(\.nodes) }

  /// The names that stand for the finding: the nodes of its only place, or the first node of each.
  package var landmarks: [String] {
    places.count == 1 ? places[0].nodes : places.compactMap(\.nodes.first)
  }
}

/// Where in a model something was found.
package struct Place: Hashable, Sendable {
  /// The names of the nodes concerned, most telling first.
  package var nodes: [String]
  /// The line of the first node in a text file.
  package var line: Int?
  /// The module that the first node was exported from.
  package var module: String?
  /// The line of Python that it was exported from.
  package var source: SourceLine?
  /// Of the rule and the structure here, neither of names nor of numbers: equal places have the same.
  package var fingerprint = ""
}
