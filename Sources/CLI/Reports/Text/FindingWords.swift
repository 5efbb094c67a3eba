import Cost
import Rules

extension Finding {
  /// What mending it is worth, with bounds: `saves 0.11 J/inf [0.08 .. 0.14]   18 %`.
  func worth(_ portion: Portion) -> String {
    guard let benefit else {
      let saving = (saving / portion.count).text("J/\(portion.symbol)")
      return "saves \(saving)   \(Number.percent(share))\(sharedSaving)"
    }
    if let joules = benefit.joules {
      return
        "saves \((joules / 3600).text("Wh")) of the lifecycle   \(Number.percent(benefit.share))"
    }
    return briefWorth(portion)
  }

  /// The same without bounds: `saves 0.11 J/inf (18 %)`.
  func briefWorth(_ portion: Portion) -> String {
    guard let benefit else {
      let saving = Number.text(saving.value / portion.count, unit: "J/\(portion.symbol)")
      return "saves \(saving) (\(Number.percent(share)))\(sharedSaving)"
    }
    if let joules = benefit.joules {
      let figure = Number.text(joules.value / 3600, unit: "Wh")
      return "saves \(figure) of the lifecycle (\(Number.percent(benefit.share)))"
    }
    if let grams = benefit.grams {
      return
        "saves \(Number.mass(grams.value)) CO2e of the lifecycle (\(Number.percent(benefit.share)))"
    }
    return benefit.share > 0 ? "saves \(Number.percent(benefit.share))" : message
  }

  /// Which finding saves the same joules by the same means, if one does.
  private var sharedSaving: String {
    sameSavingAs.map { ", the same joules as \($0)" } ?? ""
  }
}

extension [Level] {
  /// How many there are of each, the loudest first: `1 error`, `2 warnings`, `3 info`.
  var counts: [String] {
    Level.allCases.reversed().compactMap { level in
      let count = count { $0 == level }
      guard count > 0 else { return nil }
      return level == .info ? "\(count) info" : counted(count, level.rawValue)
    }
  }
}
