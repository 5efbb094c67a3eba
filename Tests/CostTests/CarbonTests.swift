import Testing

@testable import Cost

/// Grams of CO2e for joules at a wall, at so many kilograms for each kilowatt-hour.
private func grams(_ joules: Double, kilogramsPerKilowattHour: Double) -> Double {
  let carbon = Carbon(pue: 1, grid: Grid(gramsPerKilowattHour: kilogramsPerKilowattHour * 1000))
  return carbon.grams(Interval(exactly: joules)).value
}

@Suite struct CarbonTests {
  /// The fine-tuning study prints these grams as kilograms.
  @Test(arguments: [(4120.0, 0.4955), (32_800, 3.95), (100_200, 12.05)])
  func `the fine-tuning study's emissions are grams`(joules: Double, expected: Double) {
    let grams = grams(joules, kilogramsPerKilowattHour: 0.433)
    #expect(abs(grams - expected) < 0.005)
  }

  @Test func `GPT-3's tonnes and megawatt-hours are those of one grid`() {
    let tonnes = grams(1287e3 * 3.6e6, kilogramsPerKilowattHour: 552e3 / 1287e3) / 1e6
    #expect(abs(tonnes - 552) < 1e-6)
    #expect(abs(552e3 / 1287e3 - 0.4289) < 1e-4)
  }

  @Test func `the lifecycle study's cleanest and dirtiest grids are 36.8 apart`() {
    let ratio =
      grams(1, kilogramsPerKilowattHour: 0.7366) / grams(1, kilogramsPerKilowattHour: 0.020)
    #expect(abs(ratio - 36.83) < 0.005)
  }

  @Test func `without a word, the survey's PUE and the world's grid stand, and say so`() {
    let carbon = Carbon()
    #expect(carbon.pue == 1.58 && carbon.assumesPUE)
    #expect(carbon.grid.code == "World" && carbon.assumesGrid)
    let given = Carbon(pue: 1.1, grid: Grid(gramsPerKilowattHour: 100))
    #expect(!given.assumesPUE && !given.assumesGrid)
    #expect(abs(given.grams(Interval(exactly: 3.6e6)).value - 110) < 1e-9)
  }

  @Test func `every grid has a figure, a year and a code of its own`() {
    #expect(Grid.all.count == 266)
    #expect(Grid.all.count { $0.kind == .country } == 209)
    #expect(Grid.all.count { $0.kind == .cloud } == 44)
    #expect(Grid.world == Grid.all.first)
    for grid in Grid.all {
      #expect(grid.gramsPerKilowattHour >= 0 && grid.gramsPerKilowattHour < 1500)
      #expect((2015...2030).contains(grid.year ?? 0))
      #expect(!grid.name.isEmpty && grid.kind != .given)
    }
    let codes = Grid.all.flatMap { [$0.code] + $0.otherCodes }
    #expect(Set(codes).count == codes.count)
    #expect(Grid.table.split(separator: "\n").count == Grid.all.count)
  }

  @Test(arguments: ["DE", "de", "DEU", "germany", "Germany"])
  func `a country answers to its codes and its name`(word: String) {
    #expect(Grid.named(word)?.name == "Germany")
  }

  @Test func `a cloud's region answers with and without the cloud`() {
    #expect(Grid.named("gcp:europe-west1")?.name == "Belgium")
    #expect(Grid.named("europe-west1") == Grid.named("GCP:europe-west1"))
    #expect(Grid.named("nowhere") == nil)
    #expect(Grid.named("") == nil)
  }

  @Test func `equivalences are so many of a thing`() {
    #expect(Equivalence.smartphoneCharges.count(for: 124) == 10)
    #expect(abs(Equivalence.carKilometres.count(for: 393) - 1.609344) < 1e-12)
    #expect(Equivalence.homeYears.count(for: 4.798e6) == 1)
  }
}
