/// The CUDA driver: what compiles kernels for a board and runs them.
///
/// Like ``NVML`` it is loaded, never linked. Signatures are those of the
/// [CUDA driver reference](https://docs.nvidia.com/cuda/cuda-driver-api/).
@safe struct CUDA: ~Copyable, CheckedLibrary {
  private typealias Start = @convention(c) (CUnsignedInt) -> CInt
  private typealias Number = @convention(c) (UnsafeMutablePointer<CInt>) -> CInt
  private typealias DeviceByBusID =
    @convention(c) (UnsafeMutablePointer<CInt>, UnsafePointer<CChar>) -> CInt
  private typealias Attribute = @convention(c) (UnsafeMutablePointer<CInt>, CInt, CInt) -> CInt

  let library: DynamicLibrary
  private let deviceByBusID: DeviceByBusID

  /// The newest CUDA version the driver runs, for instance "12.4".
  let version: String

  /// Opens the library and starts it.
  init(library name: String) throws(DriverFailure) {
    let library = try DynamicLibrary(name)
    let start = unsafe try library.required("cuInit", as: Start.self)
    let readVersion = unsafe try library.required("cuDriverGetVersion", as: Number.self)
    let deviceByBusID = unsafe try library.required(
      "cuDeviceGetByPCIBusId", as: DeviceByBusID.self)

    try Self.check("to start CUDA", start(0))
    var version: CInt = 0
    try Self.check("its CUDA version", unsafe readVersion(&version))
    self.library = library
    unsafe self.deviceByBusID = deviceByBusID
    // The driver packs 12.4 as 12040.
    self.version = "\(version / 1000).\(version % 1000 / 10)"
  }

  /// The number CUDA gives the board at this address, which need not be the number NVML gives it.
  func device(pciBusID: String) throws(DriverFailure) -> CInt {
    var device: CInt = 0
    try Self.check(
      "CUDA on the GPU at \(pciBusID)", unsafe deviceByBusID(&device, pciBusID))
    return device
  }

  /// One of the numbers that describe a device.
  func attribute(_ attribute: Attributes, of device: CInt) throws(DriverFailure) -> Int {
    let read = unsafe try library.required("cuDeviceGetAttribute", as: Attribute.self)
    var value: CInt = 0
    try Self.check("\(attribute)", unsafe read(&value, attribute.rawValue, device))
    return Int(value)
  }

  /// Those of `CUdevice_attribute` that a table needs.
  enum Attributes: CInt, CustomStringConvertible {
    case multiprocessors = 16
    case cacheBytes = 38

    var description: String {
      switch self {
      case .multiprocessors: "the number of multiprocessors"
      case .cacheBytes: "the size of the second-level cache"
      }
    }
  }
}
