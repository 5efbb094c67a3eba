/// Combines one number of each thread to one for the whole block, through shared memory.
struct BlockReduction {
  private let shared: Value<B32>
  private let warps: Int

  /// For so many reductions in one kernel.
  init(_ writer: inout KernelWriter, reductions: Int) {
    warps = writer.threads / 32
    _ = writer.shared(bytes: 4 * warps * reductions)
    shared = writer.sharedMemory()
  }

  /// `step` counts the reductions of the kernel from 0.
  func reduce(
    _ writer: inout KernelWriter, _ own: Value<F32>, step: Int,
    _ combine: (inout KernelWriter, Value<F32>, Value<F32>) -> Value<F32>
  ) -> Value<F32> {
    var sum = own
    for mask in [16, 8, 4, 2, 1] { sum = combine(&writer, sum, writer.exchange(sum, mask: mask)) }
    let warp = writer.shiftRight(writer.thread(), 5)
    let isFirst = writer.isEqual(writer.and(writer.thread(), 31), to: 0)
    // Each reduction has its own place, so that none has to wait until the one before is read.
    let offset = 4 * warps * step
    writer.when(isFirst) { writer in
      writer.storeShared(writer.add(shared, writer.shiftLeft(warp, 2)), offset: offset, sum)
    }
    writer.wait()
    let parts = (0..<warps).map { writer.loadShared(F32.self, shared, offset: offset + 4 * $0) }
    return parts.dropFirst().reduce(parts[0]) { combine(&writer, $0, $1) }
  }
}
