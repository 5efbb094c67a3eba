import Cost
import Rules

extension JSONWriter {
  /// What the rules found; savings are those of one execution of the whole batch.
  mutating func findings(_ lint: LintResult) {
    array("findings", lint.findings) { json, finding in
      json.object { json in
        json.member("code", finding.code)
        json.member("name", finding.name)
        json.member("level", finding.level.rawValue)
        json.member("nodes", finding.nodes)
        json.member("line", finding.line)
        json.member("message", finding.message)
        json.member("saving_joules", finding.saving)
        json.member("saving_share", finding.share)
        json.member("exact", finding.isExact)
        json.member("fix", finding.fix)
        json.member("fingerprint", finding.fingerprint)
        json.member("suppressed", false)
      }
    }
    member("findings_below_floor", lint.belowFloor.count)
    object("joint_savings") { json in
      json.member("exact_joules", lint.jointExact)
      json.member("all_joules", lint.jointAll)
    }
  }

  /// Limits and what they are held against, in joules.
  mutating func budgets(_ results: [BudgetResult]) {
    array("budgets", results) { json, result in
      json.object { json in
        json.member("name", result.budget.name)
        json.member("per", result.budget.occasion.rawValue)
        json.member("verdict", result.verdict.rawValue)
        json.member("limit", result.budget.limit)
        json.member("value", result.value)
      }
    }
  }
}
