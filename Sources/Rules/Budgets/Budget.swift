package import Cost

/// A limit on the energy or the CO2e of something done: an inference, a training run, a month of use.
package struct Budget: Hashable, Sendable {
  /// What reports call it: the limit as its author wrote it, unless a file gives it a name.
  package var name: String
  /// The limit as its author wrote it.
  package let text: String
  /// Joules or grams of CO2e, as `dimension` says.
  package let limit: Double
  package let dimension: Quantity.Dimension
  package let occasion: Quantity.Occasion
  /// The share of the limit from which on a budget that is kept is worth a word; nil for none.
  package var warningShare: Double?
  package var decision = Decision.central
  /// Below this share of understood nodes, the budget does not pass.
  package var minimumCoverage = 0.98

  /// The forms that `init` takes, for messages.
  package static let forms =
    "write it like \"11 mJ/inf\", \"1 uJ/image\", \"0.5 J/token\", \"2 kWh/training\", \"2.5 kWh/month\" "
    + "or \"900 gCO2e/month\""

  /// Which end of the interval is held against the limit.
  package enum Decision: String, Sendable, CaseIterable {
    case central, pessimistic, optimistic

    package func figure(_ interval: Interval) -> Double {
      switch self {
      case .central: interval.value
      case .pessimistic: interval.high
      case .optimistic: interval.low
      }
    }
  }

  package init(_ text: String) throws(QuantityError) {
    let quantity = try Quantity(text)
    guard let occasion = quantity.occasion else {
      throw QuantityError(
        "'\(text)' does not say for what: an inference (/inf), an image (/image), a token (/token), a training run "
          + "(/training), a month of use (/month) or all of it (/lifecycle)")
    }
    name = text
    self.text = text
    limit = quantity.amount
    dimension = quantity.dimension
    self.occasion = occasion
  }

  /// A limit on an inference that took `joules` in `base`, a baseline or a revision, and may take so much more.
  package init(joules: Double, _ increase: Increase, over base: String) {
    text = "\(increase.text) over \(base)"
    name = text
    limit = increase.limit(over: joules)
    dimension = .energy
    occasion = .inference
  }

  /// Whether `figure`, joules or grams as `dimension` says, keeps the limit.
  ///
  /// What is not understood can only add to the energy. So a figure that leaves out too much never passes,
  /// and one that is over the limit without it fails all the same.
  package func verdict(on figure: Interval?, coverage: Double) -> Verdict {
    guard let value = figure.map(decision.figure), !value.isNaN else { return .undecided }
    if value > limit { return .fail }
    return coverage < minimumCoverage ? .undecided : .pass
  }

  /// Whether `figure` keeps the limit, and leaves less room than its author wants.
  package func isNear(_ figure: Interval?) -> Bool {
    guard let warningShare, let value = figure.map(decision.figure) else { return false }
    return value <= limit && value > limit * warningShare
  }

  package enum Verdict: String, Sendable, CaseIterable {
    case pass, fail, undecided
  }
}
