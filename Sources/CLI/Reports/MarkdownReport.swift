import Cost
import Rules

/// A comment on a change: one sentence, a row for each model, and a table of findings for each that has any.
struct MarkdownReport: ReportFormat {
  static let name = "markdown"
  static let holdsErrors = true

  private let context: ReportContext
  private var models = MarkdownTable(["model", "energy", "time", "run on"])
  private var details = ""
  private var count = 0
  private var failed = 0
  private var levels: [Level] = []
  private var brokenBudgets = 0
  /// What the sentence says where there is one model.
  private var single = ""

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) {
    count += 1
    let name = entry.path.codeSpan
    switch entry.outcome {
    case .failed(let error):
      failed += 1
      models.add([name, "not costed", "", ""])
      details += "\n\(name) could not be costed: \(error.text.plain)\n"
    case .costed(let costed):
      let portion = Portion(costed.arguments.per, of: costed.throughput)
      let joules = costed.joulesText(portion)
      models.add([
        name, joules, costed.secondsText(portion), costed.conditions.joined(separator: ", ").plain,
      ])
      single = "\(name) takes \(joules)"
      add(costed, name, portion)
    }
  }

  private mutating func add(_ costed: Costed, _ name: String, _ portion: Portion) {
    var lines: [String] = []
    if let training = costed.training {
      let words = TrainingWords(training, isPartial: costed.estimate.isPartial(costed.totals))
      lines.append("Training: \(words.line)")
    }
    if let lifecycle = costed.lifecycle {
      let words = LifecycleWords(
        lifecycle, withEquivalences: false, isPartial: costed.estimate.isPartial(costed.totals))
      lines.append("Lifecycle: \(words.line)")
    }
    for result in costed.budgets {
      if result.verdict == .fail { brokenBudgets += 1 }
      lines.append(result.line(Paint(isOn: false)))
    }
    let findings = costed.lint?.findings ?? []
    levels += findings.map(\.level)
    guard !lines.isEmpty || !findings.isEmpty else { return }
    details += "\n#### \(name)\n\n"
    for line in lines { details += "* \(line.plain)\n" }
    guard !findings.isEmpty else { return }
    if !lines.isEmpty { details += "\n" }
    var table = MarkdownTable(["finding", "saves", "where", "why", "what to do"])
    for finding in findings {
      let all = finding.landmarks
      let more = all.count > 1 ? " and \(all.count - 1) more" : ""
      table.add([
        "\(finding.level.rawValue) \(finding.code) \(finding.name)".plain,
        finding.briefWorth(portion).dropFirst(prefix: "saves ").plain,
        (all.first.map(\.codeSpan) ?? "the model") + more,
        finding.message.plain, finding.fix.plain,
      ])
    }
    details += table.text
  }

  mutating func finish(_: ExitReason) -> [UInt8] {
    guard count > 0 else { return Array("\(Program.name): there is no model here.\n".utf8) }
    return Array("\(sentence).\n\n\(models.text)\(details)".utf8)
  }

  /// `4 models; 5 warnings, 3 info, 1 budget exceeded, 1 not costed`.
  private var sentence: String {
    var clauses = levels.counts
    if context.isLinting, levels.isEmpty { clauses.append("no findings") }
    if brokenBudgets > 0 { clauses.append("\(counted(brokenBudgets, "budget")) exceeded") }
    if failed > 0 { clauses.append("\(failed) not costed") }
    let subject =
      count == 1 && failed == 0 ? single : "**\(Program.name)**: \(counted(count, "model"))"
    return subject + (clauses.isEmpty ? "" : "; \(clauses.joined(separator: ", "))")
  }
}
