/// What turns the energy of a board into that of a building, and into greenhouse gas.
package struct Carbon: Hashable, Sendable {
  /// Power usage effectiveness: the energy of a data centre for each that its machines draw; 1 or above.
  package var pue: Double
  package var grid: Grid
  /// Whether nobody gave `pue`.
  package var assumesPUE: Bool
  /// Whether nobody gave a region.
  package var assumesGrid: Bool

  /// The average of the Uptime Institute's survey of 2020, which the lifecycle study uses as well.
  package static let surveyedPUE = 1.58

  /// Without a `pue` or a `grid`, the surveyed average and the world's.
  package init(pue: Double? = nil, grid: Grid? = nil) {
    self.pue = pue ?? Self.surveyedPUE
    self.grid = grid ?? Grid.world ?? Grid(gramsPerKilowattHour: .nan)
    assumesPUE = pue == nil
    assumesGrid = grid == nil
  }

  /// The joules that a data centre draws for `joules` at the board.
  package func facilityJoules(_ joules: Interval) -> Interval { joules * pue }

  /// The grams of CO2 equivalent that stand for `joules` at the board, what the building draws included.
  package func grams(_ joules: Interval) -> Interval {
    facilityJoules(joules) * (grid.gramsPerKilowattHour / joulesPerKilowattHour)
  }
}

package let joulesPerKilowattHour = 3.6e6
