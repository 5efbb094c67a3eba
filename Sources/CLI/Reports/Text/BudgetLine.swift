import Cost
import Rules

extension BudgetResult {
  /// `budget 11 mJ/inf: FAIL, 12.3 mJ/inf is 112 % of it`.
  func line(_ paint: Paint) -> String {
    let limit = budget.name == budget.text ? "" : " (\(budget.text))"
    var line = "budget \(budget.name.printable)\(limit): \(paint.verdict(verdict))"
    if let increase { return line + relation(increase) + doubts }
    if let value {
      let decisive = budget.decision.figure(value)
      line += ", \(figure(decisive))\(relation(decisive))"
      if budget.decision != .central { line += " (\(budget.decision.rawValue))" }
    }
    if value == nil {
      line += ", there is no \(budget.occasion.rawValue) among the model's inputs"
    } else {
      line += doubts
    }
    if budget.isNear(value), let share = budget.warningShare {
      line += ", more than the \(Number.percent(share)) that it should keep to"
    }
    return line
  }

  /// What keeps a limit from being kept for sure.
  private var doubts: String {
    verdict == .undecided ? ", but only \(Number.percent(coverage)) of the nodes are priced" : ""
  }

  /// How a figure stands to what it was: `, 12.3 mJ/inf is 4.1 % more than 11.8 mJ/inf`.
  private func relation(_ increase: IncreaseFigure) -> String {
    guard let value else { return "" }
    guard let base = increase.base else { return ", the model is new" }
    let decisive = budget.decision.figure(value)
    let change = base.value > 0 ? decisive / base.value - 1 : decisive > 0 ? .infinity : 0
    let words =
      change == 0
      ? "as before"
      : "is \(Number.percent(change.magnitude)) \(change < 0 ? "less" : "more") than \(figure(base.value))"
    return ", \(figure(decisive)) \(words)"
      + (budget.decision == .central ? "" : " (\(budget.decision.rawValue))")
  }

  /// How a figure stands to the limit.
  private func relation(_ joules: Double) -> String {
    guard budget.limit > 0, joules.isFinite else { return "" }
    let ratio = joules / budget.limit
    return ratio < 10 ? " is \(Number.percent(ratio)) of it" : " is \(Number.text(ratio)) times it"
  }

  /// A figure in the unit that the limit was written in.
  private func figure(_ amount: Double) -> String {
    let occasion = budget.occasion == .inference ? "inf" : budget.occasion.rawValue
    if budget.dimension == .carbon { return "\(Number.mass(amount)) CO2e/\(occasion)" }
    let isWattHours = budget.text.contains("Wh")
    return Number.text(
      isWattHours ? amount / 3600 : amount, unit: "\(isWattHours ? "Wh" : "J")/\(occasion)")
  }
}
