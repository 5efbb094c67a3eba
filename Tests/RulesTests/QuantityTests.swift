import Rules
import Testing

@Test(arguments: [
  ("11 mJ/inf", 11e-3), ("1 uJ/inf", 1e-6), ("1 µJ/inf", 1e-6), ("1 μJ/inf", 1e-6), ("0 J/inf", 0),
  ("1000 J/inf", 1000), ("0.5J/inference", 0.5), (" 2.5e3 nJ/inf", 2.5e-6), ("1e-3 kJ/inf", 1),
  ("3 MJ/inf", 3e6), ("1 GJ/inf", 1e9), ("1 TJ/inf", 1e12), ("1 pJ/inf", 1e-12), ("1 mWh/inf", 3.6),
])
func `energy of an inference is read in any SI prefix`(text: String, joules: Double) throws {
  let quantity = try Quantity(text)
  #expect(abs(quantity.amount - joules) <= 1e-12 * joules)
  #expect(quantity.occasion == .inference)
}

@Test func `energy of a training run is read in watt hours too`() throws {
  let quantity = try Quantity("2 kWh/training")
  #expect(quantity.amount == 7.2e6)
  #expect(quantity.occasion == .training)
  #expect(try Quantity("10 uJ").occasion == nil)
}

@Test(arguments: [
  "", " ", "11", "11 ", "mJ/inf", "-1 J/inf", "nan J/inf", "inf J/inf", "0x10 J/inf", "1e J/inf",
  "1 mj/inf", "1 Wj", "1 s/inf", "1 J/", "1 J/epoch", "1 J/inf/inf", "1 xJ/inf", "1..2 J/inf",
  "1e400 J/inf", "1e308 TJ/inf", "1,5 J/inf", "µJ",
])
func `what is no energy is an error`(text: String) {
  #expect(throws: QuantityError.self) { try Quantity(text) }
}

@Test func `a limit has to say for what it is`() {
  #expect(throws: QuantityError.self) { try Budget("11 mJ") }
}

@Test(arguments: [
  ("900 gCO2e/month", 900.0, Quantity.Occasion.month), ("5 kgCO2e/training", 5000, .training),
  ("2 mgCO2e/inf", 2e-3, .inference), ("1.5 t CO2eq/lifecycle", 1.5e6, .lifecycle),
  ("3 kg CO2e/year", 3000, .year),
])
func `greenhouse gas is read in grams, kilograms and tonnes`(
  text: String, grams: Double, occasion: Quantity.Occasion
) throws {
  let quantity = try Quantity(text)
  #expect(quantity.dimension == .carbon && quantity.occasion == occasion)
  #expect(abs(quantity.amount - grams) <= 1e-12 * grams)
}
