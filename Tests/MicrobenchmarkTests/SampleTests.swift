import BenchmarkKernels
import Testing

@testable import Microbenchmark

@Suite struct SampleTests {
  private static let problems: [Problem] = [
    .none, .elements(77), .rows(3, columns: 1000), .product(rows: 1, columns: 2, depth: 3),
    .convolution(
      ConvolutionExtents(
        batch: 2, size: 14, inputChannels: 64, outputChannels: 32, kernel: 3, stride: 2,
        groups: 32)),
  ]

  private func sample(_ problem: Problem) -> Sample {
    var sample = Sample(
      Subject(
        name: "a", .gemm, .float16, provider: "nncost", problem,
        KernelWork(operations: 5, transcendentals: 4, bytes: 3, cachedBytes: 2, sharedBytes: 1)),
      repetition: 3, started: 12.5,
      Measurement(
        launchSeconds: 1.23457e-3, burstSeconds: 1.1e-3, counterWatts: 61.5, integralWatts: 61.25,
        seconds: 5.01, updates: 51, multiprocessorClock: 1590, memoryClock: nil,
        celsiusAtStart: 60, celsiusAtEnd: 61, throttling: .powerCap), isLocked: true)
    sample.idleWattsBefore = 26.5
    sample.idleWattsAfter = 27.5
    return sample
  }

  @Test(arguments: problems)
  func `a sample that is written reads back the same`(problem: Problem) throws {
    var rejected = sample(problem)
    rejected.rejection = "the integral of power differs; a lot"
    var table = SampleTable()
    table.facts = [("board", "A, B = C"), ("uuid", "1")]
    table.samples = [sample(problem), rejected]
    var text = SampleTable.title + "\n"
    for fact in table.facts { text += SampleTable.line(fact) }
    text += SampleTable.columns.joined(separator: ",") + "\n"
    for sample in table.samples { text += SampleTable.line(sample) }
    let back = try SampleTable(text: text + "unfinished", file: "x.csv")
    #expect(back.samples == table.samples)
    #expect(back.fact("board") == "A, B = C")
    #expect(back.fact("nothing") == nil)
  }

  @Test(arguments: [
    ("", "x.csv:1: this is no file of samples"),
    ("\(SampleTable.title)\n# novalue\n", "x.csv:2: expected '# key=value'"),
    ("\(SampleTable.title)\nkernel,class\n", "x.csv:2: the columns are not those of this version"),
  ])
  func `a file that is none of samples is told by line`(text: String, message: String) {
    let obstacle = #expect(throws: Obstacle.self) { try SampleTable(text: text, file: "x.csv") }
    #expect(obstacle?.description.hasPrefix(message) == true)
  }

  @Test(arguments: 0..<SampleTable.columns.count)
  func `a field that is damaged is told, or is a text`(column: Int) throws {
    let header = SampleTable.title + "\n" + SampleTable.columns.joined(separator: ",") + "\n"
    var fields = SampleTable.line(sample(.elements(1))).dropLast()
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    fields[column] = "-1e999x"
    let texts = ["kernel", "provider", "rejected"]
    if texts.contains(SampleTable.columns[column]) {
      let table = try SampleTable(text: header + fields.joined(separator: ",") + "\n", file: "x")
      #expect(table.samples.count == 1)
    } else {
      let obstacle = #expect(throws: Obstacle.self) {
        try SampleTable(text: header + fields.joined(separator: ",") + "\n", file: "x")
      }
      #expect(obstacle?.description.hasPrefix("x:3: ") == true)
    }
  }

  @Test(arguments: [
    "none:1", "elements", "elements:0", "elements:-3", "rows:1", "product:1:2", "convolution:1:2",
    "convolution:1:8:3:8:3:1:2", "elements:99999999999999999999", "cube:1", "",
  ])
  func `extents that make no problem are none`(text: String) {
    #expect(Problem(text: text) == nil)
  }

  @Test func `counter and power that are 5 % apart are too far apart`() {
    func rejection(_ integral: Double) -> String? {
      Sample(
        Subject(name: "a", .copy, .float32, provider: "nncost", .elements(1), KernelWork()),
        repetition: 0, started: 0,
        Measurement(
          launchSeconds: 1, burstSeconds: 1, counterWatts: 50, integralWatts: integral, seconds: 5,
          updates: 50, throttling: []), isLocked: false
      ).rejection
    }
    #expect(rejection(52.4) == nil)
    #expect(rejection(52.6) == "the integral of power differs from the counter by 5.2 %")
    #expect(rejection(47.4) == "the integral of power differs from the counter by -5.2 %")
    #expect(rejection(.nan) != nil)
  }

  @Test func `the order of measurements is another in each repetition, and the same for one seed`()
  {
    var plan = Plan.full
    plan.repetitions = 3
    let jobs = Schedule.jobs([Bool](repeating: true, count: 20), plan, seed: 1)
    #expect(jobs == Schedule.jobs([Bool](repeating: true, count: 20), plan, seed: 1))
    let rounds = (0..<3).map { round in jobs.filter { $0.repetition == round }.map(\.kernel) }
    for round in rounds { #expect(round.sorted() == Array(0..<20)) }
    #expect(rounds[0] != rounds[1])
    #expect(rounds[1] != rounds[2])
  }

  @Test func `a temperature that rises is not steady`() throws {
    var rising = Warming(window: 60)
    var steady = Warming(window: 60)
    for second in 0...120 {
      rising.add((40 + Double(second) / 30).rounded(), at: Double(second))
      steady.add(second < 70 ? 40 + Double(second) / 10 : 47, at: Double(second))
      if second < 50 { #expect(rising.slope == nil) }
    }
    #expect(try #require(rising.slope) > 1.5)
    #expect(try #require(steady.slope).magnitude < 0.8)
  }
}
