/// An amount of energy or CO2e for something done, as people write it: `11 mJ/inf`, `900 gCO2e/month`.
package struct Quantity: Hashable, Sendable {
  /// Joules, or grams of CO2 equivalent.
  package var amount: Double
  package var dimension: Dimension
  /// What it is for; nil where the text does not say.
  package var occasion: Occasion?

  package enum Dimension: String, Sendable, CaseIterable {
    case energy, carbon
  }

  /// What takes the energy.
  package enum Occasion: String, Sendable, CaseIterable {
    case inference, image, token, training
    /// So much time of use.
    case day, month, year
    /// Search, training and all use.
    case lifecycle

    /// The seconds of a time of use; nil for everything else.
    package var seconds: Double? {
      switch self {
      case .day: 86400
      case .month: 365.25 * 86400 / 12
      case .year: 365.25 * 86400
      case .inference, .image, .token, .training, .lifecycle: nil
      }
    }
  }

  /// Throws where `text` is not a number, a unit and, after a slash, an occasion.
  package init(_ text: String) throws(QuantityError) {
    let trimmed = text.drop { $0 == " " }
    let digits = trimmed.prefix { $0.isNumberPart }
    // "1e3 J" has an exponent, "1 EJ" has a prefix, and "1eJ" has neither.
    guard let number = Double(digits), number.isFinite, number >= 0 else {
      throw QuantityError("'\(text)' does not start with a number that is not negative")
    }
    let unit = trimmed.dropFirst(digits.count).filter { $0 != " " }
    let parts = unit.split(separator: "/", omittingEmptySubsequences: false)
    guard let energy = parts.first, !energy.isEmpty else {
      throw QuantityError("'\(text)' has no unit")
    }
    guard let (factor, dimension) = Self.unit(energy) else {
      throw QuantityError("'\(energy)' is no unit of energy (J, Wh) or of CO2e (gCO2e)")
    }
    self.dimension = dimension
    switch parts.count {
    case 1: occasion = nil
    case 2: occasion = try Self.occasion(parts[1])
    default: throw QuantityError("'\(text)' has more than one '/'")
    }
    amount = number * factor
    guard amount.isFinite else { throw QuantityError("'\(text)' is too large") }
  }

  private static func unit(_ word: Substring) -> (factor: Double, dimension: Dimension)? {
    let units: [(name: String, factor: Double, dimension: Dimension)] = [
      ("Wh", 3600, .energy), ("J", 1, .energy), ("gCO2eq", 1, .carbon), ("gCO2e", 1, .carbon),
      ("tCO2eq", 1e6, .carbon), ("tCO2e", 1e6, .carbon),
    ]
    for unit in units where word.hasSuffix(unit.name) {
      return factor(of: word.dropLast(unit.name.count)).map { ($0 * unit.factor, unit.dimension) }
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
    case "day": .day
    case "month": .month
    case "year": .year
    case "lifecycle": .lifecycle
    default:
      throw QuantityError(
        "'/\(word)' is not known; there are /inf, \(Occasion.allCases.dropFirst().map { "/\($0.rawValue)" }.joined(separator: ", "))"
      )
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
