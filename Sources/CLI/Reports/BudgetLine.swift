import Cost
import Rules

extension BudgetResult {
  /// `budget 11 mJ/inf: FAIL, 12.3 mJ/inf is 112 % of it`.
  func line(_ paint: Paint) -> String {
    var line = "budget \(budget.name): \(paint.verdict(verdict))"
    if let value { line += ", \(figure(value.value))\(relation(value.value))" }
    if value == nil {
      line += ", there is no \(budget.occasion.rawValue) among the model's inputs"
    } else if verdict == .undecided {
      line += ", but only \(Number.percent(coverage)) of the nodes are priced"
    }
    return line
  }

  /// How a figure stands to the limit.
  private func relation(_ joules: Double) -> String {
    guard budget.limit > 0, joules.isFinite else { return "" }
    let ratio = joules / budget.limit
    return ratio < 10 ? " is \(Number.percent(ratio)) of it" : " is \(Number.text(ratio)) times it"
  }

  /// Joules in the unit that the limit was written in.
  private func figure(_ joules: Double) -> String {
    let isWattHours = budget.name.contains("Wh")
    let occasion = budget.occasion == .inference ? "inf" : budget.occasion.rawValue
    return Number.text(
      isWattHours ? joules / 3600 : joules, unit: "\(isWattHours ? "Wh" : "J")/\(occasion)")
  }
}
