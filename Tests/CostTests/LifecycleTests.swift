import Testing

@testable import Cost

@Suite struct LifecycleTests {
  let t4: Device

  init() throws { t4 = try #require(try Device.named("t4")) }

  private func lifecycle(
    _ plan: Lifecycle.Plan, training: Double? = 1000, inference: Double = 2, seconds: Double = 0.1
  ) -> Lifecycle {
    Lifecycle(
      plan, training: training.map { Interval($0, low: $0 / 2, high: $0 * 2) },
      inference: Interval(inference, low: inference / 2, high: inference * 2),
      secondsPerInference: Interval(exactly: seconds), on: t4)
  }

  private func use(_ inferences: Double, boards: Int? = nil) -> Lifecycle.Use {
    .init(inferences: inferences, lifetimeSeconds: 1e6, assumesLifetime: false, boards: boards)
  }

  @Test func `the phases are those of the equation, each times the building's overhead`() {
    let plan = Lifecycle.Plan(
      carbon: Carbon(pue: 1.5), search: Search(trials: 10, method: nil), use: use(400))
    let lifecycle = lifecycle(plan)
    #expect(lifecycle.search?.value == 15_000)
    #expect(lifecycle.training?.value == 1500)
    #expect(lifecycle.inferences?.value == 1200)
    #expect(lifecycle.total.value == 17_700)
    #expect(lifecycle.total.low == lifecycle.total.value / 2)
    #expect(lifecycle.phases.map(\.name) == ["search", "training", "inferences"])
  }

  @Test func `what is not planned is no phase`() {
    let lifecycle = lifecycle(.init(carbon: Carbon()), training: nil)
    #expect(lifecycle.phases.isEmpty)
    #expect(lifecycle.total.value == 0)
    #expect(lifecycle.breakEvenInferences == nil)
    #expect(lifecycle.inference.value == 1.58 * 2)
  }

  @Test func `use equals training at the inferences that say so`() throws {
    let plan = Lifecycle.Plan(carbon: Carbon(), search: Search(trials: 4, method: .random))
    let count = try #require(lifecycle(plan).breakEvenInferences)
    #expect(abs(count - 5 * 1000 / 2) < 1e-9 * count)
    var used = plan
    used.use = use(count)
    let lifecycle = lifecycle(used)
    let share = try #require(lifecycle.inferences).value / lifecycle.total.value
    #expect(abs(share - 0.5) < 1e-12)
  }

  @Test func `boards kept ready draw idle power for the time that they are not busy`() throws {
    let plan = Lifecycle.Plan(carbon: Carbon(pue: 1), use: use(1e6, boards: 2))
    let standby = try #require(lifecycle(plan).standby)
    #expect(abs(standby.value - (2e6 - 1e5) * t4.power.idleContextWatts) < 1e-6 * standby.value)
    #expect(lifecycle(plan).busyBoards == 0.1)
    #expect(lifecycle(plan).possibleStandby == nil)
  }

  @Test func `without a board kept ready, waiting is told and not counted`() throws {
    let lifecycle = lifecycle(
      .init(carbon: Carbon(pue: 1), use: use(1e6)), training: nil)
    #expect(lifecycle.standby == nil)
    let possible = try #require(lifecycle.possibleStandby)
    #expect(abs(possible.value - 9e5 * t4.power.idleContextWatts) < 1e-6 * possible.value)
    #expect(lifecycle.total == lifecycle.inferences)
  }

  @Test func `boards that are never idle draw nothing while idle`() {
    let plan = Lifecycle.Plan(carbon: Carbon(), use: use(1e8, boards: 3))
    #expect(lifecycle(plan).standby?.value == 0)
  }

  @Test func `a training of which four fifths is overhead takes exactly five times the inferences`()
  {
    let training = OverheadTraining(
      datasetSize: 4708, epochs: 25, overhead: 0.8, joulesPerInference: Interval(exactly: 0.2),
      secondsPerInference: Interval(exactly: 0.003))
    #expect(training.factor == 5)
    #expect(abs(training.joules.value - 5 * 0.2 * 4708 * 25) < 1e-6)
    // The study's break-even: 5 times the examples of all epochs.
    let lifecycle = lifecycle(
      .init(carbon: Carbon()), training: training.joules.value, inference: 0.2)
    #expect(abs((lifecycle.breakEvenInferences ?? 0) - 588_500) < 1e-3)
  }

  @Test(arguments: [1, 2, 7], [1, 3, 10])
  func `energy is linear in the dataset's size and in epochs`(size: Int, epochs: Int) {
    func joules(_ size: Int, _ epochs: Int) -> Double {
      OverheadTraining(
        datasetSize: size, epochs: epochs, overhead: 0.8,
        joulesPerInference: Interval(exactly: 0.25), secondsPerInference: Interval(exactly: 1)
      ).joules.value
    }
    #expect(joules(size * 100, epochs) == Double(size * epochs) * joules(100, 1))
  }

  @Test func `the phase that takes most is named, where there are several`() {
    let plan = Lifecycle.Plan(carbon: Carbon(), use: use(1e6))
    #expect(lifecycle(plan).dominant?.name == "inferences")
    #expect(lifecycle(plan, training: 1e9).dominant?.name == "training")
    #expect(lifecycle(plan, training: nil).dominant == nil)
  }

  @Test func `making several inferences at once is told where it saves`() {
    var lifecycle = lifecycle(.init(carbon: Carbon(pue: 1.5), use: use(1e6)))
    lifecycle.compare(batch: 8, inference: Interval(exactly: 3))
    #expect(lifecycle.batched == nil && lifecycle.batchedSaving == 0)
    lifecycle.compare(batch: 8, inference: Interval(exactly: 0.5))
    #expect(lifecycle.batched?.inference.value == 0.75)
    #expect(lifecycle.batchedSaving == 0.75)
  }

  @Test func `Bayesian search needs 27 of 64 rounds`() {
    #expect(Search(trials: nil, method: .bayesian).trials == 27)
    #expect(Search(trials: nil, method: .grid).trials == 64)
    #expect(Search(trials: nil, method: nil).assumesTrials)
    #expect(abs(Search(trials: 64, method: .grid).bayesianSaving - 0.578125) < 1e-12)
    #expect(Search(trials: 20, method: .grid).bayesianSaving == 0)
  }
}
