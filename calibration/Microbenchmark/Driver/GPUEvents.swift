/// Marks in a board's queue, which tell when the work before them was done.
@safe struct GPUEvents: ~Copyable {
  private let calls: CUDACalls
  private let stream: CUDACalls.Handle
  private var events: [CUDACalls.Handle]

  /// `count` marks, numbered from 0.
  init(_ count: Int, on gpu: borrowing GPU) throws(DriverFailure) {
    calls = gpu.calls
    unsafe stream = gpu.stream
    unsafe events = []
    for _ in 0..<count {
      var event: CUDACalls.Handle?
      try CUDA.check("an event", unsafe calls.createEvent(&event, 0))
      guard let event = unsafe event else {
        throw .refused("an event", reason: "it gave no handle")
      }
      unsafe events.append(event)
    }
  }

  deinit {
    for index in unsafe events.indices { _ = unsafe calls.destroyEvent(events[index]) }
  }

  /// Puts mark `index` at the end of the queue.
  func record(_ index: Int) throws(DriverFailure) {
    try CUDA.check("to record an event", unsafe calls.recordEvent(events[index], stream))
  }

  /// Whether the work before mark `index` is done.
  func isReached(_ index: Int) throws(DriverFailure) -> Bool {
    let code = unsafe calls.queryEvent(events[index])
    if CUDA.Status(rawValue: code) == .notReady { return false }
    try CUDA.check("to run a kernel", code)
    return true
  }

  /// The seconds between two marks that were both reached, by the board's clock.
  func seconds(from first: Int, to second: Int) throws(DriverFailure) -> Double {
    var milliseconds: Float = 0
    try CUDA.check(
      "the time between events", unsafe calls.elapsed(&milliseconds, events[first], events[second]))
    return Double(milliseconds) / 1000
  }
}
