import BenchmarkKernels

/// NVIDIA's library of matrix products, where a machine has it: what frameworks multiply with.
///
/// Signatures and numbers are those of the [cuBLAS reference](https://docs.nvidia.com/cuda/cublas/#using-the-cublaslt-api).
@safe struct CUBLASLt: ~Copyable, CheckedLibrary {
  typealias Handle = UnsafeMutableRawPointer
  typealias Out = UnsafeMutablePointer<Handle?>
  typealias Destroy = @convention(c) (Handle) -> CInt
  typealias SetAttribute = @convention(c) (Handle, CInt, UnsafeRawPointer, Int) -> CInt
  typealias CreateLayout = @convention(c) (Out, CInt, UInt64, UInt64, Int64) -> CInt
  typealias Heuristic =
    @convention(c) (
      Handle, Handle, Handle, Handle, Handle, Handle, Handle, CInt, UnsafeMutableRawPointer,
      UnsafeMutablePointer<CInt>
    ) -> CInt
  typealias Multiply =
    @convention(c) (
      Handle, Handle, UnsafeRawPointer, UInt64, Handle, UInt64, Handle, UnsafeRawPointer, UInt64,
      Handle, UInt64, Handle, UnsafeRawPointer, UInt64, Int, Handle
    ) -> CInt

  private let library: DynamicLibrary
  let handle: Handle
  private let destroy: Destroy

  let createDescription: @convention(c) (Out, CInt, CInt) -> CInt
  let setDescription: SetAttribute
  let destroyDescription: Destroy
  let createLayout: CreateLayout
  let destroyLayout: Destroy
  let createPreference: @convention(c) (Out) -> CInt
  let setPreference: SetAttribute
  let destroyPreference: Destroy
  let findAlgorithms: Heuristic
  let multiply: Multiply
  /// For instance `cublaslt 12.4`.
  let provider: String

  /// The names that versions of the library go by, the latest first.
  static let names = [
    "libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11", "libcublasLt.so",
  ]

  /// Opens the library; a context must be current.
  init(library name: String) throws(DriverFailure) {
    let library = try DynamicLibrary(name)
    let create = unsafe try library.required(
      "cublasLtCreate", as: (@convention(c) (Out) -> CInt).self)
    let destroy = unsafe try library.required("cublasLtDestroy", as: Destroy.self)
    let version = unsafe try library.required(
      "cublasLtGetVersion", as: (@convention(c) () -> Int).self)
    let createDescription = unsafe try library.required(
      "cublasLtMatmulDescCreate", as: (@convention(c) (Out, CInt, CInt) -> CInt).self)
    let setDescription = unsafe try library.required(
      "cublasLtMatmulDescSetAttribute", as: SetAttribute.self)
    let destroyDescription = unsafe try library.required(
      "cublasLtMatmulDescDestroy", as: Destroy.self)
    let createLayout = unsafe try library.required(
      "cublasLtMatrixLayoutCreate", as: CreateLayout.self)
    let destroyLayout = unsafe try library.required(
      "cublasLtMatrixLayoutDestroy", as: Destroy.self)
    let createPreference = unsafe try library.required(
      "cublasLtMatmulPreferenceCreate", as: (@convention(c) (Out) -> CInt).self)
    let setPreference = unsafe try library.required(
      "cublasLtMatmulPreferenceSetAttribute", as: SetAttribute.self)
    let destroyPreference = unsafe try library.required(
      "cublasLtMatmulPreferenceDestroy", as: Destroy.self)
    let findAlgorithms = unsafe try library.required(
      "cublasLtMatmulAlgoGetHeuristic", as: Heuristic.self)
    let multiply = unsafe try library.required("cublasLtMatmul", as: Multiply.self)

    var handle: Handle?
    try Self.check("to start cuBLASLt", unsafe create(&handle))
    guard let handle = unsafe handle else {
      throw .refused("to start cuBLASLt", reason: "it gave no handle")
    }
    // Version 11.4.5 is 11405, and 11.11.3 is 111103.
    provider = "cublaslt \(PackedVersion(version(), wideFrom: 100_000))"
    self.library = library
    unsafe self.handle = handle
    unsafe self.destroy = destroy
    unsafe self.createDescription = createDescription
    unsafe self.setDescription = setDescription
    unsafe self.destroyDescription = destroyDescription
    unsafe self.createLayout = createLayout
    unsafe self.destroyLayout = destroyLayout
    unsafe self.createPreference = createPreference
    unsafe self.setPreference = setPreference
    unsafe self.destroyPreference = destroyPreference
    unsafe self.findAlgorithms = findAlgorithms
    unsafe self.multiply = multiply
  }

  deinit { _ = unsafe destroy(handle) }

  /// A return code (`cublasStatus_t`), as a struct so that codes of later versions survive.
  struct Status: RawRepresentable, Error, Hashable, CustomStringConvertible {
    let rawValue: CInt

    static let success = Status(rawValue: 0)

    var description: String {
      let meaning = Self.meanings[rawValue] ?? "an error this version does not know"
      return "\(meaning) (cuBLAS status \(rawValue))"
    }

    private static let meanings: [CInt: String] = [
      0: "success",
      1: "the library was not initialised",
      3: "out of memory",
      7: "an argument is invalid",
      8: "the GPU cannot do this",
      11: "memory could not be reached",
      13: "the kernel failed",
      14: "an internal error",
      15: "not supported",
      16: "no licence",
    ]
  }
}
