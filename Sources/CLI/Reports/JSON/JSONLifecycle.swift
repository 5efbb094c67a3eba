import Cost

extension JSONWriter {
  /// The grid that a figure of greenhouse gas stands on.
  mutating func grid(_ carbon: Carbon) {
    member("code", carbon.grid.code)
    member("name", carbon.grid.name)
    member("year", carbon.grid.year)
    member("source", carbon.grid.source)
    member("assumed", carbon.assumesGrid)
  }

  /// Every phase, at the meter of the data centre: what the board draws times the power usage effectiveness.
  mutating func lifecycle(_ lifecycle: Lifecycle, withEquivalences: Bool) {
    let carbon = lifecycle.plan.carbon
    object("lifecycle") { json in
      json.member("pue", carbon.pue)
      json.member("pue_assumed", carbon.assumesPUE)
      json.member("grams_per_kwh", carbon.grid.gramsPerKilowattHour)
      json.object("region") { $0.grid(carbon) }
      json.phase("inference", lifecycle.inference, of: lifecycle)
      json.phase("batched_inference", lifecycle.batched?.inference, of: lifecycle) { json in
        json.member("batch", lifecycle.batched?.batch)
        json.member("saving_share", lifecycle.batchedSaving)
      }
      json.phase("search", lifecycle.search, of: lifecycle) { json in
        json.member("trials", lifecycle.plan.search?.trials)
        json.member("trials_assumed", lifecycle.plan.search?.assumesTrials ?? false)
        json.member("method", lifecycle.plan.search?.method?.rawValue)
      }
      json.phase("training", lifecycle.training, of: lifecycle)
      json.phase("inferences", lifecycle.inferences, of: lifecycle) { json in
        json.member("count", lifecycle.plan.use?.inferences)
        json.member("busy_boards", lifecycle.busyBoards)
        json.member("lifetime_seconds", lifecycle.plan.use?.lifetimeSeconds)
        json.member("lifetime_assumed", lifecycle.plan.use?.assumesLifetime ?? false)
      }
      json.phase("standby", lifecycle.standby, of: lifecycle) { json in
        json.member("boards", lifecycle.plan.use?.boards)
      }
      json.phase("total", lifecycle.total, of: lifecycle)
      json.member("break_even_inferences", lifecycle.breakEvenInferences)
      if withEquivalences {
        json.object("equivalences") { json in
          let grams = lifecycle.grams(lifecycle.total).value
          json.member("edition", Equivalence.edition)
          for thing in Equivalence.allCases {
            json.member(thing.key, thing.count(for: grams))
          }
        }
      }
    }
  }

  /// A phase with what is known of it, or null where there is none.
  private mutating func phase(
    _ name: String, _ joules: Interval?, of lifecycle: Lifecycle,
    _ more: (inout JSONWriter) -> Void = { _ in }
  ) {
    guard let joules else { return member(name, nil as Double?) }
    object(name) { json in
      more(&json)
      json.member("joules", joules)
      json.member("kwh", joules / joulesPerKilowattHour)
      json.member("grams_co2e", lifecycle.grams(joules))
    }
  }
}

extension Equivalence {
  fileprivate var key: String {
    switch self {
    case .smartphoneCharges: "smartphone_charges"
    case .carKilometres: "car_kilometres"
    case .homeYears: "home_electricity_years"
    }
  }
}
