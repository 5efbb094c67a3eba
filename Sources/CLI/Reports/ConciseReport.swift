import Cost
import Rules

/// A line for each model and each finding, for logs and `grep`.
struct ConciseReport: ReportFormat {
  static let name = "concise"

  private let context: ReportContext
  private var text = ""

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) {
    guard case .costed(let costed) = entry.outcome else { return }
    let estimate = costed.estimate
    let portion = Portion(costed.arguments.per, of: costed.throughput)
    if !(context.isLinting && context.arguments.isQuiet) {
      text += "\(entry.path): \(costed.joulesText(portion)), \(costed.secondsText(portion))"
      text += " (\(costed.conditions.joined(separator: ", ")))\n"
      let coverage = CoverageWords(costed)
      if let gap = coverage.gaps.first {
        let others = coverage.gaps.count - 1
        text += "\(entry.path): coverage \(coverage.share): \(gap)"
        text += others > 0 ? ", and \(others) more (-f full)\n" : "\n"
      }
      if let training = costed.training {
        let words = TrainingWords(training, isPartial: estimate.isPartial(costed.totals))
        text += "\(entry.path): training \(words.line)\n"
      }
      if let lifecycle = costed.lifecycle {
        let words = LifecycleWords(
          lifecycle, withEquivalences: false, isPartial: estimate.isPartial(costed.totals))
        text += "\(entry.path): lifecycle \(words.line)\n"
      }
    }
    for finding in costed.lint?.findings ?? [] {
      let node = finding.nodes.first.map { ":\($0.printable)" } ?? ""
      text += "\(entry.path)\(node): \(context.paint.level(finding.level)) "
      text += "\(finding.code) \(finding.name): \(finding.briefWorth(portion))"
      text += finding.places.count > 1 ? ", in \(finding.places.count) places\n" : "\n"
    }
    if let lint = costed.lint, !lint.suppressed.isEmpty, !context.arguments.isQuiet {
      text += "\(entry.path): \(lint.suppressedWords)\n"
    }
    if let fix = costed.fix, let lint = costed.lint {
      let words = FixWords(fix, lint, estimate, portion)
      text += "\(entry.path): \(words.line)\n"
      for note in words.notes { text += "\(entry.path): \(note)\n" }
    }
    for result in costed.budgets where result.verdict != .pass || !context.arguments.isQuiet {
      text += "\(entry.path): \(result.line(context.paint))\n"
    }
  }

  mutating func finish(_: ExitReason) -> [UInt8] { Array(text.utf8) }
}
