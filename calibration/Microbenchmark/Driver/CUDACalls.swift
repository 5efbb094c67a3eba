/// The functions of the CUDA driver that run kernels, looked up once.
///
/// They are valid while the ``CUDA`` that they were looked up in lives.
@safe struct CUDACalls {
  typealias Handle = UnsafeMutableRawPointer
  typealias Out = UnsafeMutablePointer<Handle?>

  let retainContext: @convention(c) (Out, CInt) -> CInt
  let releaseContext: @convention(c) (CInt) -> CInt
  let makeCurrent: @convention(c) (Handle) -> CInt
  /// Waits for everything in every queue.
  let finish: @convention(c) () -> CInt
  let createStream: @convention(c) (Out, CUnsignedInt) -> CInt
  let destroyStream: @convention(c) (Handle) -> CInt
  let waitForStream: @convention(c) (Handle) -> CInt
  let createEvent: @convention(c) (Out, CUnsignedInt) -> CInt
  let destroyEvent: @convention(c) (Handle) -> CInt
  let recordEvent: @convention(c) (Handle, Handle) -> CInt
  let queryEvent: @convention(c) (Handle) -> CInt
  let elapsed: @convention(c) (UnsafeMutablePointer<Float>, Handle, Handle) -> CInt
  let allocate: @convention(c) (UnsafeMutablePointer<UInt64>, Int) -> CInt
  let free: @convention(c) (UInt64) -> CInt
  let copyToBoard: @convention(c) (UInt64, UnsafeRawPointer, Int) -> CInt
  let copyFromBoard: @convention(c) (UnsafeMutableRawPointer, UInt64, Int) -> CInt
  let copyOnBoard: @convention(c) (UInt64, UInt64, Int) -> CInt
  let fill: @convention(c) (UInt64, UInt8, Int) -> CInt
  let loadModule:
    @convention(c) (
      Out, UnsafeRawPointer, CUnsignedInt, UnsafeMutablePointer<CInt>?,
      UnsafeMutablePointer<Handle?>?
    ) -> CInt
  let unloadModule: @convention(c) (Handle) -> CInt
  let findFunction: @convention(c) (Out, Handle, UnsafePointer<CChar>) -> CInt
  let launch:
    @convention(c) (
      Handle, CUnsignedInt, CUnsignedInt, CUnsignedInt, CUnsignedInt, CUnsignedInt, CUnsignedInt,
      CUnsignedInt, Handle, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<Handle?>?
    ) -> CInt

  init(_ cuda: borrowing CUDA) throws(DriverFailure) {
    unsafe retainContext = try cuda.library.required("cuDevicePrimaryCtxRetain")
    unsafe releaseContext = try cuda.library.required("cuDevicePrimaryCtxRelease_v2")
    unsafe makeCurrent = try cuda.library.required("cuCtxSetCurrent")
    unsafe finish = try cuda.library.required("cuCtxSynchronize")
    unsafe createStream = try cuda.library.required("cuStreamCreate")
    unsafe destroyStream = try cuda.library.required("cuStreamDestroy_v2")
    unsafe waitForStream = try cuda.library.required("cuStreamSynchronize")
    unsafe createEvent = try cuda.library.required("cuEventCreate")
    unsafe destroyEvent = try cuda.library.required("cuEventDestroy_v2")
    unsafe recordEvent = try cuda.library.required("cuEventRecord")
    unsafe queryEvent = try cuda.library.required("cuEventQuery")
    unsafe elapsed = try cuda.library.required("cuEventElapsedTime")
    unsafe allocate = try cuda.library.required("cuMemAlloc_v2")
    unsafe free = try cuda.library.required("cuMemFree_v2")
    unsafe copyToBoard = try cuda.library.required("cuMemcpyHtoD_v2")
    unsafe copyFromBoard = try cuda.library.required("cuMemcpyDtoH_v2")
    unsafe copyOnBoard = try cuda.library.required("cuMemcpyDtoD_v2")
    unsafe fill = try cuda.library.required("cuMemsetD8_v2")
    unsafe loadModule = try cuda.library.required("cuModuleLoadDataEx")
    unsafe unloadModule = try cuda.library.required("cuModuleUnload")
    unsafe findFunction = try cuda.library.required("cuModuleGetFunction")
    unsafe launch = try cuda.library.required("cuLaunchKernel")
  }
}
