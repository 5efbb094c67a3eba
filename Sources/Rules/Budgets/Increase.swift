/// How much more an inference may take than it did: a share, an amount of energy, or both.
package struct Increase: Hashable, Sendable {
  /// Of what it took; nil for any.
  package var share: Double?
  /// In joules of one inference; nil for any.
  package var joules: Double?
  /// As its author wrote it: `3%`, `0.2 mJ/inf`.
  package private(set) var texts: [String] = []

  /// The forms that `init` takes, for messages.
  package static let forms = "write it like \"3%\" or \"0.2 mJ/inf\""

  package init() {}

  /// Throws where `text` is neither a share nor an energy of an inference.
  package init(_ text: String) throws(QuantityError) {
    texts = [text]
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast().filter { $0 != " " }), percent >= 0, percent <= 1e6
      else { throw QuantityError("'\(text)' is no share") }
      share = percent / 100
      return
    }
    let quantity = try Quantity(text)
    guard quantity.dimension == .energy, quantity.occasion ?? .inference == .inference else {
      throw QuantityError("'\(text)' is no energy of an inference")
    }
    joules = quantity.amount
  }

  /// The same with what `other` says beside it, in its place where both say it.
  package func adding(_ other: Increase) -> Increase {
    var sum = self
    sum.share = other.share ?? share
    sum.joules = other.joules ?? joules
    // A limit said again stands in the place of the one before.
    sum.texts =
      [
        share == nil || other.share != nil ? nil : texts.first { $0.hasSuffix("%") },
        joules == nil || other.joules != nil ? nil : texts.first { !$0.hasSuffix("%") },
      ].compactMap(\.self) + other.texts
    return sum
  }

  /// The joules that an inference may take which took `base`: both limits hold.
  package func limit(over base: Double) -> Double {
    base + min(share.map { $0 * base } ?? .infinity, joules ?? .infinity)
  }

  /// `+3 %`, `+0.2 mJ/inf`.
  package var text: String {
    texts.map { "+\($0.hasSuffix("%") ? "\($0.dropLast().filter { $0 != " " }) %" : $0)" }
      .joined(separator: " and ")
  }
}
