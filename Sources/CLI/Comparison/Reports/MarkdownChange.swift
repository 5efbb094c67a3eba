import Cost
import Graph
import Rules

/// A comment for a pull request: one sentence, a table of models, and what to open for more.
struct MarkdownChange: ChangeFormat {
  static let name = "markdown"
  static let holdsErrors = true

  private let context: ChangeContext
  private var rows: [Row] = []
  private var details = ""
  private var budgets = ""
  private var errors = ""
  private var conditions: [String] = []

  /// A model in the table.
  private struct Row {
    var path: String
    var cells: [String]
    /// The change as a share; nil where there is nothing to compare.
    var share: Interval?
    var sentence: String
  }

  init(_ context: ChangeContext) { self.context = context }

  mutating func add(_ entry: ChangeEntry) {
    switch entry.outcome {
    case .failed(let error):
      errors += "* \(entry.pair.path.codeSpan): \(error.text.plain)\n"
    case .compared(let change): add(change)
    }
  }

  private mutating func add(_ change: ModelChange) {
    let words = ChangeWords(change: change, revision: context.revision)
    let sides = words.rows
    let figures = words.figures.replacing("->", with: "→")
    rows.append(
      Row(
        path: change.pair.path,
        cells: [
          words.title.replacing("->", with: "→").codeSpan, figures,
          words.headline.replacing("no change", with: "none"),
          sides.count > 1 ? "\(sides[1].before) → \(sides[1].after)" : "",
          words.findings ?? "",
        ], share: change.comparison?.difference.joulesShare,
        sentence: sentence(change, words)))
    if let shown = change.shown {
      let line = shown.conditions.joined(separator: " · ")
      if !conditions.contains(line) { conditions.append(line) }
    }
    for result in change.budgets where result.verdict != .pass {
      budgets += "* \(change.pair.path.codeSpan): \(result.line(Paint(isOn: false)).plain)\n"
    }
    details += detail(change, words)
  }

  mutating func finish(_: ExitReason, unchanged: [String]) -> [UInt8] {
    var text = "\(summary)\n"
    if !rows.isEmpty {
      var table = MarkdownTable(["model", "energy", "change", "time", "findings"])
      for row in rows { table.add(row.cells) }
      text += "\n\(table.text)"
    }
    if !budgets.isEmpty { text += "\nBudgets that are not kept:\n\n\(budgets)" }
    for sentence in context.loosened { text += "\nNote: \(sentence.plain)\n" }
    if !errors.isEmpty { text += "\nNot compared:\n\n\(errors)" }
    text += details
    var footer = conditions
    footer.append("\(context.device.title), \(context.device.provenance.kind.words)")
    if !unchanged.isEmpty { footer.append("\(counted(unchanged.count, "model")) not changed") }
    footer.append("\(Program.name) \(Program.version); brackets hold nine in ten")
    text += "\n<sub>\(footer.joined(separator: "; ").plain)</sub>\n"
    return Array(text.utf8)
  }

  /// The first line, which says what a reader in a hurry should know.
  private var summary: String {
    let since = context.revision.map { " than at \($0.name.codeSpan)" } ?? " than before"
    let compared = rows.filter { $0.share != nil }
    guard let worst = compared.max(by: { ($0.share?.value ?? 0) < ($1.share?.value ?? 0) }) else {
      return rows.isEmpty
        ? (errors.isEmpty ? "No model has changed." : "No model could be compared.")
        : rows.count == 1 ? rows[0].sentence : "\(rows.count) models came or went; none changed."
    }
    guard rows.count > 1 else { return worst.sentence }
    let more = compared.count { ($0.share?.value ?? 0) > 0 }
    let less = compared.count { ($0.share?.value ?? 0) < 0 }
    if more + less == 0 {
      return "Of \(counted(rows.count, "changed model")), none takes more or less energy\(since)."
    }
    let most = more > 0 ? worst : compared.min { ($0.share?.value ?? 0) < ($1.share?.value ?? 0) }
    return
      "Of \(counted(rows.count, "changed model")), \(more) \(more == 1 ? "takes" : "take") more energy per inference\(since)"
      + " and \(less) \(less == 1 ? "takes" : "take") less; the largest change is"
      + " \(Number.change(most?.share?.value ?? 0)) in \((most?.path ?? "").codeSpan)."
  }

