import BenchmarkKernels

/// A board measured from beginning to end: its sensor, its rest, and every kernel.
///
/// What is found goes to `record` at once, so that whatever ends the campaign, what was measured stays.
struct Campaign: ~Copyable {
  private let bench: Bench
  private let products: [Product]
  private let plan: Plan
  private let isLocked: Bool
  private let record: (Entry) throws(Obstacle) -> Void
  private let say: (String) -> Void
  private let started: Double
  /// Everything recorded so far, that of earlier campaigns included.
  private var table: SampleTable
  private var progress: Progress
  private var jobsStarted = 0.0
  private var patterns = PatternCache()

  /// What is written as soon as it is known.
  enum Entry {
    case fact(key: String, value: String)
    case sample(Sample)
    /// A block is over, and everything is to be written anew: its samples have what was measured after it.
    case block(SampleTable)
  }

  init(
    _ bench: consuming Bench, _ products: [Product], _ plan: Plan, continuing table: SampleTable,
    isLocked: Bool, record: @escaping (Entry) throws(Obstacle) -> Void,
    say: @escaping (String) -> Void
  ) {
    started = bench.meter.clock.now()
    self.bench = bench
    self.products = products
    self.plan = plan.fitted(to: products.map(\.isPowered))
    self.isLocked = isLocked
    self.record = record
    self.say = say
    self.table = table
    progress = Progress()
  }

  /// Measures everything that the table does not hold yet, and returns it with what it held.
  consuming func run(seed: UInt64) throws(Obstacle) -> SampleTable {
    guard let kernel = Product.sentinel(among: products.compactMap(\.kernel)) else {
      throw .unsuitable("there is no kernel to measure")
    }
    let sentinel = Product(kernel)
    let jobs = remainingJobs(seed: seed)
    guard !jobs.isEmpty else { return table }
    let sensor = try findSensor(with: kernel)
    try probeLaunches()
    say("warming the board through")
    note(try bench.soak(with: kernel, plan, &patterns))
    if !table.samples.contains(where: { $0.isSentinel && $0.rejection == nil }) {
      try measureFirst(sentinel, sensor)
    }
    progress = Progress(jobs, plan)
    try measure(jobs, kernel, sensor)
    // A measurement that something disturbed is made once more.
    let again = remainingJobs(seed: seed)
    if !again.isEmpty {
      say("measuring again what was rejected: \(again.count) of \(jobs.count)")
      progress = Progress(again, plan)
      try measure(again, kernel, sensor)
    }
    return table
  }

  /// What is to be measured, without what the table has in usable form, and without kernels with wrong results.
  private func remainingJobs(seed: UInt64) -> [Job] {
    Schedule.jobs(products.map(\.isPowered), plan, seed: seed).filter {
      job in
      let name = products[job.kernel].subject.name
      return !table.samples.contains {
        !$0.isSentinel && $0.subject.name == name
          && ($0.repetition == job.repetition && $0.rejection == nil || $0.isImpossible)
      }
    }
  }

  private mutating func measure(_ jobs: [Job], _ kernel: BenchmarkKernel, _ sensor: SensorFindings)
    throws(Obstacle)
  {
    let sentinel = Product(kernel)
    jobsStarted = bench.meter.clock.now()
    var wrong: Set<Int> = []
    var checked: Set<Int> = []
    var after: Double?
    for (number, block) in Schedule.blocks(jobs, size: plan.block).enumerated() {
      let first = table.samples.count
      var idle = after
      if idle == nil { idle = try measureIdle(sensor) }
      for job in block where !wrong.contains(job.kernel) {
        let isRight = try measure(
          job, sensor, idle, isChecked: checked.insert(job.kernel).inserted)
        if !isRight { wrong.insert(job.kernel) }
      }
      let change = try changeSinceFirst(sentinel, sensor, block: number + 1)
      if let change { reject(first..., because: change) }
      // The rest after one block is the rest before the next.
      do throws(Obstacle) { after = try measureIdle(sensor) } catch {
        if case .drift = error {
          reject(first..., because: "something else used the board")
          try record(.block(table))
        }
        throw error
      }
      for index in table.samples.indices[first...] { table.samples[index].idleWattsAfter = after }
      try record(.block(table))
      guard let change else { continue }
      say("\(change.description); warming the board through again")
      note(try bench.soak(with: kernel, plan, &patterns))
      if let still = try changeSinceFirst(sentinel, sensor, block: number + 1) {
        throw .drift("the board is not what it was: \(still.description); " + Self.wayOn)
      }
      after = nil
    }
  }

  private static let wayOn =
    "what was measured is kept, and the same command goes on once the board is back in its first state"

  /// Has rows measured again that something disturbed which was seen only later.
  private mutating func reject(
    _ rows: PartialRangeFrom<Int>, because reason: String,
    where isDisturbed: (Sample) -> Bool = { _ in true }
  ) {
    for index in table.samples.indices[rows] {
      let sample = table.samples[index]
      if sample.rejection == nil, isDisturbed(sample) { table.samples[index].rejection = reason }
    }
  }

  /// Whether the kernel's result is right.
  private mutating func measure(
    _ job: Job, _ sensor: SensorFindings, _ idle: Double?, isChecked: Bool
  ) throws(Obstacle) -> Bool {
    let product = products[job.kernel]
    let began = bench.meter.clock.now()
    let outcome = try bench.measure(
      product, plan, sensor, &patterns, isPowered: job.isPowered, isChecked: isChecked)
    var sample = Sample(
      product.subject, repetition: job.repetition, started: began - started, outcome.measurement,
      isLocked: isLocked)
    sample.idleWattsBefore = idle
    switch outcome {
    case .measured: break
    case .wrong(let place): sample.rejection = Sample.wrongResult + place
    case .missing(let reason):
      sample.rejection = Sample.missing + (reason.map { ": \($0)" } ?? "")
    }
    try add(.sample(sample))
    progress.finish(job, elapsed: bench.meter.clock.now() - jobsStarted)
    say(progress.line(for: sample))
    return !sample.isImpossible
  }

