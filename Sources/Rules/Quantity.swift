/// An amount of energy for something done, as people write it: `11 mJ/inf`, `2 kWh/training`.
package struct Quantity: Hashable, Sendable {
  package var joules: Double
  /// What the energy is for; nil where the text does not say.
  package var occasion: Occasion?

  /// What takes the energy.
  package enum Occasion: String, Sendable, CaseIterable {
    case inference, image, token, training
  }

  /// Throws where `text` is not a number, a unit of energy and, after a slash, an occasion.
  package init(_ text: String) throws(QuantityError) {
    let trimmed = text.drop { $0 == " " }
    let digits = trimmed.prefix { $0.isNumberPart }
    // "1e3 J" has an exponent, "1 EJ" has a prefix, and "1eJ" has neither.
    guard let number = Double(digits), number.isFinite, number >= 0 else {
      throw QuantityError("'\(text)' does not start with a number that is not negative")
    }
    let unit = trimmed.dropFirst(digits.count).drop { $0 == " " }
    let parts = unit.split(separator: "/", omittingEmptySubsequences: false)
    guard let energy = parts.first, !energy.isEmpty else {
      throw QuantityError("'\(text)' has no unit")
    }
    guard let factor = Self.joules(in: energy) else {
      throw QuantityError("'\(energy)' is no unit of energy")
    }
    switch parts.count {
    case 1: occasion = nil
    case 2: occasion = try Self.occasion(parts[1])
    default: throw QuantityError("'\(text)' has more than one '/'")
    }
    joules = number * factor
    guard joules.isFinite else { throw QuantityError("'\(text)' is too large") }
  }

  private static func joules(in unit: Substring) -> Double? {
    let units: [(name: String, joules: Double)] = [("Wh", 3600), ("J", 1)]
    for (name, joules) in units where unit.hasSuffix(name) {
      return factor(of: unit.dropLast(name.count)).map { $0 * joules }
    }
    return nil
  }

  /// What an SI prefix stands for; the micro sign, the Greek letter and `u` are the same.
  private static func factor(of prefix: Substring) -> Double? {
    switch prefix {
    case "p": 1e-12
    case "n": 1e-9
    case "u", "\u{B5}", "\u{3BC}": 1e-6
    case "m": 1e-3
    case "": 1
    case "k": 1e3
    case "M": 1e6
    case "G": 1e9
    case "T": 1e12
    default: nil
    }
  }

  private static func occasion(_ word: Substring) throws(QuantityError) -> Occasion {
    switch word {
    case "inf", "inference": .inference
    case "image": .image
    case "token": .token
    case "training": .training
    default: throw QuantityError("'/\(word)' is not known")
    }
  }
}

/// Why a text is no quantity, as a clause for its author.
package struct QuantityError: Error, Hashable, Sendable {
  package let message: String
  package init(_ message: String) { self.message = message }
}

extension Character {
  /// Whether the character may occur in a decimal number; an exponent's `E` is left to the unit's prefixes.
  fileprivate var isNumberPart: Bool { "0123456789.+-e".contains(self) }
}
