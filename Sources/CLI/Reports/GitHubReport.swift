import Rules

/// Commands of a GitHub workflow, which shows them beside the change.
///
/// GitHub shows ten of a kind for each step, so the largest nine are told one by one and the rest as one.
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
struct GitHubReport: ReportFormat {
  static let name = "github"

  /// As many of a kind are shown, the last of which tells of the others.
  private static let shown = 10

  private var notices: [Notice] = []

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) {
    notices += entry.notices.filter { $0.suppression == nil }
  }

  mutating func finish(_: ExitReason) -> [UInt8] {
    var text = ""
    for level in Level.allCases.reversed() {
      let all = notices.filter { $0.level == level }
      let told = all.count > Self.shown ? all.prefix(Self.shown - 1) : all[...]
      for notice in told { text += Self.command(notice) }
      if told.count < all.count {
        let rest = all.count - told.count
        text += "::\(level.workflowKind) title=\(Program.name)"
        text += "::\(rest) more of this kind; see the other reports\n"
      }
    }
    return Array(text.utf8)
  }

  private static func command(_ notice: Notice) -> String {
    var properties = ["file=\(escaped(notice.path, isProperty: true))"]
    if let line = notice.line { properties.append("line=\(line)") }
    properties.append("title=\(escaped(notice.title, isProperty: true))")
    let message = escaped(notice.message, isProperty: false)
    return "::\(notice.level.workflowKind) \(properties.joined(separator: ","))::\(message)\n"
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
