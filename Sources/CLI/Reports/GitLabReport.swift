import Rules

/// Findings and budgets as GitLab's code quality reads them: a list of issues, empty where all is well.
///
/// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
struct GitLabReport: ReportFormat {
  static let name = "gitlab"

  private var notices: [(model: String, notice: Notice)] = []

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) {
    notices += entry.notices.filter { $0.suppression == nil }.map { (entry.path, $0) }
  }

  mutating func finish(_: ExitReason) -> [UInt8] {
    var json = JSONWriter(brokenDepth: 1)
    json.array(notices) { json, entry in
      let (model, notice) = entry
      json.object { json in
        json.member("description", notice.description)
        json.member("check_name", notice.rule)
        // GitLab takes issues of one fingerprint for one issue, wherever they are.
        json.member("fingerprint", "\(model): \(notice.fingerprint)")
        json.member("severity", notice.level.severity)
        json.object("location") { json in
          json.member("path", notice.path)
          json.object("lines") { $0.member("begin", max(1, notice.line ?? 1)) }
        }
      }
    }
    json.endLine()
    return json.bytes
  }
}

extension Level {
  fileprivate var severity: String {
    switch self {
    case .error: "major"
    case .warning: "minor"
    case .info: "info"
    }
  }
}
