/// A board with a context of this program on it, and one queue that kernels run in, one after another.
///
/// The context is the one that NVIDIA's libraries use too.
@safe struct GPU: ~Copyable {
  let calls: CUDACalls
  let stream: CUDACalls.Handle
  /// Nil where the driver records no launches.
  let graphCalls: GPUGraph.Calls?
  private let cuda: CUDA
  private let device: CInt

  let multiprocessors: Int
  /// Bytes of the second-level cache.
  let cacheBytes: Int

  init(_ cuda: consuming CUDA, pciBusID: String) throws(DriverFailure) {
    let device = try cuda.device(pciBusID: pciBusID)
    let multiprocessors = try cuda.attribute(.multiprocessors, of: device)
    let cacheBytes = try cuda.attribute(.cacheBytes, of: device)
    let calls = try CUDACalls(cuda)
    var context: CUDACalls.Handle?
    try CUDA.check("a context", unsafe calls.retainContext(&context, device))
    var stream: CUDACalls.Handle?
    do throws(DriverFailure) {
      guard let context = unsafe context else {
        throw .refused("a context", reason: "it gave no handle")
      }
      try CUDA.check("to use the context", unsafe calls.makeCurrent(context))
      // Flag 1: the queue does not wait for the one that libraries use by default.
      try CUDA.check("a queue", unsafe calls.createStream(&stream, 1))
    } catch {
      _ = calls.releaseContext(device)
      throw error
    }
    guard let stream = unsafe stream else {
      _ = calls.releaseContext(device)
      throw .refused("a queue", reason: "it gave no handle")
    }
    self.calls = calls
    graphCalls = GPUGraph.Calls(cuda.library)
    self.multiprocessors = multiprocessors
    self.cacheBytes = cacheBytes
    unsafe self.stream = stream
    self.device = device
    self.cuda = cuda
  }

  deinit {
    _ = unsafe calls.destroyStream(stream)
    _ = calls.releaseContext(device)
  }

  /// The newest CUDA version the driver runs.
  var version: String { cuda.version }

  /// Waits until everything launched has run.
  func finish() throws(DriverFailure) {
    try CUDA.check("to run a kernel", unsafe calls.waitForStream(stream))
  }
}
