/// A tile multiplied in tensor cores by eight warps, four along the rows and two along the columns.
///
/// In shared memory a row's 64 bytes lie together, in four chunks of sixteen. Chunks change places from one pair of rows to the
/// next, so that eight rows' chunks of the same depth lie in different banks.
struct TensorTile: OperandTile {
  private let type: NumberType
  private let rows: Int
  private let columns: Int
  private let shared: Value<B32>
  /// Where the thread writes the first vector that it fetched; the others lie whole rows further on.
  private let putOffset: Value<B32>
  /// Where the thread reads rows and columns of its warp, for either half of the depth.
  private let leftOffsets: [Value<B32>]
  private let rightOffsets: [Value<B32>]
  /// Where the first of the thread's sums belong.
  private let row: Value<B32>
  private let column: Value<B32>
  /// By sixteen rows, by eight columns: the four sums that the thread keeps.
  private let sums: [[[Value<B32>]]]

  private static let warpsAlongRows = 4
  private static let warpsAlongColumns = 2
  private static let rowBytes = TileSource.depthBytes

  init(_ writer: inout KernelWriter, _ type: NumberType, rows: Int, columns: Int) {
    self.type = type
    self.rows = rows
    self.columns = columns
    let warpRows = rows / Self.warpsAlongRows
    let warpColumns = columns / Self.warpsAlongColumns
    _ = writer.shared(bytes: 2 * (rows + columns) * Self.rowBytes)
    shared = writer.sharedMemory()
    let thread = writer.thread()
    let lane = writer.and(thread, 31)
    let warp = writer.shiftRight(thread, 5)
    let firstRow = writer.multiply(writer.shiftRight(warp, 1), Value(warpRows))
    let firstColumn = writer.multiply(writer.and(warp, 1), Value(warpColumns))

    putOffset = Self.offset(
      &writer, row: writer.shiftRight(thread, 2), chunk: writer.and(thread, 3))

    // Threads 8·m to 8·m + 7 say where the rows of matrix m are: for left operands the second matrix is eight rows below the
    // first and the third beside it; for right ones the second is beside the first and the third below.
    let inMatrix = writer.and(lane, 7)
    let below = writer.shiftLeft(writer.and(writer.shiftRight(lane, 3), 1), 3)
    let beside = writer.shiftRight(lane, 4)
    let leftRow = writer.add(writer.add(firstRow, inMatrix), below)
    leftOffsets = (0..<2).map { half in
      Self.offset(&writer, row: leftRow, chunk: writer.add(beside, Value(2 * half)))
    }
    let rightRow = writer.add(
      writer.add(firstColumn, inMatrix), writer.shiftLeft(beside, 3))
    let rightChunk = writer.shiftRight(below, 3)
    rightOffsets = (0..<2).map { half in
      Self.offset(&writer, row: rightRow, chunk: writer.add(rightChunk, Value(2 * half)))
    }

    row = writer.add(firstRow, writer.shiftRight(lane, 2))
    column = writer.add(firstColumn, writer.shiftLeft(writer.and(lane, 3), 1))
    sums = (0..<warpRows / 16).map { _ in
      (0..<warpColumns / 8).map { _ in (0..<4).map { _ in writer.copy(0 as Value<B32>) } }
    }
  }

  var stageBytes: Int { (rows + columns) * Self.rowBytes }

  /// Where sixteen bytes of a row are, among those of its operand.
  private static func offset(
    _ writer: inout KernelWriter, row: Value<B32>, chunk: Value<B32>
  ) -> Value<B32> {
    let place = writer.xor(chunk, writer.and(writer.shiftRight(row, 1), 3))
    return writer.multiply(row, Value(rowBytes), plus: writer.shiftLeft(place, 4))
  }

  func put(
    _ writer: inout KernelWriter, _ left: [[Value<B32>]], _ right: [[Value<B32>]],
    at stage: Value<B32>
  ) {
    let address = writer.add(writer.add(shared, stage), putOffset)
    for (first, fetched) in [(0, left), (rows * Self.rowBytes, right)] {
      for (step, vector) in fetched.enumerated() {
        let offset = first + step * TileSource.rowsAtOnce * Self.rowBytes
        writer.storeSharedVector(address, offset: offset, vector)
      }
    }
  }

  func multiply(_ writer: inout KernelWriter, at stage: Value<B32>) {
    let start = writer.add(shared, stage)
    for half in 0..<2 {
      let leftAddress = writer.add(start, leftOffsets[half])
      let rightAddress = writer.add(start, rightOffsets[half])
      let left = sums.indices.map { index in
        writer.loadMatrices(leftAddress, offset: 16 * index * Self.rowBytes)
      }
      var right: [[Value<B32>]] = []
      for pair in 0..<sums[0].count / 2 {
        let matrices = writer.loadMatrices(
          rightAddress, offset: (rows + 16 * pair) * Self.rowBytes)
        right += [Array(matrices[..<2]), Array(matrices[2...])]
      }
      for (a, row) in zip(left, sums) {
        for (b, four) in zip(right, row) { writer.multiplyTile(type, a, b, into: four) }
      }
    }
  }

  func store(_ writer: inout KernelWriter, _ place: ResultPlace) {
    let rowOffsets = (0..<2 * sums.count).map { writer.add(row, Value(8 * $0)) }
    let columnOffsets = sums[0].indices.map { writer.add(column, Value(8 * $0)) }
    let size = type.productType.byteCount
    place.store(&writer, rows: rowOffsets, columns: columnOffsets, size: size) {
      writer, address, row, column in
      let pair = Array(sums[row / 2][column][row % 2 * 2..<row % 2 * 2 + 2])
      switch type {
      case .float16:
        let (low, high) = (writer.float(bits: pair[0]), writer.float(bits: pair[1]))
        writer.store(address, writer.halves(low, high))
      case .bfloat16:
        let (low, high) = (writer.float(bits: pair[0]), writer.float(bits: pair[1]))
        writer.store(address, writer.brainFloats(low, high))
      default: writer.storeVector(address, pair)
      }
    }
  }
}
