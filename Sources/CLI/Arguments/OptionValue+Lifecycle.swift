import Cost

// How the values of the lifecycle's options are read.

/// The share of a training's energy that is not its forward passes.
func overhead(_ text: String) throws(UsageError) -> Double {
  guard let share = Double(text), share >= 0, share < 1 else {
    throw UsageError("'--training-overhead \(text)': expected a share from 0 to below 1, like 0.8")
  }
  return share
}

/// A power usage effectiveness.
func pue(_ text: String) throws(UsageError) -> Double {
  guard let pue = Double(text), pue >= 1, pue <= 10 else {
    throw UsageError("'--pue \(text)': expected a number from 1 to 10, like 1.2")
  }
  return pue
}

/// An intensity in grams of CO2e for each kilowatt-hour.
func gramsPerKilowattHour(_ text: String) throws(UsageError) -> Double {
  guard let grams = Double(text), grams >= 0, grams <= 1e5 else {
    throw UsageError("'--grams-per-kwh \(text)': expected grams of CO2e for each kWh, like 433")
  }
  return grams
}

/// A grid by its code or name.
func grid(_ text: String) throws(UsageError) -> Grid {
  if let grid = Grid.named(text) { return grid }
  let error = UsageError(
    unknown: "region", text, among: Grid.all.flatMap { [$0.code, $0.name] }, listAll: false)
  throw UsageError(
    "\(error.message) ('\(Program.name) regions' lists them; --grams-per-kwh takes a figure)")
}

/// A number of inferences, or as many in some time: `3e7/month`.
func inferences(_ text: String) throws(UsageError) -> LifecycleRequest.Inferences {
  let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
  let message =
    "'--inferences \(text)': expected a number like 1e9, or a rate like 3e7/month or 12/s"
  guard let count = amount(parts[0]), count > 0 else { throw UsageError(message) }
  guard parts.count == 2 else { return .init(count: count, perSeconds: nil) }
  guard let seconds = secondsInUnit(parts[1]) else { throw UsageError(message) }
  return .init(count: count, perSeconds: seconds)
}

/// A time in seconds: `18 months`, `2y`.
func lifetime(_ text: String) throws(UsageError) -> Double {
  let digits = text.prefix { "0123456789.".contains($0) }
  let unit = text.dropFirst(digits.count).drop { $0 == " " }
  guard let number = Double(digits), number > 0, number < 1e6, let seconds = secondsInUnit(unit)
  else { throw UsageError("'--lifetime \(text)': expected a time like \"18 months\" or 2y") }
  return number * seconds
}

/// A number that may end in `k`, `M` or `G`.
private func amount(_ text: Substring) -> Double? {
  let factors: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9]
  let factor = text.last.flatMap { factors[$0] }
  guard let number = Double(factor == nil ? text : text.dropLast()), number.isFinite else {
    return nil
  }
  return number * (factor ?? 1)
}

/// How many seconds a unit of time has, in full, in short, or as several.
private func secondsInUnit(_ word: Substring) -> Double? {
  let year = 365.25 * 86400
  let units: [(names: [String], seconds: Double)] = [
    (["s", "second"], 1), (["min", "minute"], 60), (["h", "hour"], 3600), (["d", "day"], 86400),
    (["w", "week"], 7 * 86400), (["month", "mo"], year / 12), (["y", "year"], year),
  ]
  return units.first { unit in
    unit.names.contains { word == $0 || $0.count > 1 && word == "\($0)s" }
  }?.seconds
}
