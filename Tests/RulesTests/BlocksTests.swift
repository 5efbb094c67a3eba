import Testing

@testable import Rules

@Suite struct BlocksTests {
  @Test(arguments: 1...4, 2...9) func `a run is found whole, wherever it stands`(
    _ period: Int, _ count: Int
  ) {
    let unit = Array(0..<period)
    let repeated = (0..<count).flatMap { _ in unit }
    for before in 0...3 {
      let noise = (0..<before).map { 100 + $0 }
      let runs = Run.all(in: noise + repeated + [200, 201], atLeast: count, longest: 6)
      #expect(runs == [Run(start: before, period: period, count: count)])
    }
  }

  @Test func `fewer repeats than asked for are no run`() {
    #expect(Run.all(in: [1, 1, 1, 2, 2], atLeast: 4, longest: 6) == [])
  }

  @Test func `two runs next to each other are kept apart`() {
    let runs = Run.all(in: [1, 1, 1, 2, 2, 2, 2], atLeast: 3, longest: 3)
    #expect(runs == [Run(start: 0, period: 1, count: 3), Run(start: 3, period: 1, count: 4)])
  }
}
