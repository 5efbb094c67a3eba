extension Option {
  /// What a model is used for, where, and in what building.
  static let lifecycle: [Option] = [
    flag(.lifecycle, "--lifecycle", "cost search, training and use together") {
      $0.lifecycle.isWanted = true
    },
    taking(
      .lifecycle, "--inferences", "N[/TIME]", "inferences in all, or a rate: 3e7/month, 12/s"
    ) {
      a, text throws(UsageError) in a.lifecycle.inferences = try inferences(text)
    },
    taking(.lifecycle, "--lifetime", "TIME", "how long the model is in use: \"18 months\"") {
      a, text throws(UsageError) in a.lifecycle.lifetimeSeconds = try lifetime(text)
    },
    taking(.lifecycle, "--boards", "N", "boards kept ready, which draw power while they wait") {
      a, text throws(UsageError) in a.lifecycle.boards = try positive("--boards", text)
    },
    taking(
      .lifecycle, "--region", "CODE", "grid by country or cloud, one of 'nncost regions': DE"
    ) {
      a, text throws(UsageError) in a.lifecycle.grid = try grid(text)
    },
    taking(.lifecycle, "--grams-per-kwh", "X", "CO2e of a kilowatt-hour, in the place of a region")
    {
      a, text throws(UsageError) in
      a.lifecycle.gramsPerKilowattHour = try gramsPerKilowattHour(text)
    },
    taking(
      .lifecycle, "--pue", "X", "energy of the building for each of its machines; 1.58 if not given"
    ) {
      a, text throws(UsageError) in a.lifecycle.pue = try pue(text)
    },
    flag(.lifecycle, "--equivalences", "compare the CO2e with everyday things") {
      $0.lifecycle.withEquivalences = true
    },
  ]
}
