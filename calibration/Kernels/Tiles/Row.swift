/// One row of a matrix in the registers of a block, for kernels that reduce rows.
///
/// Thread `t` holds vectors `t`, `t + threads` and so on, of four numbers each.
struct Row {
  /// How a row is cut up among the threads.
  struct Layout: Hashable {
    let threads: Int
    let vectorsPerThread: Int

    /// For rows of so many numbers, a multiple of four.
    init(columns: Int) {
      let vectors = columns / 4
      threads = min(256, max(32, (vectors + 31) / 32 * 32))
      vectorsPerThread = max(1, (vectors + threads - 1) / threads)
    }

    /// As part of an entry point's name.
    var name: String { "\(threads)x\(vectorsPerThread)" }
  }

  let numbers: [[Value<F32>]]
  let isInside: [Value<Predicate>]
  /// The vectors' places in the row.
  let indices: [Value<B32>]
  /// The vectors' places in the matrix.
  let places: [Value<B32>]
  private let shared: Value<B32>
  private let warps: Int

  /// Loads the row with the block's number; `vectors` is the vectors of a row.
  init(
    _ writer: inout KernelWriter, _ layout: Layout, _ matrix: Value<B64>, vectors: Value<B32>,
    reductions: Int
  ) {
    let start = writer.multiply(writer.block(), vectors)
    let thread = writer.thread()
    indices = (0..<layout.vectorsPerThread).map {
      writer.add(thread, Value($0 * layout.threads))
    }
    isInside = indices.map { writer.isLess($0, than: vectors) }
    places = indices.map { writer.add(start, $0) }
    numbers = zip(places, isInside).map { place, isInside in
      writer.loadVector(writer.address(matrix, place, size: 16), when: isInside)
        .map { writer.float(bits: $0) }
    }
    warps = layout.threads / 32
    _ = writer.shared(bytes: 4 * warps * reductions)
    shared = writer.sharedMemory()
  }

  /// Combines one number of each thread to one for the whole block; `step` counts the reductions of the kernel from 0.
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
