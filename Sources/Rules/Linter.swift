package import Cost
import Graph

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
}

/// Runs rules over a priced model, and prices what each finding would save.
///
/// A saving is always the estimate before minus the estimate after the remedy, never a guess; several
/// remedies are applied together and priced once, since their savings overlap.
package struct Linter: Sendable {
  private let rules: [any Rule.Type]
  private let settings: Settings

  package init(rules: [any Rule.Type] = allRules, settings: Settings = Settings()) {
    self.rules = rules.filter { settings.runs($0.page) }
    self.settings = settings
  }

  package func lint(_ estimate: Estimate) -> LintResult {
    let subject = Subject(estimate)
    var found: [(finding: Finding, remedy: Remedy, order: Int)] = []
    for rule in rules {
      rule.init().check(subject) { report in
        let saving = subject.saving([report.remedy])
        if let finding = finding(rule.page, report, saving, subject) {
          found.append((finding, report.remedy, report.nodes.first ?? 0))
        }
      }
    }
    found.sort {
      ($1.finding.saving.value, $0.order, $0.finding.code)
        < ($0.finding.saving.value, $1.order, $1.finding.code)
    }
    var result = LintResult()
    var shown: [(finding: Finding, remedy: Remedy, order: Int)] = []
    for entry in found {
      if isMaterial(entry.finding, subject) {
        shown.append(entry)
      } else {
        result.belowFloor.append(entry.finding)
      }
    }
    result.findings = shown.map(\.finding)
    result.jointExact = subject.saving(shown.filter(\.finding.isExact).map(\.remedy))
    result.jointAll = subject.saving(shown.map(\.remedy))
    return result
  }

  /// The finding that a report becomes, or nil where its rule says nothing about so small a saving.
  private func finding(
    _ page: Page, _ report: Report, _ saving: Interval, _ subject: Subject
  ) -> Finding? {
    guard saving.value >= 0, subject.totalJoules > 0 else { return nil }
    let share = saving.value / subject.estimate.joules.value
    guard let level = Ladder.level(share, report, page) else { return nil }
    return Finding(
      code: page.code, name: page.name, level: level,
      nodes: report.nodes.map { subject.label($0) },
      line: report.nodes.first.flatMap { subject.steps[$0].node.line },
      message: report.message, fix: report.fix, saving: saving, share: share,
      isExact: report.isExact, fingerprint: subject.fingerprint(page.code, report.nodes))
  }

  /// Whether a saving passes both floors.
  private func isMaterial(_ finding: Finding, _ subject: Subject) -> Bool {
    let perInference = finding.saving.value / Double(subject.estimate.analysis.binding.batch)
    return perInference >= settings.minimumJoules && finding.share >= settings.minimumShare
  }
}

/// How loud a finding is, by the share of energy that it would save.
package enum Ladder {
  /// An exact remedy that saves this share is worth a warning; less is worth a note.
  package static let exactWarning = 0.01
  /// A remedy that changes the function must save this share to be worth a warning.
  package static let tradeOffWarning = 0.2
  /// A remedy that changes the function must save this share to be worth a note.
  package static let tradeOffInfo = 0.05

  /// The level of a finding, or nil where it is not worth saying.
  static func level(_ share: Double, _ report: Report, _ page: Page) -> Level? {
    if report.isExact {
      return min(share >= exactWarning ? page.level : .info, report.cap)
    }
    guard share >= tradeOffInfo || report.isNote else { return nil }
    return min(share >= tradeOffWarning ? page.level : .info, report.cap)
  }
}
