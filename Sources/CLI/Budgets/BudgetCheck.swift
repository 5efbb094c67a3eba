import Rules

/// What became of budgets in a run over several models.
struct BudgetCheck {
  private var text = ""
  private var models: [(path: String, results: [BudgetResult])] = []
  private(set) var reason = ExitReason.clean
  private let paint: Paint
  private let isQuiet: Bool

  init(_ paint: Paint, isQuiet: Bool) {
    self.paint = paint
    self.isQuiet = isQuiet
  }

  mutating func add(_ costed: Costed, at path: String) {
    reason = max(reason, costed.reason)
    models.append((path, costed.budgets))
    for result in costed.budgets where result.verdict != .pass || !isQuiet {
      text += "\(path.printable): \(result.line(paint))\n"
    }
  }

  /// A line for each budget of each model, and how many came to what.
  var report: String { isQuiet ? text : text + summary }

  /// `2 budgets pass, 1 fails; 3 models have no budget`.
  private var summary: String {
    let results = models.flatMap(\.results)
    guard !results.isEmpty else {
      return
        "no budgets for \(counted(models.count, "model")); '\(Program.name) budget suggest' makes some\n"
    }
    let verdicts: [(Budget.Verdict, String, String)] = [
      (.pass, "passes", "pass"), (.fail, "fails", "fail"),
      (.undecided, "is undecided", "are undecided"),
    ]
    var parts: [String] = []
    for (verdict, one, many) in verdicts {
      let count = results.count { $0.verdict == verdict }
      if count > 0 { parts.append("\(count) \(count == 1 ? one : many)") }
    }
    let bare = models.count { $0.results.isEmpty }
    let rest =
      bare == 0 ? "" : "; \(counted(bare, "model")) \(bare == 1 ? "has" : "have") no budget"
    return "\(counted(results.count, "budget")) held: \(parts.joined(separator: ", "))\(rest)\n"
  }

  /// The same for other programs.
  func json(_ reason: ExitReason) -> [UInt8] {
    var json = JSONWriter(brokenDepth: 3)
    json.object { json in
      json.member("schema", "nncost-budget/1")
      json.array("models", models) { json, model in
        json.object { json in
          json.member("path", model.path)
          json.budgets(model.results)
        }
      }
      json.member("exit_reason", reason.name)
    }
    json.endLine()
    return json.bytes
  }
}
