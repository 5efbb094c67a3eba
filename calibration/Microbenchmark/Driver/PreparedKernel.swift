import BenchmarkKernels

/// Work that can be put on a board again and again.
protocol Load: ~Copyable {
  /// Puts the work into the board's queue once.
  func launch() throws(DriverFailure)
}

/// Work whose result can be looked at.
protocol CheckedLoad: Load, ~Copyable {
  /// Some bytes of the result.
  func resultBytes(_ range: Range<Int>) throws(DriverFailure) -> [UInt8]
}

/// A kernel that the driver has compiled, with its buffers filled.
@safe struct PreparedKernel: ~Copyable, CheckedLoad {
  private let calls: CUDACalls
  private let stream: CUDACalls.Handle
  private let module: CUDACalls.Handle
  private let function: CUDACalls.Handle
  private let memory: GPUMemory
  /// What the entry point is called with, each in eight bytes, and where each is.
  private let values: UnsafeMutablePointer<UInt64>
  private let parameters: UnsafeMutablePointer<CUDACalls.Handle?>
  private let grid: Extent
  private let block: Extent
  /// Where the result is.
  private let result: UInt64

  init(
    _ kernel: BenchmarkKernel, on gpu: borrowing GPU, _ patterns: inout PatternCache
  ) throws(DriverFailure) {
    var memory = GPUMemory(on: gpu)
    var words: [UInt64] = []
    for argument in kernel.arguments {
      switch argument {
      case .number(let number): words.append(UInt64(number))
      case .buffer(let buffer):
        let address = try memory.allocate(buffer.byteCount)
        try memory.fill(address, buffer.byteCount, with: patterns.bytes(of: buffer))
        words.append(address)
      }
    }
    let calls = gpu.calls
    let (module, function) = unsafe try Self.load(kernel.program, calls)
    self.calls = calls
    unsafe stream = gpu.stream
    unsafe self.module = module
    unsafe self.function = function
    grid = Extent(kernel.grid)
    block = Extent(kernel.block)
    result = words.indices.contains(kernel.check.result) ? words[kernel.check.result] : 0
    unsafe values = .allocate(capacity: words.count)
    unsafe parameters = .allocate(capacity: words.count)
    for (index, word) in words.enumerated() {
      unsafe (values + index).initialize(to: word)
      unsafe (parameters + index).initialize(to: CUDACalls.Handle(values + index))
    }
    self.memory = memory
  }

  deinit {
    unsafe parameters.deallocate()
    unsafe values.deallocate()
    _ = unsafe calls.unloadModule(module)
  }

  func launch() throws(DriverFailure) {
    let code = unsafe calls.launch(
      function, grid.x, grid.y, grid.z, block.x, block.y, block.z, 0, stream, parameters, nil)
    try CUDA.check("to launch a kernel", code)
  }

  /// An extent as the driver takes it, made once: launches are what a small kernel's time is made of.
  private struct Extent {
    let x: CUnsignedInt
    let y: CUnsignedInt
    let z: CUnsignedInt

    init(_ extent: BenchmarkKernel.Extent) {
      x = CUnsignedInt(clamping: extent.x)
      y = CUnsignedInt(clamping: extent.y)
      z = CUnsignedInt(clamping: extent.z)
    }
  }

  func resultBytes(_ range: Range<Int>) throws(DriverFailure) -> [UInt8] {
    try memory.bytes(at: result + UInt64(range.lowerBound), count: range.count)
  }

  /// Has the driver compile a program.
  private static func load(_ program: Program, _ calls: CUDACalls) throws(DriverFailure)
    -> (module: CUDACalls.Handle, function: CUDACalls.Handle)
  {
    var module: CUDACalls.Handle?
    // C wants a zero byte behind the text.
    let text = Array(program.text.utf8) + [0]
    let code = unsafe text.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe calls.loadModule(&module, $0, 0, nil, nil) } ?? 1
    }
    try CUDA.check("to compile \(program.entry)", code)
    guard let module = unsafe module else {
      throw .refused("to compile \(program.entry)", reason: "it gave no handle")
    }
    var function: CUDACalls.Handle?
    do throws(DriverFailure) {
      try CUDA.check(
        "the kernel \(program.entry)", unsafe calls.findFunction(&function, module, program.entry))
    } catch {
      _ = unsafe calls.unloadModule(module)
      throw error
    }
    guard let function = unsafe function else {
      _ = unsafe calls.unloadModule(module)
      throw .refused("the kernel \(program.entry)", reason: "it gave no handle")
    }
    return unsafe (module, function)
  }
}
