/// Reads of a buffer that stays in the cache shared by all multiprocessors.
struct CacheRead: KernelFamily {
  /// Vectors of sixteen bytes.
  let vectors: Int
  let blocks: Int
  let passes: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    // A quarter, because some boards keep each line in two halves of the cache.
    [2, 4].map { share in
      CacheRead(
        vectors: board.cacheBytes / (share * 2) / 16, blocks: board.multiprocessors * 8,
        passes: 32
      ).kernel(isEssential: share == 2)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let program = program()
    let threads = blocks * program.threads
    return BenchmarkKernel(
      name: "cache-read-\(vectors * 16)", .cacheRead, .float32, program, .elements(vectors * 4),
      grid: .init(blocks),
      arguments: [
        .buffer(Buffer(.float32, vectors * 4, .normal(deviation: 1, seed: 7))),
        .buffer(Buffer(.float32, threads, .result)),
        .number(UInt32(clamping: vectors)),
        .number(UInt32(clamping: passes)),
      ],
      work: KernelWork(
        operations: passes * vectors * 4, bytes: 4 * threads, cachedBytes: passes * vectors * 16),
      check: Check(result: 1, absolute: 1e-3, relative: 1e-4) { [vectors, passes] inputs, thread in
        var sums = [Float](repeating: 0, count: 4)
        for _ in 0..<passes {
          for vector in stride(from: thread, to: vectors, by: threads) {
            for part in 0..<4 { sums[part] += Float(inputs[0, vector * 4 + part]) }
          }
        }
        return Double((sums[0] + sums[1]) + (sums[2] + sums[3]))
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("cache_read", .sm70, threads: 256)
    let input = writer.pointer()
    let result = writer.pointer()
    let vectors = writer.number()
    let passes = writer.number()
    let thread = writer.globalThread()
    let threads = writer.allThreads()
    let sums = (0..<4).map { _ in writer.copy(Value<F32>(Float(0))) }
    writer.loop(passes) { writer, _ in
      writer.loop(from: thread, below: vectors, step: threads) { writer, index in
        let numbers = writer.loadVector(
          F32.self, writer.address(input, index, size: 16), cache: .shared)
        for (sum, number) in zip(sums, numbers) { writer.add(sum, number, into: sum) }
      }
    }
    let sum = writer.add(writer.add(sums[0], sums[1]), writer.add(sums[2], sums[3]))
    writer.store(writer.address(result, thread, size: 4), sum)
    return writer.program()
  }
}
