import Cost
import Graph
import Rules

extension JSONWriter {
  /// What the rules found; savings are those of one execution of the whole batch.
  mutating func findings(_ lint: LintResult) {
    let all =
      lint.findings.map { ($0, nil as SuppressionCause?) }
      + lint.suppressed.map { ($0.finding, $0.cause) }
    array("findings", all) { json, entry in
      let (finding, cause) = entry
      json.object { json in
        json.member("code", finding.code)
        json.member("name", finding.name)
        json.member("level", finding.level.rawValue)
        json.member("nodes", finding.nodes)
        json.member("line", finding.places.first?.line)
        json.array("places", finding.places) { json, place in json.object { $0.place(place) } }
        json.member("message", finding.message)
        json.member("saving_joules", finding.saving)
        json.member("saving_share", finding.share)
        json.member("same_saving_as", finding.sameSavingAs)
        if let benefit = finding.benefit {
          json.object("lifecycle_saving") { json in
            json.member("joules", benefit.joules)
            json.member("grams_co2e", benefit.grams)
            json.member("share", benefit.share)
          }
        }
        json.member("exact", finding.isExact)
        json.member("fixable", finding.isFixable)
        json.member("fix", finding.fix)
        json.member("fingerprint", finding.fingerprint)
        json.member("suppressed", cause != nil)
        if let cause { json.suppression(cause) }
      }
    }
    member("findings_below_floor", lint.belowFloor.count)
    object("joint_savings") { json in
      json.member("exact_joules", lint.jointExact)
      json.member("all_joules", lint.jointAll)
      json.member("leading_findings", lint.leading)
    }
  }

  private mutating func suppression(_ cause: SuppressionCause) {
    object("suppression") { json in
      switch cause {
      case .baseline: json.member("kind", "baseline")
      case .ignored(let suppression):
        json.member("kind", "ignore")
        json.member("reason", suppression.reason)
        json.member("where", suppression.origin)
      }
    }
  }

  /// What was fixed, or would be; the places are those of the findings, by their numbers.
  mutating func fix(_ fix: Fix) {
    object("fix") { json in
      json.member("output", fix.output)
      json.array("applied", fix.applied) { json, member in json.object { $0.member(member) } }
      json.array("left", fix.left) { json, entry in
        json.object { json in
          json.member(entry.member)
          json.member("reason", entry.reason)
        }
      }
      json.member("joules", fix.after?.joules)
    }
  }

  private mutating func member(_ member: Joint.Member) {
    self.member("finding", member.finding)
    self.member("place", member.place)
  }

  private mutating func place(_ place: Place) {
    member("nodes", place.nodes)
    member("line", place.line)
    member("fingerprint", place.fingerprint)
    member("module", place.module)
    if let source = place.source {
      object("source") { json in
        json.member("file", source.file)
        json.member("line", source.line)
      }
    }
  }

  /// Limits and what they are held against, in joules or grams of CO2e.
  mutating func budgets(_ results: [BudgetResult]) {
    array("budgets", results) { json, result in
      json.object { json in
        json.member("name", result.budget.name)
        json.member("per", result.budget.occasion.rawValue)
        json.member("unit", result.budget.dimension == .energy ? "joules" : "grams_co2e")
        json.member("decide", result.budget.decision.rawValue)
        json.member("verdict", result.verdict.rawValue)
        json.member("limit", result.budget.limit)
        json.member("value", result.value)
        json.member("near", result.budget.isNear(result.value))
        if let increase = result.increase {
          json.member("base_joules", increase.base)
          json.member("increase_share", increase.share)
        }
      }
    }
  }
}
