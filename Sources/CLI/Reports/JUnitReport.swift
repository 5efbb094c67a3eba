import Cost
import Rules

/// Test results in the form that most continuous integration shows: a suite for each model, with a case for each budget
/// and for each rule that was run, those that pass included.
///
/// A finding fails its case where `--fail-on` says so, and is the case's output else.
/// https://github.com/testmoapp/junitxml
struct JUnitReport: ReportFormat {
  static let name = "junit"
  static let holdsErrors = true

  private var suites = ""
  private var cases: [Case] = []

  fileprivate struct Case {
    var name: String
    var result = Result.passed
    /// What is said of it, as elements.
    var body = ""

    enum Result { case passed, failed, errored, skipped }
  }

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) {
    let cases = Self.cases(of: entry)
    let path = entry.path.markup
    suites += "  <testsuite name=\"\(path)\" \(cases.counts)>\n"
    for each in cases {
      let head = "    <testcase classname=\"\(path)\" name=\"\(each.name.markup)\""
      suites += each.body.isEmpty ? "\(head)/>\n" : "\(head)>\n\(each.body)    </testcase>\n"
    }
    suites += "  </testsuite>\n"
    self.cases += cases
  }

  mutating func finish(_: ExitReason) -> [UInt8] {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let root = "<testsuites name=\"\(Program.name)\" \(cases.counts)>\n"
    return Array((head + root + suites + "</testsuites>\n").utf8)
  }

  private static func cases(of entry: Entry) -> [Case] {
    let name = "the model can be costed"
    switch entry.outcome {
    case .failed(let error):
      let body = element("error", type: error.code, error.line(for: entry.path))
      return [Case(name: name, result: .errored, body: body)]
    case .costed(let costed):
      return [Case(name: name)] + costed.budgets.map { budget($0, costed.arguments.isStrict) }
        + rules(costed, entry.notices.filter { $0.suppression == nil })
    }
  }

  private static func budget(_ result: BudgetResult, _ isStrict: Bool) -> Case {
    let name = "budget \(result.budget.name)"
    let line = result.line(Paint(isOn: false))
    if result.verdict == .fail || result.verdict == .undecided && isStrict {
      return Case(
        name: name, result: .failed, body: element("failure", type: Notice.budgetRule, line))
    }
    guard result.verdict == .undecided else { return Case(name: name) }
    return Case(
      name: name, result: .skipped, body: "      <skipped message=\"\(line.markup)\"/>\n")
  }

  private static func rules(_ costed: Costed, _ notices: [Notice]) -> [Case] {
    guard costed.lint != nil else { return [] }
    let pages = allRules.map { $0.page }.filter { costed.arguments.settings.runs($0) }
    return pages.map { page in
      var rule = Case(name: "\(page.code) \(page.name)")
      for notice in notices where notice.rule == page.code {
        if let level = costed.arguments.failureLevel, notice.level >= level {
          rule.result = .failed
          rule.body += element("failure", type: notice.level.rawValue, notice.message)
        } else {
          let text = "\(notice.level.rawValue): \(notice.message)"
          rule.body += "      <system-out>\(text.markup)</system-out>\n"
        }
      }
      return rule
    }
  }

  private static func element(_ name: String, type: String, _ message: String) -> String {
    "      <\(name) type=\"\(type.markup)\" message=\"\(message.markup)\"/>\n"
  }
}

extension [JUnitReport.Case] {
  /// How many there are and how they ended, as attributes.
  fileprivate var counts: String {
    func count(_ result: JUnitReport.Case.Result) -> Int { self.count { $0.result == result } }
    return "tests=\"\(self.count)\" failures=\"\(count(.failed))\" errors=\"\(count(.errored))\""
      + " skipped=\"\(count(.skipped))\""
  }
}
