import Cost
import Rules

/// What `--fix` did, in words.
struct FixWords {
  private let fix: Fix
  private let lint: LintResult
  private let before: Estimate
  private let portion: Portion

  init(_ fix: Fix, _ lint: LintResult, _ before: Estimate, _ portion: Portion) {
    self.fix = fix
    self.lint = lint
    self.before = before
    self.portion = portion
  }

  /// `2 findings at 14 places fixed in out.onnx: 450 mJ/inf to 430 mJ/inf`.
  var line: String {
    let findings = Set(fix.applied.map(\.finding)).count
    let what = "\(counted(findings, "finding")) at \(counted(fix.applied.count, "place"))"
    guard let output = fix.output, let after = fix.after else {
      guard !fix.applied.isEmpty else { return "nothing to fix: no finding has an exact fix" }
      return "\(what) can be fixed: name a file with -o"
    }
    return "\(what) fixed in \(output.printable): \(joules(before)) to \(joules(after))"
  }

  /// The places that stay as they are, one line for each reason, and what the new file needs.
  var notes: [String] {
    var notes: [String] = []
    var reasons: [String] = []
    for entry in fix.left where !reasons.contains(entry.reason) { reasons.append(entry.reason) }
    for reason in reasons {
      let members = fix.left.filter { $0.reason == reason }.map(\.member)
      let names = members.prefix(3).map { member in
        let finding = lint.findings[member.finding]
        return "\(finding.code) at \(finding.places[member.place].nodes.first ?? "")"
      }
      let more = members.count > 3 ? " and \(members.count - 3) more" : ""
      notes.append("left: \(names.joined(separator: ", "))\(more): \(reason)".printable)
    }
    if !fix.strayFiles.isEmpty {
      let files = fix.strayFiles.joined(separator: ", ").printable
      notes.append("weights are read from \(files), which must lie beside the new file")
    }
    return notes
  }

  private func joules(_ estimate: Estimate) -> String {
    Number.text(estimate.joules.value / portion.count, unit: "J/\(portion.symbol)")
  }
}
