import BenchmarkKernels

/// A convolution that cuDNN does, with its operands on the board.
@safe struct PreparedConvolution: ~Copyable, CheckedLoad {
  /// What frameworks let algorithms have by default, or more.
  static let workspaceLimit = 256 << 20

  private let description: ConvolutionDescription
  private let algorithm: ConvolutionDescription.Algorithm
  private let memory: GPUMemory
  private let addresses: (UInt64, UInt64, result: UInt64)
  private let workspace: UInt64
  /// 1 and 0.
  private let factors: UnsafeMutablePointer<Float>

  /// Nil where the library has no convolution of that kind or size.
  init?(
    _ call: LibraryCall, on gpu: borrowing GPU, _ library: borrowing CUDNN,
    _ patterns: inout PatternCache
  ) throws(DriverFailure) {
    guard let description = try ConvolutionDescription(call, library),
      let algorithm = try description.algorithm(call.name, workspaceLimit: Self.workspaceLimit)
    else { return nil }
    try CUDNN.check(
      "to use the queue", unsafe library.calls.setStream(library.handle, gpu.stream))
    var memory = GPUMemory(on: gpu)
    for (_, buffer) in call.buffers {
      let address = try memory.allocate(buffer.byteCount)
      try memory.fill(address, buffer.byteCount, with: patterns.bytes(of: buffer))
    }
    workspace = try memory.allocate(algorithm.workspaceBytes)
    addresses = (memory.addresses[0], memory.addresses[1], memory.addresses[2])
    self.description = description
    self.algorithm = algorithm
    self.memory = memory
    unsafe factors = .allocate(capacity: 2)
    unsafe factors.initialize(to: 1)
    unsafe (factors + 1).initialize(to: 0)
  }

  deinit { unsafe factors.deallocate() }

  func launch() throws(DriverFailure) {
    unsafe try description.convolve(
      algorithm, addresses, workspace: workspace, factors: factors)
  }

  func resultBytes(_ range: Range<Int>) throws(DriverFailure) -> [UInt8] {
    try memory.bytes(at: addresses.result + UInt64(range.lowerBound), count: range.count)
  }
}

extension CUDNN {
  /// Whether the library does `call` on this board.
  func offers(_ call: LibraryCall) -> Bool {
    guard let description = try? ConvolutionDescription(call, self) else { return false }
    return
      (try? description.algorithm(
        call.name, workspaceLimit: PreparedConvolution.workspaceLimit)) != nil
  }
}
