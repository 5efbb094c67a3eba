/// Keeps a board busy: work is launched in batches, of which the next is always in the queue.
struct Drive: ~Copyable {
  /// A batch that the board has done.
  struct Batch {
    /// When it was seen to be done, by the host's clock.
    let seen: Double
    /// How long it took, by the board's clock.
    let seconds: Double
  }

  /// Marks in use at once: one before each batch in the queue, and one after the last.
  private static let depth = 3

  private let events: GPUEvents
  /// Launches in a batch.
  let count: Int
  private var recorded = 0
  private var reached = 0
  private(set) var batches: [Batch] = []

  init(_ count: Int, on gpu: borrowing GPU) throws(DriverFailure) {
    events = try GPUEvents(Self.depth, on: gpu)
    self.count = max(1, count)
  }

  /// Launches that a driver's queue holds, at the least; putting more into it waits for the board.
  private static let queue = 1000.0

  /// Seconds after which the host must look again, or the board would run dry: half of what is in the queue.
  var longestPause: Double {
    let batch = batches.last?.seconds ?? Plan.batch
    return min(batch, batch / Double(count) * Self.queue) / 2
  }

  /// Collects what is done, and fills the queue up.
  mutating func turn<L: Load & ~Copyable>(_ load: borrowing L, _ clock: Clock)
    throws(DriverFailure)
  {
    if recorded == 0 { try record() }
    while recorded - reached > 1, try events.isReached((reached + 1) % Self.depth) {
      try collect(clock)
    }
    // A mark is used again only once the one after it was reached.
    while recorded - reached < Self.depth {
      for _ in 0..<count { try load.launch() }
      try record()
    }
  }

  /// Waits until the queue is empty.
  mutating func finish(_ gpu: borrowing GPU, _ clock: Clock) throws(DriverFailure) {
    try gpu.finish()
    while recorded - reached > 1 { try collect(clock) }
  }

  private mutating func record() throws(DriverFailure) {
    try events.record(recorded % Self.depth)
    recorded += 1
  }

  private mutating func collect(_ clock: Clock) throws(DriverFailure) {
    let seconds = try events.seconds(
      from: reached % Self.depth, to: (reached + 1) % Self.depth)
    batches.append(Batch(seen: clock.now(), seconds: seconds))
    reached += 1
  }
}

extension Bench {
  /// Keeps the board busy with batches of `count` launches, and returns those it has done.
  ///
  /// Between them `next` does what is to be done, given the time, and says how many seconds later it wants to be called
  /// again; nil ends the run.
  func keepBusy<L: Load & ~Copyable>(
    _ load: borrowing L, count: Int, _ next: (Double) throws(Obstacle) -> Double?
  ) throws(Obstacle) -> [Drive.Batch] {
    var drive = try Obstacle.driving { () throws(DriverFailure) in try Drive(count, on: gpu) }
    var obstacle: Obstacle?
    do throws(Obstacle) {
      while true {
        do throws(DriverFailure) { try drive.turn(load, meter.clock) } catch {
          throw .driver(error)
        }
        guard let pause = try next(meter.clock.now()) else { break }
        try meter.wait(min(pause, drive.longestPause))
      }
    } catch {
      obstacle = error
    }
    // The queue is emptied, whatever happened, before the memory of its kernel is freed.
    do throws(DriverFailure) { try drive.finish(gpu, meter.clock) } catch {
      throw obstacle ?? .driver(error)
    }
    if let obstacle { throw obstacle }
    return drive.batches
  }
}
