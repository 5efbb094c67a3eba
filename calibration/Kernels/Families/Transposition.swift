/// A matrix with rows and columns exchanged, through shared memory so that both sides are read and written in order.
struct Transposition: KernelFamily {
  let rows: Int
  let columns: Int

  /// Rows and columns of what a block exchanges.
  private static let side = 32

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let scale = board.memoryScale
    return [(4096, 4096), (8192, 8192), (64 * 256, 768), (1024, 196)].map { rows, columns in
      Transposition(rows: rows == 1024 ? rows : rows * scale, columns: columns)
        .kernel(isEssential: columns == 8192)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (rows, columns) = (rows, columns)
    return BenchmarkKernel(
      name: "transposition-\(rows)x\(columns)", .movement, .float32, program(),
      .elements(rows * columns),
      grid: .init(
        (columns + Self.side - 1) / Self.side, (rows + Self.side - 1) / Self.side),
      arguments: [
        .buffer(Buffer(.float32, rows * columns, .normal(deviation: 1, seed: 22))),
        .buffer(Buffer(.float32, rows * columns, .result)),
        .number(UInt32(clamping: rows)),
        .number(UInt32(clamping: columns)),
      ],
      work: KernelWork(bytes: 8 * rows * columns),
      check: Check(result: 1) { inputs, index in
        inputs[0, index % rows * columns + index / rows]
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("transposition", .sm70, threads: 256)
    let input = writer.pointer()
    let result = writer.pointer()
    let rows = writer.number()
    let columns = writer.number()
    let side = Self.side
    // A number more in each row, so that a column lies in different banks.
    let pitch = 4 * (side + 1)
    _ = writer.shared(bytes: side * pitch)
    let shared = writer.sharedMemory()
    let x = writer.and(writer.thread(), 31)
    let y = writer.shiftRight(writer.thread(), 5)
    let firstColumn = writer.shiftLeft(writer.block(), 5)
    let firstRow = writer.shiftLeft(writer.blockRow(), 5)

    let column = writer.add(firstColumn, x)
    for step in stride(from: 0, to: side, by: 8) {
      let row = writer.add(writer.add(firstRow, y), Value(step))
      let isInside = writer.both(
        writer.isLess(row, than: rows), writer.isLess(column, than: columns))
      writer.when(isInside) { writer in
        let place = writer.multiply(row, columns, plus: column)
        let number = writer.load(F32.self, writer.address(input, place, size: 4))
        let own = writer.multiply(y, Value(pitch), plus: writer.shiftLeft(x, 2))
        writer.storeShared(writer.add(shared, own), offset: step * pitch, number)
      }
    }
    writer.wait()
    let outputColumn = writer.add(firstRow, x)
    for step in stride(from: 0, to: side, by: 8) {
      let outputRow = writer.add(writer.add(firstColumn, y), Value(step))
      let isInside = writer.both(
        writer.isLess(outputRow, than: columns), writer.isLess(outputColumn, than: rows))
      writer.when(isInside) { writer in
        let own = writer.multiply(x, Value(pitch), plus: writer.shiftLeft(y, 2))
        let number = writer.loadShared(F32.self, writer.add(shared, own), offset: 4 * step)
        let place = writer.multiply(outputRow, rows, plus: outputColumn)
        writer.store(writer.address(result, place, size: 4), number)
      }
    }
    return writer.program()
  }
}
