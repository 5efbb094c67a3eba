/// NVIDIA's management library: which boards there are, and what they report of themselves.
///
/// It is loaded and never linked, so that a machine without an NVIDIA driver still runs everything else.
/// Only what nothing works without is required at once. Every query is looked up when it is asked, and one
/// that this driver lacks answers ``Status/functionNotFound``, as the driver itself would.
///
/// Signatures are those of the [NVML reference](https://docs.nvidia.com/deploy/nvml-api/).
@safe struct NVML: ~Copyable, CheckedLibrary {
  /// One answer of the driver.
  typealias Reading<Value> = Result<Value, Status>

  /// A board, valid while the ``NVML`` it came from lives.
  @safe struct Device {
    let handle: OpaquePointer
  }

  private typealias Start = @convention(c) () -> CInt
  private typealias Count = @convention(c) (UnsafeMutablePointer<CUnsignedInt>) -> CInt
  private typealias Handle =
    @convention(c) (CUnsignedInt, UnsafeMutablePointer<OpaquePointer?>) -> CInt

  private let library: DynamicLibrary
  private let shutdown: Start
  private let handleByIndex: Handle

  /// How many boards the driver manages; at least one.
  let count: Int

  /// Opens the library and starts it.
  init(library name: String) throws(DriverFailure) {
    let library = try DynamicLibrary(name)
    let start = unsafe try library.required("nvmlInit_v2", as: Start.self)
    let shutdown = unsafe try library.required("nvmlShutdown", as: Start.self)
    let countBoards = unsafe try library.required("nvmlDeviceGetCount_v2", as: Count.self)
    let handleByIndex = unsafe try library.required(
      "nvmlDeviceGetHandleByIndex_v2", as: Handle.self)

    try Self.check("to start", start())
    var count: CUnsignedInt = 0
    do throws(DriverFailure) {
      try Self.check("to count its GPUs", unsafe countBoards(&count))
      guard count > 0 else { throw .noDevice }
    } catch {
      _ = shutdown()
      throw error
    }
    self.library = library
    self.shutdown = shutdown
    unsafe self.handleByIndex = handleByIndex
    self.count = Int(count)
  }

  deinit { _ = shutdown() }

  /// The board with this index, counted from 0.
  func device(_ index: Int) throws(DriverFailure) -> Device {
    guard index < count, let number = CUnsignedInt(exactly: index) else {
      throw .noSuchDevice(index: index, count: count)
    }
    var handle: OpaquePointer?
    try Self.check("access to GPU \(index)", unsafe handleByIndex(number, &handle))
    guard let handle = unsafe handle else {
      throw .refused("access to GPU \(index)", reason: "it gave no handle")
    }
    return unsafe Device(handle: handle)
  }

  /// Looks the C function `symbol` up and reads a value with it.
  func call<F, Value>(
    _ symbol: String, as type: F.Type, _ body: (F) -> Reading<Value>
  ) -> Reading<Value> {
    unsafe library.function(symbol, as: type).map(body) ?? .failure(.functionNotFound)
  }
}
