import Cost
import Rules

/// Findings and budgets in SARIF 2.1.0, which code scanning reads.
///
/// Every result has a place in a file, without which GitHub refuses the whole: the line of Python that the node was
/// exported from where the file has it, else the model's first line.
/// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
struct SARIFReport: ReportFormat {
  static let name = "sarif"

  fileprivate struct Result {
    var rule: String
    var level: String
    var message: String
    var path: String
    var line: Int
    var fingerprint: String
    /// The share of the model's energy, in percent.
    var rank: Double?
    var suppression: SuppressionCause?
  }

  private static let budgetRule = "budget"
  private static let inputRule = "input"

  private var results: [Result] = []

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) {
    switch entry.outcome {
    case .failed(let error):
      results.append(
        Result(
          rule: Self.inputRule, level: "error",
          message: [error.place, error.message].compactMap { $0 }.joined(separator: ": "),
          path: entry.path, line: 1, fingerprint: "\(Self.inputRule) \(error.code)"))
    case .costed(let costed): add(costed, entry.path)
    }
  }

  private mutating func add(_ costed: Costed, _ path: String) {
    let portion = Portion(costed.arguments.per, of: costed.throughput)
    for result in costed.budgets where result.verdict != .pass {
      results.append(
        Result(
          rule: Self.budgetRule, level: result.verdict == .fail ? "error" : "warning",
          message: result.line(Paint(isOn: false)), path: path, line: 1,
          fingerprint: "\(Self.budgetRule) \(result.budget.name)"))
    }
    guard let lint = costed.lint else { return }
    func result(_ finding: Finding, _ cause: SuppressionCause?) -> Result {
      let place = finding.location(in: path)
      let node = finding.nodes.first.map { "\($0): " } ?? ""
      return Result(
        rule: finding.code, level: finding.level.sarifName,
        message: "\(node)\(finding.briefWorth(portion)): \(finding.message); \(finding.fix)",
        path: place.path, line: place.line ?? 1,
        fingerprint: finding.fingerprint,
        rank: (finding.benefit?.share ?? finding.share) * 100, suppression: cause)
    }
    for (number, finding) in lint.findings.enumerated()
    where costed.fix?.mends(number, of: lint) != true {
      results.append(result(finding, nil))
    }
    results += lint.suppressed.map { result($0.finding, $0.cause) }
  }

  mutating func finish(_ reason: ExitReason) -> [UInt8] {
    var json = JSONWriter(brokenDepth: 5)
    json.object { json in
      json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.member("version", "2.1.0")
      json.array("runs", [results]) { json, results in
        json.object { json in
          json.object("tool") { json in
            json.object("driver") { json in
              json.member("name", Program.name)
              json.member("version", Program.version)
              json.array("rules", Self.rules(of: results)) { json, rule in
                json.object { json in
                  json.member("id", rule.id)
                  json.member("name", rule.name)
                  json.object("shortDescription") { $0.member("text", rule.summary) }
                  json.object("help") { $0.member("text", rule.help) }
                }
              }
            }
          }
          json.array("invocations", [reason]) { json, reason in
            json.object { $0.member("executionSuccessful", reason != .input) }
          }
          json.array("results", results) { json, result in json.object { $0.write(result) } }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  /// The rules that results are of, in order of code.
  private static func rules(of results: [Result])
    -> [(id: String, name: String, summary: String, help: String)]
  {
    let used = Set(results.map(\.rule))
    var rules = allRules.map { $0.page }.filter { used.contains($0.code) }.map {
      (id: $0.code, name: $0.name, summary: $0.summary.joinedLines, help: $0.fix.joinedLines)
    }
    if used.contains(budgetRule) {
      rules.append((budgetRule, budgetRule, "A budget is not kept.", "Save energy, or raise it."))
    }
    if used.contains(inputRule) {
      rules.append((inputRule, inputRule, "A model could not be costed.", "See the message."))
    }
    return rules
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ result: SARIFReport.Result) {
    member("ruleId", result.rule)
    member("level", result.level)
    object("message") { $0.member("text", result.message) }
    array("locations", [result]) { json, result in
      json.object { json in
        json.object("physicalLocation") { json in
          json.object("artifactLocation") { $0.member("uri", result.path.uriPath) }
          json.object("region") { $0.member("startLine", max(1, result.line)) }
        }
      }
    }
    // The fingerprint that GitHub would compute is of the line, which is the same for all findings in a binary.
    object("partialFingerprints") { $0.member("primaryLocationLineHash", result.fingerprint) }
    if let rank = result.rank { member("rank", min(100, max(0, rank))) }
    guard let cause = result.suppression else { return }
    array("suppressions", [cause]) { json, cause in
      json.object { json in
        json.member("kind", "external")
        switch cause {
        case .baseline: json.member("justification", "in the baseline")
        case .ignored(let suppression): json.member("justification", suppression.reason)
        }
      }
    }
  }
}

extension Level {
  fileprivate var sarifName: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "note"
    }
  }
}

extension String {
  /// A path as a relative reference: what is no plain character of a URI as percent codes.
  fileprivate var uriPath: String {
    let digits = Array("0123456789ABCDEF")
    var text = ""
    for byte in utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII,
        Character(scalar).isLetter || Character(scalar).isNumber
          || "-._~/".unicodeScalars.contains(scalar)
      {
        text.unicodeScalars.append(scalar)
      } else {
        text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return text
  }
}
