import Cost
import Rules

/// One thing that reports for other programs tell of: a finding, a budget that is not kept, an input that could not
/// be costed.
struct Notice: Sendable {
  /// The code of a rule, or what else it is about.
  var rule: String
  /// What people call it.
  var title: String
  var level: Level
  var message: String
  /// The file that it is shown in, and the line; nil where the file has none.
  var path: String
  var line: Int?
  /// Tells it from others of the same model across runs.
  var fingerprint: String
  /// The share of the model's energy, from 0 to 1; nil for what has none.
  var share: Double?
  /// Why it is accepted; nil where it is not.
  var suppression: SuppressionCause?

  static let budgetRule = "budget"
  static let inputRule = "input"

  /// What it is about and what of it, where there is room for one text.
  var description: String { rule == Self.budgetRule ? message : "\(title): \(message)" }
}

extension Entry {
  /// What a model has to be told of: an error in place of it, or budgets first and then findings, dearest first.
  ///
  /// What `--fix` mends is left out; findings that are accepted come last.
  var notices: [Notice] {
    switch outcome {
    case .failed(let error):
      [
        Notice(
          rule: Notice.inputRule, title: "not costed", level: .error,
          message: error.text,
          path: path, fingerprint: "\(Notice.inputRule) \(error.code)")
      ]
    case .costed(let costed):
      costed.budgets.compactMap { notice($0) } + findings(costed)
    }
  }

  private func notice(_ result: BudgetResult) -> Notice? {
    guard result.verdict != .pass else { return nil }
    return Notice(
      rule: Notice.budgetRule, title: Notice.budgetRule,
      level: result.verdict == .fail ? .error : .warning,
      message: result.line(Paint(isOn: false)), path: path,
      fingerprint: "\(Notice.budgetRule) \(result.budget.name)")
  }

  private func findings(_ costed: Costed) -> [Notice] {
    guard let lint = costed.lint else { return [] }
    let portion = Portion(costed.arguments.per, of: costed.throughput)
    let remaining = lint.findings.indices.filter { costed.fix?.mends($0, of: lint) != true }
    return remaining.map { notice(lint.findings[$0], portion) }
      + lint.suppressed.map { known in
        var notice = notice(known.finding, portion)
        notice.suppression = known.cause
        return notice
      }
  }

  private func notice(_ finding: Finding, _ portion: Portion) -> Notice {
    let place = finding.location(in: path)
    let node = finding.nodes.first.map { "\($0): " } ?? ""
    let places = finding.places.count > 1 ? ", in \(finding.places.count) places" : ""
    return Notice(
      rule: finding.code, title: "\(finding.code) \(finding.name)", level: finding.level,
      message: "\(node)\(finding.briefWorth(portion))\(places): \(finding.message); \(finding.fix)",
      path: place.path, line: place.line, fingerprint: finding.fingerprint,
      share: finding.benefit?.share ?? finding.share)
  }
}
