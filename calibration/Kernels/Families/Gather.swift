/// Rows of a table, fetched in random order as an embedding does.
struct Gather: KernelFamily {
  let tableRows: Int
  /// Numbers in a row: a power of two from four on.
  let width: Int
  /// Rows fetched.
  let count: Int
  let blocks: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    // A table of 256 MiB at the least, which no cache holds.
    let scale = board.memoryScale
    return [4, 256].map { width in
      Gather(
        tableRows: scale * (64 << 20) / width, width: width, count: scale * (16 << 20) / width,
        blocks: board.multiprocessors * 8
      ).kernel(isEssential: width == 256)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let width = width
    return BenchmarkKernel(
      name: "gather-\(count)x\(width)", .gather, .float32, program(),
      .rows(count, columns: width), grid: .init(blocks),
      arguments: [
        .buffer(Buffer(.float32, tableRows * width, .normal(deviation: 1, seed: 8))),
        .buffer(Buffer(.uint32, count, .indices(limit: tableRows, seed: 9))),
        .buffer(Buffer(.float32, count * width, .result)),
        .number(UInt32(clamping: count * width / 4)),
      ],
      work: KernelWork(bytes: count * 4 + 2 * count * width * 4),
      check: Check(result: 2) { inputs, index in
        inputs[0, Int(inputs[1, index / width]) * width + index % width]
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("gather_\(width)", .sm70, threads: 256)
    let table = writer.pointer()
    let indices = writer.pointer()
    let result = writer.pointer()
    let vectors = writer.number()
    let perRow = width / 4
    writer.loop(from: writer.globalThread(), below: vectors, step: writer.allThreads()) {
      writer, vector in
      let row = writer.shiftRight(vector, perRow.trailingZeroBitCount)
      let column = writer.and(vector, Value(perRow - 1))
      let chosen = writer.load(B32.self, writer.address(indices, row, size: 4))
      let source = writer.multiply(chosen, Value(perRow), plus: column)
      let numbers = writer.loadVector(F32.self, writer.address(table, source, size: 16))
      writer.storeVector(writer.address(result, vector, size: 16), numbers)
    }
    return writer.program()
  }
}
