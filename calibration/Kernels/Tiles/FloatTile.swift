/// A tile multiplied without tensor cores: each of 256 threads makes eight rows and four or eight columns of it.
///
/// In shared memory the depth comes first, so that a thread reads four neighbouring rows at once. Groups of eight rows change
/// places from one four depths to the next, so that what 32 threads write lies in different banks.
struct FloatTile: OperandTile {
  private static let depth = TileSource.depthBytes / 4

  private let rows: Int
  private let columns: Int
  private let shared: Value<B32>
  /// Where the thread writes the first number of what it fetched.
  private let putOffset: (left: Value<B32>, right: Value<B32>)
  /// The thread's first row and column.
  private let row: Value<B32>
  private let column: Value<B32>
  /// For each four depths, where the thread's first row and column are.
  private let places: [(row: Value<B32>, column: Value<B32>)]
  private let sums: [[Value<F32>]]

  init(_ writer: inout KernelWriter, rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    _ = writer.shared(bytes: 2 * 4 * Self.depth * (rows + columns))
    shared = writer.sharedMemory()
    let thread = writer.thread()
    // Thread t fetched row t / 4, from depth 4 · (t mod 4) on.
    let four = writer.and(thread, 3)
    let fetched = writer.shiftLeft(
      writer.xor(writer.shiftRight(thread, 2), writer.shiftLeft(four, 3)), 2)
    putOffset = (
      writer.multiply(four, Value(4 * 4 * rows), plus: fetched),
      writer.multiply(four, Value(4 * 4 * columns), plus: fetched)
    )
    let row = writer.shiftLeft(writer.shiftRight(thread, 4), 2)
    let column = writer.shiftLeft(writer.and(thread, 15), 2)
    places = (0..<Self.depth / 4).map { four in
      (
        writer.shiftLeft(writer.xor(row, Value(8 * four)), 2),
        writer.shiftLeft(writer.xor(column, Value(8 * four)), 2)
      )
    }
    self.row = row
    self.column = column
    sums = (0..<rows / 16).map { _ in
      (0..<columns / 16).map { _ in writer.copy(Value<F32>(Float(0))) }
    }
  }

  var stageBytes: Int { 4 * Self.depth * (rows + columns) }

  func put(
    _ writer: inout KernelWriter, _ left: [[Value<B32>]], _ right: [[Value<B32>]],
    at stage: Value<B32>
  ) {
    let start = writer.add(shared, stage)
    let sides = [
      (left, putOffset.left, rows, 0), (right, putOffset.right, columns, 4 * Self.depth * rows),
    ]
    for (fetched, offset, extent, first) in sides {
      let address = writer.add(start, offset)
      for (step, numbers) in fetched.enumerated() {
        for (depth, number) in numbers.enumerated() {
          let place = depth * extent + step * TileSource.rowsAtOnce
          writer.storeShared(address, offset: first + 4 * place, number)
        }
      }
    }
  }

  func multiply(_ writer: inout KernelWriter, at stage: Value<B32>) {
    let start = writer.add(shared, stage)
    for (four, place) in places.enumerated() {
      let left = writer.add(start, place.row)
      let right = writer.add(start, place.column)
      for depth in 4 * four..<4 * four + 4 {
        let a = stride(from: 0, to: rows, by: 64).flatMap {
          writer.loadSharedVector(F32.self, left, offset: 4 * (depth * rows + $0))
        }
        let b = stride(from: 0, to: columns, by: 64).flatMap {
          writer.loadSharedVector(
            F32.self, right, offset: 4 * (Self.depth * rows + depth * columns + $0))
        }
        for (number, row) in zip(a, sums) {
          for (other, sum) in zip(b, row) { writer.fused(number, other, plus: sum, into: sum) }
        }
      }
    }
  }

  func store(_ writer: inout KernelWriter, _ place: ResultPlace) {
    let rowOffsets = sums.indices.map { writer.add(row, Value($0 / 4 * 64 + $0 % 4)) }
    let columnOffsets = stride(from: 0, to: columns, by: 64).map { writer.add(column, Value($0)) }
    place.store(&writer, rows: rowOffsets, columns: columnOffsets, size: 4) {
      writer, address, row, column in
      writer.storeVector(address, Array(sums[row][4 * column..<4 * column + 4]))
    }
  }
}
