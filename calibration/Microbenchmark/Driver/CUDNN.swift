/// NVIDIA's library of convolutions, where a machine has it: what frameworks convolve with.
///
/// The functions are those that versions 7, 8 and 9 all have. Signatures and numbers are those of the
/// [cuDNN reference](https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-cnn-library.html).
@safe struct CUDNN: ~Copyable, CheckedLibrary {
  typealias Handle = UnsafeMutableRawPointer
  typealias Out = UnsafeMutablePointer<Handle?>
  typealias Destroy = @convention(c) (Handle) -> CInt
  private let library: DynamicLibrary
  let handle: Handle
  private let destroy: Destroy
  let calls: Calls
  /// For instance `cudnn 9.1`.
  let provider: String
  let majorVersion: Int

  /// The names that versions of the library go by, the latest first.
  static let names = ["libcudnn.so.9", "libcudnn.so.8", "libcudnn.so.7", "libcudnn.so"]

  /// Opens the library; a context must be current.
  init(library name: String) throws(DriverFailure) {
    let library = try DynamicLibrary(name)
    let create = unsafe try library.required("cudnnCreate", as: (@convention(c) (Out) -> CInt).self)
    let destroy = unsafe try library.required("cudnnDestroy", as: Destroy.self)
    let version = unsafe try library.required(
      "cudnnGetVersion", as: (@convention(c) () -> Int).self)
    let calls = try Calls(library)

    var handle: Handle?
    try Self.check("to start cuDNN", unsafe create(&handle))
    guard let handle = unsafe handle else {
      throw .refused("to start cuDNN", reason: "it gave no handle")
    }
    // Version 8.9.2 is 8902, and 9.1.0 is 90100.
    let packed = PackedVersion(version(), wideFrom: 90_000)
    majorVersion = packed.major
    provider = "cudnn \(packed)"
    self.library = library
    self.calls = calls
    unsafe self.handle = handle
    unsafe self.destroy = destroy
  }

  deinit { _ = unsafe destroy(handle) }

  /// A return code (`cudnnStatus_t`), as a struct so that codes of later versions survive.
  ///
  /// Version 9 has numbers of its own, in thousands by what is wrong.
  struct Status: RawRepresentable, Error, Hashable, CustomStringConvertible {
    let rawValue: CInt

    static let success = Status(rawValue: 0)

    /// Whether the library is sound and has no such convolution, or none for this GPU.
    var isMissing: Bool { [3, 6, 9].contains(rawValue) || (2000..<4000).contains(rawValue) }

    var description: String {
      let meaning =
        switch rawValue {
        case 0: "success"
        case 1, 1001: "the library was not initialised"
        case 2, 4003, 4004: "out of memory"
        case 3, 2000..<3000: "an argument is invalid"
        case 4, 4000..<5000: "an internal error"
        case 6, 3007: "the GPU cannot do this"
        case 3005, 3006: "the driver is too old for this version of the library"
        case 8, 5000..<6000: "the kernel failed"
        case 9, 3000..<4000: "not supported"
        case 1002, 1008, 3009: "its parts are not of one version, or not there"
        default: "an error this version does not know"
        }
      return "\(meaning) (cuDNN status \(rawValue))"
    }
  }
}
