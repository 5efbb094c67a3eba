/// The CUDA driver: what compiles kernels for a board and runs them.
///
/// Like ``NVML`` it is loaded, never linked. Signatures are those of the
/// [CUDA driver reference](https://docs.nvidia.com/cuda/cuda-driver-api/).
@safe struct CUDA: ~Copyable {
  private typealias Start = @convention(c) (CUnsignedInt) -> CInt
  private typealias Number = @convention(c) (UnsafeMutablePointer<CInt>) -> CInt
  private typealias DeviceByBusID =
    @convention(c) (UnsafeMutablePointer<CInt>, UnsafePointer<CChar>) -> CInt

  private let library: DynamicLibrary
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

  private static func check(_ request: String, _ code: CInt) throws(DriverFailure) {
    let status = Status(rawValue: code)
    guard status == .success else { throw .refused(request, reason: status.description) }
  }
}

extension CUDA {
  /// A return code of the C interface (`CUresult`), as a struct so that codes of later drivers survive.
  struct Status: RawRepresentable, Error, Hashable, CustomStringConvertible {
    let rawValue: CInt

    static let success = Status(rawValue: 0)

    var description: String {
      let meaning = Self.meanings[rawValue] ?? "an error this version does not know"
      return "\(meaning) (CUDA status \(rawValue))"
    }

    private static let meanings: [CInt: String] = [
      0: "success",
      1: "an argument is invalid",
      2: "out of memory",
      3: "CUDA was not initialised",
      4: "the driver is shutting down",
      34: "this is the stub library that programs are linked with, not a driver",
      46: "the GPU is in use or not available",
      100: "CUDA sees no GPU; CUDA_VISIBLE_DEVICES may hide it",
      101: "CUDA does not see this GPU; CUDA_VISIBLE_DEVICES may hide it",
      304: "the operating system refused a call",
      800: "no permission",
      801: "not supported",
      802: "the system is not ready",
      803: "kernel driver and driver library are of different versions; a reboot usually mends it",
      804: "this GPU cannot run with a driver library newer than its kernel driver",
      999: "unknown driver error",
    ]
  }
}
