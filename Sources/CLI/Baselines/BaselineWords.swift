import Cost
import Rules

// What `nncost baseline` says.

extension BaselineFile {
  /// The models of the file, each with its findings.
  var text: String {
    var text =
      "\(path): \(counted(findings.count, "finding")) in \(counted(models.count, "model"))\n"
    for model in models.sorted(by: { $0.path < $1.path }) {
      let joules = Number.text(model.joulesPerInference, unit: "J/inf")
      text += "\n\(model.path)   \(joules)   (\(model.conditions))\n"
      let own = findings.filter { $0.path == model.path }.sorted {
        ($1.entry.joules, $0.entry.code) < ($0.entry.joules, $1.entry.code)
      }
      guard !own.isEmpty else { continue }
      var table = Table([("saves", .right), ("places", .right), ("finding", .left)])
      for finding in own {
        let page = allRules.first { $0.page.code == finding.entry.code }?.page
        table.add([
          Number.text(finding.entry.joules, unit: "J"), finding.entry.places.description,
          "\(finding.entry.code) \(page?.name ?? "")",
        ])
      }
      text += table.text
    }
    return text.printable(keepingLines: true)
  }

  /// What has become of the model at `path` since: its energy, and the findings that came and went.
  func comparison(_ costed: Costed, at path: String) -> String {
    let name = name(of: path)
    guard let lint = costed.lint else { return "" }
    guard let model = models.first(where: { $0.path == name }) else {
      return "\(path): not in \(self.path)\n\(Self.lines(lint.findings, path))"
    }
    let now = costed.estimate.joulesPerInference.value
    let then = model.joulesPerInference
    var text = "\(path): "
    if model.conditions == Self.conditions(costed.estimate) {
      let scale = Scale(for: [then, now], unit: "J/inf")
      let figure = "\(scale.text(now)) \(scale.unit)"
      text +=
        then == now || then <= 0
        ? "\(figure) as before\n"
        : "\(Number.change(now / then - 1)), \(scale.text(then)) -> \(figure)\n"
    } else {
      text += "recorded as '\(model.conditions)', which energies of now are not compared with\n"
    }
    text += Self.lines(lint.findings, path)
    for entry in lint.stale {
      let page = allRules.first { $0.page.code == entry.code }?.page
      text += "\(path): gone \(entry.code) \(page?.name ?? ""), \(counted(entry.places, "place"))\n"
    }
    let kept = lint.suppressed.filter { $0.cause == .baseline }
      .reduce(0) { $0 + $1.finding.places.count }
    return text + (kept > 0 ? "\(path): \(counted(kept, "place")) as before\n" : "")
  }

  private static func lines(_ findings: [Rules.Finding], _ path: String) -> String {
    findings.map { finding in
      let place = finding.landmarks.first.map { " at \($0)" } ?? ""
      return
        "\(path): new \(finding.level.rawValue) \(finding.code) \(finding.name)\(place), \(counted(finding.places.count, "place"))\n"
    }.joined()
  }
}
