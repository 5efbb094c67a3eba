import Cost
import Graph
import Rules

/// Everything a person wants to know, on a terminal.
struct FullReport: ReportFormat {
  static let name = "full"

  private let context: ReportContext
  private var text = ""

  init(_ context: ReportContext) { self.context = context }

  mutating func add(_ entry: Entry) {
    guard case .costed(let costed) = entry.outcome else { return }
    if !text.isEmpty { text += "\n" }
    text += header(entry.path, costed)
    if let lint = costed.lint {
      text += findings(lint, costed)
      if let fix = costed.fix {
        let words = FixWords(fix, lint, costed.estimate, portion(costed))
        text += "Fix: \(words.line)\n" + words.notes.map { "  \($0)\n" }.joined()
      }
    } else if !context.arguments.isQuiet {
      text += CostTables(costed, per: portion(costed), top: context.arguments.top).text
    }
    if let training = costed.training {
      let isPartial = costed.estimate.isPartial(costed.totals)
      text +=
        TrainingWords(
          training, isPartial: isPartial, assumptions: costed.arguments.training.assumptions
        ).text
    }
    text += carbon(costed)
    for result in costed.budgets where result.verdict != .pass || !context.arguments.isQuiet {
      text += "B\(result.line(context.paint).dropFirst())\n"
    }
    if !context.arguments.isQuiet { text += footer(entry.path, costed) }
  }

  mutating func finish(_: ExitReason) -> [UInt8] { Array(text.utf8) }

  private func portion(_ costed: Costed) -> Portion {
    Portion(costed.arguments.per, of: costed.throughput)
  }

  /// The model, how it is run, and what that takes.
  private func header(_ path: String, _ costed: Costed) -> String {
    let estimate = costed.estimate
    let conditions = costed.conditions.joined(separator: " · ")
    let portion = portion(costed)
    return context.paint.bold(path)
      + "   \(conditions)   (\(estimate.device.provenance.kind.words))   "
      + context.paint.bold(costed.joulesText(portion)) + "   \(costed.secondsText(portion))\n"
      + (portion.note.map { "Per \(portion.per.rawValue): \($0)\n" } ?? "")
      + (costed.configuration.map { "Settings: \($0.printable)\n" } ?? "")
  }

  /// The lifecycle where it is asked for, or the greenhouse gas of an inference where a grid is given.
  private func carbon(_ costed: Costed) -> String {
    let isPartial = costed.estimate.isPartial(costed.totals)
    let request = costed.arguments.lifecycle
    if let lifecycle = costed.lifecycle {
      return LifecycleWords(
        lifecycle, withEquivalences: request.withEquivalences, isPartial: isPartial
      ).text
    }
    guard request.tellsCarbon, !context.arguments.isQuiet else { return "" }
    let carbon = request.carbon
    let grams = Number.mass(carbon.grams(costed.estimate.joulesPerInference).value)
    return "Carbon: \(isPartial ? "at least " : "")\(grams) CO2e/inf, "
      + "PUE \(Number.text(carbon.pue))\(carbon.assumesPUE ? " (assumed)" : ""), \(carbon.gridWords)\n"
  }

  private func findings(_ lint: LintResult, _ costed: Costed) -> String {
    let shown = lint.findings.prefix(context.arguments.top ?? .max)
    var text = ""
    for finding in shown { text += "\n" + block(finding, costed) }
    text += "\n"
    if shown.count < lint.findings.count {
      text += "\(counted(lint.findings.count - shown.count, "more finding")) not shown (--top).\n"
    }
    return context.arguments.isQuiet ? text : text + summary(lint, costed)
  }

  private func block(_ finding: Finding, _ costed: Costed) -> String {
    let portion = portion(costed)
    var text = "\(context.paint.level(finding.level)) \(context.paint.bold(finding.code)) "
    text += "\(finding.name)   \(finding.worth(portion))\n"
    let all = finding.nodes.isEmpty ? ["the model"] : finding.landmarks
    let nodes = context.arguments.isVerbose ? all[...] : all.prefix(3)
    text += "  --> \(nodes.joined(separator: ", ").printable)"
    if nodes.count < all.count { text += " and \(all.count - nodes.count) more" }
    text += sources(of: finding)
    text += "\n  = why: \(finding.message.printable)\n  = fix: \(finding.fix.printable)"
    text +=
      finding.isExact
      ? " (keeps the function exactly)\n"
      : finding.isFixable ? " (--fix writes it, and changes outputs)\n" : "\n"
    text += "  = more: \(Program.name) explain \(finding.code)\n"
    return text
  }

  /// The modules and lines of Python of the first places, where the file tells more than the nodes' names do.
  private func sources(of finding: Finding) -> String {
    var lines: [String] = []
    for place in finding.places {
      guard let source = place.source else { continue }
      let line = "\(source.shortFile):\(source.line)" + (place.module.map { " (\($0))" } ?? "")
      if !lines.contains(line) { lines.append(line) }
    }
    let shown = context.arguments.isVerbose ? lines[...] : lines.prefix(3)
    guard !shown.isEmpty else { return "" }
    let more = shown.count < lines.count ? " and \(lines.count - shown.count) more" : ""
    return "\n  = in: \(shown.joined(separator: ", ").printable)\(more)"
  }

  /// How many findings there are, and what all of them together are worth.
  private func summary(_ lint: LintResult, _ costed: Costed) -> String {
    let counts = lint.findings.map(\.level).counts
    var text = counts.isEmpty ? "No findings." : counts.joined(separator: ", ") + "."
    if !lint.suppressed.isEmpty { text += "  \(lint.suppressedWords)." }
    if !lint.belowFloor.isEmpty {
      var names: [String] = []
      for finding in lint.belowFloor where !names.contains(finding.name) {
        names.append(finding.name)
      }
      text +=
        "  \(counted(lint.belowFloor.count, "finding")) below the floor of --min-saving: "
        + "\(names.joined(separator: ", "))."
    }
    if !lint.findings.isEmpty {
      if lint.findings.contains(where: \.isExact) {
        text += "  All exact fixes together: \(saved(lint.jointExact, costed))."
      }
      text += "  All suggestions, re-costed together: \(saved(lint.jointAll, costed))"
      if let leading = lint.leading {
        text += ", four fifths of it by the first \(leading == 1 ? "one" : "\(leading)")"
      }
      text += "."
    }
    return text + "\n"
  }

  /// `0.19 J/inf (31 %)`.
  private func saved(_ saving: Interval, _ costed: Costed) -> String {
    let portion = portion(costed)
    let joules = costed.estimate.joules.value
    let share = joules > 0 ? saving.value / joules : 0
    let text = Number.text(saving.value / portion.count, unit: "J/\(portion.symbol)")
    return "\(text) (\(Number.percent(share)))"
  }

  /// How far the figures can be trusted, and what to do next.
  private func footer(_ path: String, _ costed: Costed) -> String {
    var text = Footer(costed, isVerbose: context.arguments.isVerbose).text
    if !context.isLinting { text += "Next: \(Program.name) lint \(path)\n" }
    return text
  }
}
