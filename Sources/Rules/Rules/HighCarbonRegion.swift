import Cost

package struct HighCarbonRegion: Rule {
  package static let page = Page(
    code: "NNC758",
    name: "high-carbon-region",
    group: .lifecycle,
    level: .info,
    summary: "The same work would emit far less on another grid that is allowed.",
    why: """
      A kilowatt-hour stands for 20 g of CO2e in Quebec and 737 g in Iowa: the place decides more than most changes of a
      model do. Within one country grids differ five to ten times, and time and place together are worth up to
      80 %. The rule compares the grid in use with those that may be used, and speaks of CO2e alone: not a joule
      is saved.
      """,
    fix: "Train, or serve what can wait, in the region with the lowest figure.",
    safety: "Keeps every result; mind where data may go, and how far answers travel.",
    sources: [
      "https://arxiv.org/abs/1910.09700 (Lacoste et al.: Quantifying the Carbon Emissions of Machine Learning)",
      "Ember Yearly Electricity Data; GoogleCloudPlatform/region-carbon-info",
    ],
    triggers: [
      Example(
        someNetwork, for: .living(in: "IN", or: ["IN", "FR"]),
        configuration: """
          {"training": {"dataset_size": 4708}, "usage": {"inferences": 600000, "region": "IN", "regions": ["IN", "FR"]}}
          """)
    ],
    passes: [
      Example(
        someNetwork, for: .living(in: "DE", or: ["DE", "IE"]),
        configuration: """
          {"training": {"dataset_size": 4708}, "usage": {"inferences": 600000, "region": "DE", "regions": ["DE", "IE"]}}
          """),
      Example(stringLiteral: someNetwork),
    ],
    options: [
      Setting("usage.region", "the grid in use", standard: "the world's average stands"),
      Setting("usage.regions", "the grids that may be used", standard: "the rule is silent"),
    ]
  )

  /// The grid in use must emit this many times what the best one does.
  static let factor = 5.0

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard let lifecycle = subject.purpose.lifecycle, !lifecycle.phases.isEmpty,
      let best = subject.purpose.grids.min(by: {
        $0.gramsPerKilowattHour < $1.gramsPerKilowattHour
      })
    else { return }
    let own = lifecycle.plan.carbon.grid
    guard own.gramsPerKilowattHour >= Self.factor * best.gramsPerKilowattHour else { return }
    let share = 1 - best.gramsPerKilowattHour / own.gramsPerKilowattHour
    let place = lifecycle.plan.carbon.assumesGrid ? "the world's average grid" : own.name
    report(
      Report(
        nodes: [],
        message: """
          \(place) emits \(ratio(own.gramsPerKilowattHour)) g of CO2e for a kilowatt-hour, \(best.name) \
          \(ratio(best.gramsPerKilowattHour)) g
          """,
        fix: "run it in \(best.name) (\(best.code)) where data and delays allow it",
        remedy: .advice(
          Benefit(grams: lifecycle.grams(lifecycle.total) * share, share: share)),
        isExact: false, cap: .info))
  }
}