  /// Measures the kernel that the board is held against from now on.
  private mutating func measureFirst(_ product: Product, _ sensor: SensorFindings)
    throws(Obstacle)
  {
    var reason = ""
    for _ in 0..<3 {
      let sample = try measureSentinel(product, sensor, block: 0)
      guard let rejection = sample.rejection else { return }
      reason = rejection
    }
    // All else would be rejected for the same reason, three quarters of an hour later.
    throw .unsuitable("the board cannot be measured as it is: \(product.subject.name): \(reason)")
  }

  /// How the kernel that was measured first has changed since; nil where it has not.
  private mutating func changeSinceFirst(
    _ product: Product, _ sensor: SensorFindings, block: Int
  ) throws(Obstacle) -> Drift? {
    let first = table.samples.first { $0.isSentinel && $0.rejection == nil }
    if let celsius = first?.celsiusAtStart, let kernel = product.kernel {
      try bench.warm(with: kernel, to: celsius - Plan.allowedCooling, &patterns)
    }
    let sample = try measureSentinel(product, sensor, block: block)
    guard let first, sample.rejection == nil else { return nil }
    return Drift(from: first, to: sample)
  }

  private mutating func reject(_ rows: PartialRangeFrom<Int>, because change: Drift) {
    reject(rows, because: "the board was not what it was: \(change.description)") {
      change.isOfClock || $0.windowSeconds > 0
    }
  }

  private mutating func measureSentinel(
    _ product: Product, _ sensor: SensorFindings, block: Int
  ) throws(Obstacle) -> Sample {
    let began = bench.meter.clock.now()
    let outcome = try bench.measure(
      product, plan, sensor, &patterns, isPowered: true, isChecked: block == 0)
    if case .wrong(let place) = outcome {
      throw .wrongResult("a kernel computes the wrong numbers on this board: \(place)")
    }
    let sample = Sample(
      product.subject, repetition: block, started: began - started, outcome.measurement,
      isLocked: isLocked, isSentinel: true)
    try add(.sample(sample))
    return sample
  }

  private mutating func measureIdle(_ sensor: SensorFindings) throws(Obstacle) -> Double? {
    if let share = try bench.meter.busyShareAtRest() {
      throw .drift(
        "something else keeps the board busy, \(Int((100 * share).rounded())) % of the time while it should rest; "
          + Self.wayOn)
    }
    let watts = try bench.meter.idleWatts(for: plan.idle, sensor)
    if let watts { try add(.fact(key: "idle_context_w", value: "\(watts)")) }
    return watts
  }

  /// The sensor's findings: those of an earlier campaign, or new ones.
  private mutating func findSensor(with kernel: BenchmarkKernel) throws(Obstacle) -> SensorFindings
  {
    let keys = ["sensor_update_s", "sensor_window_s", "sensor_latency_s", "counter_update_s"]
    let known = keys.compactMap { table.fact($0).flatMap(Double.init) }.filter { $0 >= 0 }
    if known.count == keys.count {
      return SensorFindings(
        update: known[0], window: known[1], latency: known[2], counterPeriod: known[3])
    }
    say("finding out how the power sensor answers")
    guard let found = try bench.probeSensor(with: kernel, plan, &patterns) else {
      throw .unsuitable(
        "the board's power readings do not follow its load, so no energy can be measured on it")
    }
    for (key, value) in zip(keys, [found.update, found.window, found.latency, found.counterPeriod])
    {
      try add(.fact(key: key, value: "\(value)"))
    }
    say(
      "a reading every \(oneDigit(found.update * 1e3)) ms, each the mean of \(oneDigit(found.window * 1e3)) ms; "
        + "the counter moves every \(oneDigit(found.counterPeriod * 1e3)) ms")
    return found
  }

  /// What the driver alone takes for launches, once for all campaigns.
  private mutating func probeLaunches() throws(Obstacle) {
    guard table.fact(LaunchFindings.keys.host) == nil,
      let kernel = products.compactMap(\.kernel).first(where: { $0.kernelClass == .launch })
    else { return }
    let found = try bench.probeLaunches(of: kernel, &patterns)
    let keys = LaunchFindings.keys
    try add(.fact(key: keys.host, value: "\(found.hostSeconds)"))
    if let seconds = found.graphSeconds { try add(.fact(key: keys.graph, value: "\(seconds)")) }
    if let seconds = found.graphKernelSeconds {
      try add(.fact(key: keys.kernel, value: "\(seconds)"))
    }
  }

  private func note(_ outcome: SoakOutcome) {
    switch outcome {
    case .steady(let celsius, let seconds):
      say("warm at \(Int(celsius)) °C after \(Int(seconds)) s")
    case .unsteady(let slope):
      say("the temperature still changes by \(oneDigit(slope)) °C a minute; going on")
    case .unknown: say("the board tells no temperature; going on")
    }
  }

  private mutating func add(_ entry: Entry) throws(Obstacle) {
    switch entry {
    case .fact(let key, let value): table.facts.append((key, value))
    case .sample(let sample): table.samples.append(sample.asWritten)
    case .block(let whole): table = whole
    }
    try record(entry)
  }
}
