/// A kernel that does nothing: the time from one launch to the next.
struct Launch: KernelFamily {
  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] { [kernel(target: .sm70)] }

  static func kernel(target: Target) -> BenchmarkKernel {
    var writer = KernelWriter("launch", target, threads: 32)
    let numbers = writer.pointer()
    let result = writer.pointer()
    let thread = writer.globalThread()
    // One number, so that it can be seen to have run.
    let number = writer.load(F32.self, writer.address(numbers, thread, size: 4))
    writer.store(writer.address(result, thread, size: 4), number)
    return BenchmarkKernel(
      name: "launch", .launch, .float32, writer.program(), .none, grid: .init(1),
      arguments: [
        .buffer(Buffer(.float32, 32, .normal(deviation: 1, seed: 1))),
        .buffer(Buffer(.float32, 32, .result)),
      ],
      work: KernelWork(), check: Check(result: 1) { inputs, index in inputs[0, index] },
      isEssential: true)
  }
}
