import Cost
import Rules

/// A line for each model and each finding that came or went, for logs and `grep`.
struct ConciseChange: ChangeFormat {
  static let name = "concise"

  private let context: ChangeContext
  private var text = ""

  init(_ context: ChangeContext) { self.context = context }

  mutating func add(_ entry: ChangeEntry) {
    guard case .compared(let change) = entry.outcome else { return }
    let words = ChangeWords(change: change, revision: context.revision)
    let path = change.pair.path.printable
    if !context.arguments.isQuiet {
      let conditions = change.shown.map { " (\($0.conditions.joined(separator: ", ")))" } ?? ""
      let from = change.pair.basePath.map { $0 == change.pair.path ? "" : ", from \($0)" } ?? ""
      let headline = change.comparison == nil ? words.fate ?? "" : words.headline
      text += "\(path): \(headline), \(words.figures)\(conditions)\(from.printable)\n"
      if let cause = words.cause { text += "\(path): mostly \(cause.printable)\n" }
      for line in words.phases { text += "\(path): \(line)\n" }
      for note in change.notes { text += "\(path): note: \(note.printable)\n" }
    }
    if let head = change.head {
      let portion = Portion(head.arguments.per, of: head.throughput)
      for finding in change.newFindings {
        let node = finding.nodes.first.map { ":\($0.printable)" } ?? ""
        text += "\(path)\(node): new \(context.paint.level(finding.level)) "
        text += "\(finding.code) \(finding.name): \(finding.briefWorth(portion))\n"
      }
    }
    if !context.arguments.isQuiet {
      for (finding, places) in change.comparison?.findings.gone ?? [] {
        text += "\(path): gone \(finding.code) \(finding.name), \(counted(places, "place"))\n"
      }
    }
    for result in change.budgets where result.verdict != .pass || !context.arguments.isQuiet {
      text += "\(path): \(result.line(context.paint))\n"
    }
  }

  mutating func finish(_: ExitReason, unchanged: [String]) -> [UInt8] {
    if !unchanged.isEmpty, !context.arguments.isQuiet {
      text += "\(counted(unchanged.count, "model")) not changed\n"
    }
    for sentence in context.loosened { text += "note: \(sentence.printable)\n" }
    return Array(text.utf8)
  }
}
