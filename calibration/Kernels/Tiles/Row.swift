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
  private let reduction: BlockReduction

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
    reduction = BlockReduction(&writer, reductions: reductions)
  }

  /// Combines one number of each thread to one for the whole block; `step` counts the reductions of the kernel from 0.
  func reduce(
    _ writer: inout KernelWriter, _ own: Value<F32>, step: Int,
    _ combine: (inout KernelWriter, Value<F32>, Value<F32>) -> Value<F32>
  ) -> Value<F32> {
    reduction.reduce(&writer, own, step: step, combine)
  }
}
