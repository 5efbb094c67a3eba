import Cost
import Rules

/// Findings and budgets in SARIF 2.1.0, which code scanning reads.
///
/// Every result has a place in a file, without which GitHub refuses the whole: the line of Python that the node was
/// exported from where the file has it, else the model's first line.
/// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
struct SARIFReport: ReportFormat {
  static let name = "sarif"

  private var notices: [Notice] = []

  init(_: ReportContext) {}

  mutating func add(_ entry: Entry) { notices += entry.notices }

  mutating func finish(_ reason: ExitReason) -> [UInt8] {
    var json = JSONWriter(brokenDepth: 5)
    json.object { json in
      json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.member("version", "2.1.0")
      json.array("runs", [notices]) { json, notices in
        json.object { json in
          json.object("tool") { json in
            json.object("driver") { json in
              json.member("name", Program.name)
              json.member("version", Program.version)
              json.array("rules", Self.rules(of: notices)) { json, rule in
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
          json.array("results", notices) { json, notice in json.object { $0.write(notice) } }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  /// The rules that notices are of, in order of code.
  private static func rules(of notices: [Notice])
    -> [(id: String, name: String, summary: String, help: String)]
  {
    let used = Set(notices.map(\.rule))
    var rules = allRules.map { $0.page }.filter { used.contains($0.code) }.map {
      (id: $0.code, name: $0.name, summary: $0.summary.joinedLines, help: $0.fix.joinedLines)
    }
    if used.contains(Notice.budgetRule) {
      rules.append(
        (Notice.budgetRule, Notice.budgetRule, "A budget is not kept.", "Save energy, or raise it.")
      )
    }
    if used.contains(Notice.inputRule) {
      rules.append(
        (Notice.inputRule, Notice.inputRule, "A model could not be costed.", "See the message."))
    }
    return rules
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ notice: Notice) {
    member("ruleId", notice.rule)
    member("level", notice.level.sarifName)
    object("message") { $0.member("text", notice.message) }
    array("locations", [notice]) { json, notice in
      json.object { json in
        json.object("physicalLocation") { json in
          json.object("artifactLocation") { $0.member("uri", notice.path.uriPath) }
          json.object("region") { $0.member("startLine", max(1, notice.line ?? 1)) }
        }
      }
    }
    // The fingerprint that GitHub would compute is of the line, which is the same for all findings in a binary.
    object("partialFingerprints") { $0.member("primaryLocationLineHash", notice.fingerprint) }
    if let share = notice.share { member("rank", min(100, max(0, share * 100))) }
    guard let cause = notice.suppression else { return }
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
