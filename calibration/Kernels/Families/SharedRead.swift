/// Reads of shared memory, sixteen bytes for each thread, free of conflicts.
struct SharedRead: KernelFamily {
  let blocks: Int
  /// Turns of the loop, each of four reads.
  let turns: Int

  /// Vectors of sixteen bytes: 32 KiB, of which a turn starts in the first half.
  private static let vectors = 2048

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    [SharedRead(blocks: board.multiprocessors * 4, turns: 1024).kernel(isEssential: true)]
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let program = program()
    let threads = blocks * program.threads
    return BenchmarkKernel(
      name: "shared-memory", .sharedMemory, .float32, program, .none, grid: .init(blocks),
      arguments: [
        .buffer(Buffer(.float32, Self.vectors * 4, .normal(deviation: 1, seed: 6))),
        .buffer(Buffer(.float32, threads, .result)),
        .number(UInt32(clamping: turns)),
      ],
      work: KernelWork(operations: threads * turns * 16, sharedBytes: threads * turns * 64),
      check: Check(result: 1, absolute: 1e-3, relative: 1e-4) { [turns] inputs, thread in
        var sums = [Float](repeating: 0, count: 4)
        for turn in 0..<turns {
          let first = (thread % 256 + 32 * turn) % (Self.vectors / 2)
          for vector in 0..<4 {
            for part in 0..<4 {
              sums[part] += Float(inputs[0, (first + 256 * vector) * 4 + part])
            }
          }
        }
        return Double((sums[0] + sums[1]) + (sums[2] + sums[3]))
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("shared_memory", .sm70, threads: 256)
    let input = writer.pointer()
    let result = writer.pointer()
    let turns = writer.number()
    let thread = writer.thread()
    _ = writer.shared(bytes: Self.vectors * 16)
    let tile = writer.sharedMemory()
    writer.loop(from: thread, below: Value(Self.vectors), step: 256) { writer, index in
      let vector = writer.loadVector(F32.self, writer.address(input, index, size: 16))
      writer.storeSharedVector(writer.add(tile, writer.shiftLeft(index, 4)), vector)
    }
    writer.wait()
    let sums = (0..<4).map { _ in writer.copy(Value<F32>(Float(0))) }
    let offset = writer.shiftLeft(thread, 4)
    writer.loop(turns) { writer, _ in
      let address = writer.add(tile, writer.and(offset, Value(Self.vectors / 2 * 16 - 1)))
      for vector in 0..<4 {
        let numbers = writer.loadSharedVector(F32.self, address, offset: 256 * 16 * vector)
        for (sum, number) in zip(sums, numbers) { writer.add(sum, number, into: sum) }
      }
      writer.add(offset, Value(32 * 16), into: offset)
    }
    let sum = writer.add(writer.add(sums[0], sums[1]), writer.add(sums[2], sums[3]))
    writer.store(writer.address(result, writer.globalThread(), size: 4), sum)
    return writer.program()
  }
}
