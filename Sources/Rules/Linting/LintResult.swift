package import Cost
package import Graph

/// Everything the rules have to say about a model.
package struct LintResult: Sendable {
  /// What is worth showing, dearest first.
  package var findings: [Finding] = []
  /// What would save too little to be shown.
  package var belowFloor: [Finding] = []
  /// The joules that all exact remedies save, applied together to one execution.
  package var jointExact = Interval(exactly: 0)
  /// The joules that all remedies save, applied together to one execution.
  package var jointAll = Interval(exactly: 0)
  /// How many of `findings`, from the first, save four fifths of what all of them save together; nil where
  /// that takes all of them.
  package var leading: Int?
  /// The rewrites that a file can be written with, those of the dearest findings first.
  package var fixes: [Fix] = []
  /// What is known already, dearest first; it takes no part in joint savings and is not mended.
  package var suppressed: [Suppressed] = []
  /// What the baseline has, and the model has no more.
  package var stale: [Baseline.Entry] = []
  /// Whether the baseline was found with the device and the way of running of now.
  package var isBaselineComparable = true

  /// A finding that is not told of.
  package struct Suppressed: Sendable {
    package var finding: Finding
    package var cause: SuppressionCause
  }

  /// What mends one place of a finding, exactly.
  package struct Fix: Sendable {
    /// The finding and its place, by their numbers.
    package var member: Joint.Member
    package var rewrite: Rewrite
  }
}
