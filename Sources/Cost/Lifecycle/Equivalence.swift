/// An everyday thing that emits greenhouse gas, to compare with.
///
/// The factors are those of the United States Environmental Protection Agency's Greenhouse Gas Equivalencies
/// Calculator, "Calculations and References", in the edition of 2024.
package enum Equivalence: String, Sendable, CaseIterable {
  case smartphoneCharges = "smartphone charges"
  case carKilometres = "km driven in an average petrol car"
  case homeYears = "years of an average United States home's electricity"

  package static let edition = "EPA Greenhouse Gas Equivalencies Calculator, 2024"

  /// Grams of CO2 equivalent for one of them.
  package var grams: Double {
    switch self {
    case .smartphoneCharges: 12.4
    // 3.93e-4 t for each mile.
    case .carKilometres: 393 / 1.609344
    case .homeYears: 4.798e6
    }
  }

  /// How many of them stand for `grams`.
  package func count(for grams: Double) -> Double { grams / self.grams }
}
