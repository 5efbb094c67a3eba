import Cost
import Graph
import Rules

/// Everything a person wants to know about a change, on a terminal.
struct FullChange: ChangeFormat {
  static let name = "full"

  private let context: ChangeContext
  private var text = ""

  init(_ context: ChangeContext) { self.context = context }

  mutating func add(_ entry: ChangeEntry) {
    guard case .compared(let change) = entry.outcome else { return }
    if !text.isEmpty { text += "\n" }
    let words = ChangeWords(change: change, revision: context.revision)
    text += header(change, words)
    if !context.arguments.isQuiet {
      if change.comparison != nil, !change.isSame {
        text += "\n" + rows(words) + layers(change, words) + nodes(change, words)
      }
      for line in words.phases { text += "\(line.prefix(1).uppercased())\(line.dropFirst())\n" }
    }
    text += findings(change, words)
    for result in change.budgets where result.verdict != .pass || !context.arguments.isQuiet {
      text += "B\(result.line(context.paint).dropFirst())\n"
    }
    if !context.arguments.isQuiet {
      for note in change.notes { text += "Note: \(note)\n".printable(keepingLines: true) }
    }
  }

  mutating func finish(_: ExitReason, unchanged: [String]) -> [UInt8] {
    if !unchanged.isEmpty, !context.arguments.isQuiet {
      let base = context.revision.map { " since \($0.name)" } ?? ""
      text += text.isEmpty ? "" : "\n"
      text += "\(counted(unchanged.count, "model")) not changed\(base).\n"
    }
    for sentence in context.loosened { text += "Note: \(sentence.printable)\n" }
    return Array(text.utf8)
  }

  private func header(_ change: ModelChange, _ words: ChangeWords) -> String {
    let conditions = change.shown.map { $0.conditions.joined(separator: " · ") } ?? ""
    let against = words.against.map { "   against \($0)" } ?? ""
    let fate = words.fate.map { "\($0): " } ?? ""
    var line = context.paint.bold(words.title.printable)
    line += "   \(conditions)   (\(context.device.provenance.kind.words))\(against.printable)\n"
    if change.comparison == nil {
      return line + context.paint.bold("\(fate)\(words.figures)") + "\n"
    }
    line += "\(fate)\(painted(change, words.headline))   \(words.figures)\n"
    if let share = change.comparison?.difference.joulesShare, share.isUndecided {
      line += "The table cannot tell whether it takes more or less.\n"
    }
    return line + (words.cause.map { "Mostly \($0.printable)\n" } ?? "")
  }

  /// What takes more in red, what takes less in green.
  private func painted(_ change: ModelChange, _ text: String) -> String {
    guard let joules = change.comparison?.difference.joules else { return text }
    if joules.low > 0 { return context.paint.red(text) }
    if joules.high < 0 { return context.paint.green(text) }
    return context.paint.bold(text)
  }

  private func rows(_ words: ChangeWords) -> String {
    var table = Table([("", .left), ("base", .right), ("head", .right), ("change", .left)])
    for row in words.rows { table.add([row.name, row.before, row.after, row.change]) }
    return table.text
  }

  private func layers(_ change: ModelChange, _ words: ChangeWords) -> String {
    let layers = change.layersToShow
    guard !layers.isEmpty else { return "" }
    let scale = Scale(for: layers.flatMap { [$0.formerJoules, $0.joules] }, unit: words.unit)
    var table = Table([
      (scale.unit, .point), ("base", .point), ("head", .point), ("nodes", .left),
      ("layer class", .left),
    ])
    for layer in layers {
      table.add([
        (layer.increase > 0 ? "+" : "") + scale.text(layer.increase),
        scale.text(layer.formerJoules), scale.text(layer.joules),
        layer.formerNodes == layer.nodes
          ? "\(layer.nodes)" : "\(layer.formerNodes) -> \(layer.nodes)", layer.layer.rawValue,
      ])
    }
    return "\n" + table.text
  }

  private func nodes(_ change: ModelChange, _ words: ChangeWords) -> String {
    let nodes = change.comparison?.nodes ?? []
    let shown = nodes.prefix(
      context.arguments.top ?? (context.arguments.isVerbose ? nodes.count : 10))
    guard !shown.isEmpty else { return "" }
    let scale = Scale(for: shown.map(\.increase), unit: words.unit)
    var table = Table([
      (scale.unit, .point), ("", .left), ("output", .left), ("nodes", .left),
    ])
    for node in shown {
      table.add([node.increaseText(scale), node.kind.rawValue, node.shapes, node.label])
    }
    let more = nodes.count - shown.count
    return "\n" + table.text + (more > 0 ? "  and \(counted(more, "more node")) (-v)\n" : "")
      + "\n"
  }

  private func findings(_ change: ModelChange, _ words: ChangeWords) -> String {
    guard let sum = words.findings, let head = change.head else { return "" }
    let portion = Portion(head.arguments.per, of: head.throughput)
    var text = "\(sum.prefix(1).uppercased())\(sum.dropFirst())\n"
    for finding in change.newFindings {
      text += "  new  \(context.paint.level(finding.level)) \(finding.code) \(finding.name)   "
      text += "\(finding.worth(portion))\n"
      text += "    --> \(finding.landmarks.prefix(3).joined(separator: ", "))".printable
      let more = finding.landmarks.count - 3
      text += more > 0 ? " and \(more) more\n" : finding.landmarks.isEmpty ? "the model\n" : "\n"
      text += "    = fix: \(finding.fix.printable)\n"
    }
    for (finding, places) in change.comparison?.findings.gone ?? [] {
      text += "  gone \(finding.code) \(finding.name), \(counted(places, "place"))\n"
    }
    return text
  }
}

extension ModelChange {
  /// The layer classes whose energy is not what it was.
  var layersToShow: [LayerChange] {
    let largest = comparison?.layers.map(\.increase.magnitude).max() ?? 0
    return (comparison?.layers ?? []).filter {
      $0.increase.magnitude > 1e-3 * largest && largest > 0
    }
  }
}
