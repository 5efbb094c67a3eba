package import Cost

/// A limit on the energy of an inference, an image, a token or a whole training run.
package struct Budget: Hashable, Sendable {
  /// The limit as its author wrote it, which also names the budget.
  package let name: String
  package let limit: Double
  package let occasion: Quantity.Occasion

  /// The forms that `init` takes, for messages.
  package static let forms =
    "write it like \"11 mJ/inf\", \"1 uJ/image\", \"0.5 J/token\" or \"2 kWh/training\""

  /// Below this share of understood nodes, no budget passes.
  package static let minimumCoverage = 0.98

  package init(_ text: String) throws(QuantityError) {
    let quantity = try Quantity(text)
    guard let occasion = quantity.occasion else {
      throw QuantityError(
        "'\(text)' does not say for what: an inference (/inf), an image (/image), a token (/token) or a training run (/training)"
      )
    }
    name = text
    limit = quantity.joules
    self.occasion = occasion
  }

  /// Whether `joules` keep the limit; the central value decides.
  ///
  /// What is not understood can only add to the energy. So a figure that leaves out too much never passes,
  /// and one that is over the limit without it fails all the same.
  package func verdict(on joules: Interval?, coverage: Double) -> Verdict {
    guard let joules, !joules.value.isNaN else { return .undecided }
    if joules.value > limit { return .fail }
    return coverage < Self.minimumCoverage ? .undecided : .pass
  }

  package enum Verdict: String, Sendable, CaseIterable {
    case pass, fail, undecided
  }
}