  private func sentence(_ change: ModelChange, _ words: ChangeWords) -> String {
    let path = change.pair.path.codeSpan
    let since = context.revision.map { "at \($0.name.codeSpan)" } ?? "before"
    let figures = words.figures.replacing("->", with: "→")
    guard let comparison = change.comparison else {
      return change.head == nil
        ? "\(path) is gone; it took \(figures)." : "\(path) is new and takes \(figures)."
    }
    guard let share = comparison.difference.joulesShare, share.value != 0 else {
      return "\(path) takes as much energy as \(since): \(figures)."
    }
    let per =
      comparison.portions.head.per == .inference
      ? "inference" : comparison.portions.head.per.rawValue
    let amount = comparison.difference.joules.signedText(words.unit)
    let doubt = share.isUndecided ? ", which is less than the table can tell" : ""
    return
      "\(path) takes \(Number.percent(share.value.magnitude)) \(share.value > 0 ? "more" : "less") energy per \(per)"
      + " than \(since): \(figures) (\(amount))\(doubt)."
  }

  /// Where the energy of one model went, to be opened.
  private func detail(_ change: ModelChange, _ words: ChangeWords) -> String {
    guard change.comparison != nil, !change.isSame else { return notes(change) }
    var text =
      "\n<details><summary><code>\(change.pair.path.markup)</code>: where it comes from</summary>\n\n"
    var rows = MarkdownTable(["", "base", "head", "change"])
    for row in words.rows { rows.add([row.name, row.before, row.after, row.change]) }
    text += rows.text
    let layers = change.layersToShow
    if !layers.isEmpty {
      let scale = Scale(for: layers.map(\.increase), unit: words.unit)
      var table = MarkdownTable([scale.unit, "layer class", "nodes"])
      for layer in layers {
        table.add([
          (layer.increase > 0 ? "+" : "") + scale.text(layer.increase), layer.layer.rawValue,
          layer.formerNodes == layer.nodes
            ? "\(layer.nodes)" : "\(layer.formerNodes) → \(layer.nodes)",
        ])
      }
      text += "\n\(table.text)"
    }
    let nodes = (change.comparison?.nodes ?? []).prefix(context.arguments.top ?? 10)
    if !nodes.isEmpty {
      let scale = Scale(for: nodes.map(\.increase), unit: words.unit)
      var table = MarkdownTable([scale.unit, "", "node", "output"])
      for node in nodes {
        table.add([
          node.increaseText(scale), node.kind.rawValue, node.label.codeSpan,
          node.shapes.replacing("->", with: "→"),
        ])
      }
      text += "\n\(table.text)"
    }
    for line in words.phases { text += "\n\(line.replacing("->", with: "→").plain)\n" }
    text += findings(change)
    return text + notes(change) + "\n</details>\n"
  }

  private func findings(_ change: ModelChange) -> String {
    guard let findings = change.comparison?.findings, !findings.isNothing, let head = change.head
    else { return "" }
    let portion = Portion(head.arguments.per, of: head.throughput)
    var text = "\n"
    for finding in findings.new {
      let place = finding.landmarks.first.map { " at \($0.codeSpan)" } ?? ""
      text += "* new \(finding.level.rawValue) \(finding.code) \(finding.name)\(place): "
      text += "\(finding.briefWorth(portion).plain); \(finding.fix.plain)\n"
    }
    for (finding, places) in findings.gone {
      text += "* gone: \(finding.code) \(finding.name), \(counted(places, "place"))\n"
    }
    return text
  }

  private func notes(_ change: ModelChange) -> String {
    change.notes.isEmpty
      ? "" : "\n" + change.notes.map { "Note: \($0.plain)\n" }.joined(separator: "\n")
  }
}
