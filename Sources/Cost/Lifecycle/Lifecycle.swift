/// The energy of a model from the search for it to its last inference.
///
/// `EC = CT + T + e·I + S`: the search, the training, `e` inferences, and what boards kept ready draw while they
/// wait. Every phase is that of the data centre: what the board draws times the power usage effectiveness.
package struct Lifecycle: Hashable, Sendable {
  package let plan: Plan
  /// What trying out other models took; nil where no search is planned.
  package let search: Interval?
  /// What training the model takes; nil where no training is planned.
  package let training: Interval?
  /// What one inference takes.
  package let inference: Interval
  /// What one inference takes when several are made at once; nil where that is not known, or saves nothing.
  package var batched: Batched?
  /// What all inferences take; nil where nobody said how many.
  package let inferences: Interval?
  /// What boards kept ready draw between inferences; nil where none are.
  package let standby: Interval?
  /// What one board kept ready for the whole lifetime draws between inferences, though it is in no total.
  package let possibleStandby: Interval?
  /// The boards that the inferences keep busy, as a number with a fraction; nil where nobody said how many.
  package let busyBoards: Double?

  /// What is done with a model.
  package struct Plan: Hashable, Sendable {
    package var carbon: Carbon
    package var search: Search?
    package var use: Use?

    package init(carbon: Carbon, search: Search? = nil, use: Use? = nil) {
      self.carbon = carbon
      self.search = search
      self.use = use
    }
  }

  /// Inferences made at once.
  package struct Batched: Hashable, Sendable {
    package var batch: Int
    /// What one of them takes, at the meter of the data centre.
    package var inference: Interval
  }

  /// How much a model is used, and for how long.
  package struct Use: Hashable, Sendable {
    /// Inferences over the lifetime.
    package var inferences: Double
    package var lifetimeSeconds: Double
    /// Whether nobody gave the lifetime.
    package var assumesLifetime: Bool
    /// Boards that are kept ready for the whole lifetime; nil where they do other work between inferences.
    package var boards: Int?

    package init(
      inferences: Double, lifetimeSeconds: Double, assumesLifetime: Bool, boards: Int? = nil
    ) {
      self.inferences = inferences
      self.lifetimeSeconds = lifetimeSeconds
      self.assumesLifetime = assumesLifetime
      self.boards = boards
    }
  }

  /// The lifecycle of a model whose inference and training take so many joules at the board.
  package init(
    _ plan: Plan, training: Interval?, inference: Interval, secondsPerInference: Interval,
    on device: Device
  ) {
    self.init(
      plan, training: training, inference: inference, secondsPerInference: secondsPerInference,
      idleWatts: device.power.idleContextWatts)
  }

  /// The same on a board that draws `idleWatts` while it waits.
  package init(
    _ plan: Plan, training: Interval?, inference: Interval, secondsPerInference: Interval,
    idleWatts: Double
  ) {
    let carbon = plan.carbon
    self.plan = plan
    self.training = training.map(carbon.facilityJoules)
    search = plan.search.flatMap { search in
      training.map { carbon.facilityJoules($0) * Double(search.trials) }
    }
    self.inference = carbon.facilityJoules(inference)
    guard let use = plan.use else {
      (inferences, standby, possibleStandby, busyBoards) = (nil, nil, nil, nil)
      return
    }
    inferences = self.inference * use.inferences
    let busySeconds = secondsPerInference.value * use.inferences
    /// What `boards` draw while they wait; nothing where they never do.
    func waiting(_ boards: Int) -> Interval {
      let seconds = max(0, Double(boards) * use.lifetimeSeconds - busySeconds)
      return carbon.facilityJoules(Interval(exactly: seconds * idleWatts))
    }
    busyBoards = busySeconds / use.lifetimeSeconds
    standby = use.boards.map(waiting)
    possibleStandby = use.boards == nil ? waiting(1) : nil
  }

  /// Says what one inference takes at the board when `batch` are made at once.
  package mutating func compare(batch: Int, inference: Interval) {
    let facility = plan.carbon.facilityJoules(inference)
    guard facility.value < self.inference.value else { return }
    batched = Batched(batch: batch, inference: facility)
  }

  /// The joules of inferences and waiting boards in so many seconds of use; nil where nobody said how many.
  package func use(for seconds: Double) -> Interval? {
    guard let inferences, let use = plan.use else { return nil }
    let all = standby.map { inferences + $0 } ?? inferences
    return all * (seconds / use.lifetimeSeconds)
  }

  /// The share of an inference's energy that making several at once saves; 0 where that is not known.
  package var batchedSaving: Double {
    guard let batched, inference.value > 0 else { return 0 }
    return 1 - batched.inference.value / inference.value
  }

  /// The phase that takes most, with its share; nil where there is one phase or none.
  package var dominant: (name: String, share: Double)? {
    guard phases.count > 1, total.value > 0,
      let most = phases.max(by: { $0.joules.value < $1.joules.value })
    else { return nil }
    return (most.name, most.joules.value / total.value)
  }

  /// Each phase that there is, with its name.
  package var phases: [(name: String, joules: Interval)] {
    let all: [(String, Interval?)] = [
      ("search", search), ("training", training), ("inferences", inferences), ("standby", standby),
    ]
    return all.compactMap { name, joules in joules.map { (name, $0) } }
  }

  /// The joules of all phases.
  package var total: Interval { phases.reduce(Interval(exactly: 0)) { $0 + $1.joules } }

  /// The share of search and training in the joules of all phases, from 0 to 1.
  package var makingShare: Double {
    let made = [search, training].compactMap { $0?.value }.reduce(0, +)
    return total.value > 0 ? made / total.value : 0
  }

  /// The inferences that take as much as search and training together; nil where there is neither, or an
  /// inference takes nothing.
  package var breakEvenInferences: Double? {
    let made = [search, training].compactMap { $0?.value }
    guard !made.isEmpty, inference.value > 0 else { return nil }
    return made.reduce(0, +) / inference.value
  }

  /// The grams of CO2 equivalent that stand for `joules` of this lifecycle.
  package func grams(_ joules: Interval) -> Interval {
    joules * (plan.carbon.grid.gramsPerKilowattHour / joulesPerKilowattHour)
  }
}
