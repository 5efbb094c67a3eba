/// The sum of each row, as global pooling and losses take it.
struct Reduction: KernelFamily {
  let rows: Int
  /// A multiple of four, at most 8192.
  let columns: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let scale = board.memoryScale
    // Of several amounts of work, which tell launches and rates apart.
    return [
      (1 << 17, 256), (1 << 15, 1024), (1 << 13, 4096), (1 << 11, 8192), (1 << 13, 512),
      (256, 1024),
    ].map {
      Reduction(rows: $0 == 256 ? $0 : $0 * scale, columns: $1).kernel(isEssential: $1 == 4096)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let columns = columns
    return BenchmarkKernel(
      name: "reduction-\(rows)x\(columns)", .reduction, .float32, program(),
      .rows(rows, columns: columns), grid: .init(rows),
      arguments: [
        .buffer(Buffer(.float32, rows * columns, .normal(deviation: 1, seed: 21))),
        .buffer(Buffer(.float32, rows, .result)),
        .number(UInt32(clamping: columns / 4)),
      ],
      work: KernelWork(operations: rows * columns, bytes: 4 * rows * columns + 4 * rows),
      check: Check(result: 1, absolute: 1e-6 * Double(columns), relative: 1e-5) { inputs, row in
        (0..<columns).reduce(0) { $0 + inputs[0, row * columns + $1] }
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    let layout = Row.Layout(columns: columns)
    var writer = KernelWriter("reduction_\(layout.name)", .sm70, threads: layout.threads)
    let input = writer.pointer()
    let result = writer.pointer()
    let vectors = writer.number()
    let row = Row(&writer, layout, input, vectors: vectors, reductions: 1)
    let all = Array(row.numbers.joined())
    let own = all.dropFirst().reduce(all[0]) { writer.add($0, $1) }
    let sum = row.reduce(&writer, own, step: 0) { $0.add($1, $2) }
    writer.when(writer.isEqual(writer.thread(), to: 0)) { writer in
      writer.store(writer.address(result, writer.block(), size: 4), sum)
    }
    return writer.program()
  }
}
