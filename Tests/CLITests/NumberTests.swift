import Foundation
import Testing

@testable import CLI

@Test(arguments: [
  (0.0, "0"), (1, "1.00"), (-1, "-1.00"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"),
  (999.6, "1000"), (1234, "1230"), (123_456, "123000"), (0.0615, "0.0615"),
  (0.000_123_4, "0.000123"),
  (1e-7, "1.00e-7"), (1e9, "1.00e9"), (1.2345e300, "1.23e300"),
  (.leastNonzeroMagnitude, "4.94e-324"),
  (1.797e308, "1.80e308"), (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "unknown"),
])
func `numbers have three significant digits`(value: Double, text: String) {
  #expect(Number.text(value) == text)
}

@Test func `no number is off by more than half of its third digit`() throws {
  for exponent in -20...20 {
    for step in 100...999 {
      let value = (Double(step) + 0.37) * pow(10, Double(exponent))
      let read = try #require(Double(Number.text(value)))
      #expect(abs(read - value) < 0.500_001 * pow(10, Double(exponent)))
    }
  }
}

@Test(arguments: [
  (0.0, "0 J"), (0.61, "610 mJ"), (1, "1.00 J"), (9.1e-3, "9.10 ms"), (999.7, "1.00 kJ"),
  (4.089e9, "4.09 GJ"), (1e-20, "0.0100 aJ"), (1e22, "10000 EJ"),
])
func `a unit takes the prefix that suits it`(value: Double, text: String) {
  let unit = text.hasSuffix("s") ? "s" : "J"
  #expect(Number.text(value, unit: unit) == text)
}

@Test func `the figures of a table share a prefix`() {
  let scale = Scale(for: [0.61, 0.0501, 0.000_2], unit: "J")
  #expect(scale.unit == "mJ")
  #expect([0.61, 0.0501, 0.000_2].map(scale.text) == ["610", "50.1", "0.200"])
}

@Test(arguments: [
  (0.0, "0 %"), (1, "100 %"), (0.18, "18 %"), (0.034, "3.4 %"), (0.0012, "0.1 %"),
  (0.0009, "0.09 %"),
  (0.000_01, "<0.01 %"), (0.9999, "99.9 %"), (0.0994, "9.9 %"), (0.0996, "10 %"), (1.5, "150 %"),
])
func `a share is never rounded to nothing or to all`(share: Double, text: String) {
  #expect(Number.percent(share) == text)
}

@Test(arguments: [
  (0, "0"), (999, "999"), (1000, "1.00 k"), (102_760_448, "103 M"), (Int.max, "9.22 E"),
])
func `counts below a thousand are exact`(count: Int, text: String) {
  #expect(Number.text(count) == text)
}

@Test(arguments: [
  (0.0129, "12.9 mg"), (129, "129 g"), (1290, "1.29 kg"), (1.29e6, "1.29 t"), (1.29e9, "1.29 kt"),
])
func `masses are in grams, kilograms or tonnes`(grams: Double, text: String) {
  #expect(Number.mass(grams) == text)
}

@Test(arguments: [(1.0, "1 year"), (1.5, "18 months"), (2, "2 years"), (0.1, "36.5 days")])
func `long times are in whole years or months where they can be`(years: Double, text: String) {
  #expect(Number.years(years * 365.25 * 86400) == text)
}
