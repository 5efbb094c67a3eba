import Cost
import Rules

/// Commands of a GitHub workflow, which shows them beside the change.
///
/// GitHub shows ten of a kind for each step, so the largest nine are told one by one and the rest as one.
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
struct GitHubReport: ReportFormat {
  static let name = "github"

  /// As many of a kind are shown, the last of which tells of the others.
  private static let shown = 10

  private struct Command {
    var kind: String
    var path: String
    var line: Int?
    var title: String
    var message: String
  }

  private var commands: [Command] = []

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) {
    switch entry.outcome {
    case .failed(let error):
      commands.append(
        Command(
          kind: "error", path: entry.path, title: "not costed",
          message: [error.place, error.message].compactMap { $0 }.joined(separator: ": ")))
    case .costed(let costed):
      let portion = Portion(costed.arguments.per, of: costed.throughput)
      for result in costed.budgets where result.verdict != .pass {
        commands.append(
          Command(
            kind: result.verdict == .fail ? "error" : "warning", path: entry.path,
            title: "budget", message: result.line(Paint(isOn: false))))
      }
      for (number, finding) in (costed.lint?.findings ?? []).enumerated() {
        if let lint = costed.lint, costed.fix?.mends(number, of: lint) == true { continue }
        let places = finding.places.count > 1 ? ", in \(finding.places.count) places" : ""
        let place = finding.location(in: entry.path)
        let node = finding.nodes.first.map { "\($0): " } ?? ""
        commands.append(
          Command(
            kind: finding.level.workflowKind, path: place.path, line: place.line,
            title: "\(finding.code) \(finding.name)",
            message:
              "\(node)\(finding.briefWorth(portion))\(places): \(finding.message); \(finding.fix)"))
      }
    }
  }

  mutating func finish(_: ExitReason) -> [UInt8] {
    var text = ""
    for kind in ["error", "warning", "notice"] {
      let all = commands.filter { $0.kind == kind }
      let told = all.count > Self.shown ? all.prefix(Self.shown - 1) : all[...]
      for command in told { text += line(command) }
      if told.count < all.count {
        let rest = all.count - told.count
        text +=
          "::\(kind) title=\(Program.name)::\(rest) more of this kind; see the other reports\n"
      }
    }
    return Array(text.utf8)
  }

  private func line(_ command: Command) -> String {
    var properties = ["file=\(Self.escaped(command.path, isProperty: true))"]
    if let line = command.line { properties.append("line=\(line)") }
    properties.append("title=\(Self.escaped(command.title, isProperty: true))")
    let message = Self.escaped(command.message, isProperty: false)
    return "::\(command.kind) \(properties.joined(separator: ","))::\(message)\n"
  }

  /// The text with what a command cannot hold as percent codes.
  static func escaped(_ text: String, isProperty: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": escaped += "%25"
      case "\r": escaped += "%0D"
      case "\n": escaped += "%0A"
      case ":" where isProperty: escaped += "%3A"
      case "," where isProperty: escaped += "%2C"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Level {
  fileprivate var workflowKind: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "notice"
    }
  }
}
