/// An electricity grid, and the greenhouse gas that its power stands for.
package struct Grid: Hashable, Sendable {
  package var kind: Kind
  /// What users call it: `DE`, `gcp:europe-west1`, `World`.
  package var code: String
  /// What else it answers to: `DEU`.
  package var otherCodes: [String]
  package var name: String
  /// Grams of CO2 equivalent for each kilowatt-hour.
  package var gramsPerKilowattHour: Double
  /// The year that the figure is for; nil where the user gave it.
  package var year: Int?

  package enum Kind: String, Sendable, CaseIterable {
    /// Several countries, or all of them.
    case area
    case country
    /// Where a provider of clouds has data centres.
    case cloud
    /// A figure of the user's own.
    case given
  }

  /// A grid of which the user knows the intensity, in grams of CO2 equivalent for each kilowatt-hour.
  package init(gramsPerKilowattHour: Double) {
    kind = .given
    code = "given"
    otherCodes = []
    name = "as given"
    self.gramsPerKilowattHour = gramsPerKilowattHour
    year = nil
  }

  private init?(row: Substring) {
    let cells = row.split(separator: "|", omittingEmptySubsequences: false)
    guard cells.count == 5, let kind = Kind(rawValue: String(cells[0])),
      let grams = Double(cells[3]), let year = Int(cells[4])
    else { return nil }
    let codes = cells[1].split(separator: " ").map(String.init)
    guard let code = codes.first else { return nil }
    self.kind = kind
    self.code = code
    otherCodes = Array(codes.dropFirst())
    name = String(cells[2])
    gramsPerKilowattHour = grams
    self.year = year
  }

  /// Where the figure comes from.
  package var source: String {
    switch kind {
    case .area, .country: "Ember Yearly Electricity Data"
    case .cloud: "GoogleCloudPlatform/region-carbon-info 49f3f26"
    case .given: "given by the user"
    }
  }

  /// What the figure counts.
  package var basis: String {
    switch kind {
    case .area, .country: "lifecycle emissions of the production mix"
    case .cloud: "average of the local grid in operation"
    case .given: "given by the user"
    }
  }
}

extension Grid {
  /// Every grid that there is a figure for: the world first, then areas, countries and clouds by code.
  package static let all: [Grid] = table.split(separator: "\n").compactMap { Grid(row: $0) }

  /// The world's average, which stands where no region is given; nil where the table has lost it.
  package static var world: Grid? {
    table.split(separator: "\n", maxSplits: 1).first.flatMap { Grid(row: $0) }
  }

  /// The grid that users call `word`, by a code or by its name, in capitals or not.
  package static func named(_ word: String) -> Grid? {
    let word = word.lowercased()
    return all.first { grid in
      ([grid.code, grid.name] + grid.otherCodes).contains { $0.lowercased() == word }
    }
  }
}
