/// Launches recorded once and put into a board's queue as one, as engines do.
@safe struct GPUGraph: ~Copyable, Load {
  private let calls: Calls
  private let stream: CUDACalls.Handle
  private let graph: CUDACalls.Handle
  private let executable: CUDACalls.Handle

  /// The functions that record and replay, which drivers since CUDA 11.4 have.
  @safe struct Calls {
    fileprivate let beginCapture: @convention(c) (CUDACalls.Handle, CInt) -> CInt
    fileprivate let endCapture: @convention(c) (CUDACalls.Handle, CUDACalls.Out) -> CInt
    fileprivate let instantiate: @convention(c) (CUDACalls.Out, CUDACalls.Handle, UInt64) -> CInt
    fileprivate let launch: @convention(c) (CUDACalls.Handle, CUDACalls.Handle) -> CInt
    fileprivate let destroyExecutable: @convention(c) (CUDACalls.Handle) -> CInt
    fileprivate let destroyGraph: @convention(c) (CUDACalls.Handle) -> CInt

    /// Nil where the driver lacks one of them.
    init?(_ library: borrowing DynamicLibrary) {
      do throws(DriverFailure) {
        unsafe beginCapture = try library.required("cuStreamBeginCapture_v2")
        unsafe endCapture = try library.required("cuStreamEndCapture")
        unsafe instantiate = try library.required("cuGraphInstantiateWithFlags")
        unsafe launch = try library.required("cuGraphLaunch")
        unsafe destroyExecutable = try library.required("cuGraphExecDestroy")
        unsafe destroyGraph = try library.required("cuGraphDestroy")
      } catch {
        return nil
      }
    }
  }

  /// `count` launches of `load`; nil where the driver records none.
  init?<L: Load & ~Copyable>(_ load: borrowing L, count: Int, on gpu: borrowing GPU)
    throws(DriverFailure)
  {
    guard let calls = gpu.graphCalls else { return nil }
    // Mode 2: other threads, of which there are none here, may do as they like.
    try CUDA.check("to record launches", unsafe calls.beginCapture(gpu.stream, 2))
    var failure: DriverFailure?
    do throws(DriverFailure) { for _ in 0..<count { try load.launch() } } catch { failure = error }
    var graph: CUDACalls.Handle?
    let code = unsafe calls.endCapture(gpu.stream, &graph)
    if let failure {
      if let graph = unsafe graph { _ = unsafe calls.destroyGraph(graph) }
      throw failure
    }
    try CUDA.check("to record launches", code)
    guard let graph = unsafe graph else {
      throw .refused("to record launches", reason: "it gave no handle")
    }
    var executable: CUDACalls.Handle?
    do throws(DriverFailure) {
      try CUDA.check(
        "to make recorded launches ready", unsafe calls.instantiate(&executable, graph, 0))
    } catch {
      _ = unsafe calls.destroyGraph(graph)
      throw error
    }
    guard let executable = unsafe executable else {
      _ = unsafe calls.destroyGraph(graph)
      throw .refused("to make recorded launches ready", reason: "it gave no handle")
    }
    self.calls = calls
    unsafe stream = gpu.stream
    unsafe self.graph = graph
    unsafe self.executable = executable
  }

  deinit {
    _ = unsafe calls.destroyExecutable(executable)
    _ = unsafe calls.destroyGraph(graph)
  }

  func launch() throws(DriverFailure) {
    try CUDA.check("to launch a graph", unsafe calls.launch(executable, stream))
  }
}
