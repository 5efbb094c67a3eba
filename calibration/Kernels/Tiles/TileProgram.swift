/// A program that multiplies the rows of a left matrix, or of a convolution's windows, with those of a right one.
///
/// A block makes one tile of the result. Operands go through shared memory, 64 bytes of the depth at a time: while one tile of them is
/// multiplied, the next is on its way. Rows of both operands, and of the result, lie one behind the other:
/// `result[r, c] = Σ left[r, k] · right[c, k]`.
struct TileProgram {
  let type: NumberType
  let target: Target
  /// Whether the left operand is the windows of images.
  let isConvolution: Bool

  /// Rows and columns of the result that a block makes.
  static let rows = 128
  var columns: Int { isConvolution ? 64 : 128 }

  /// The name of the entry point.
  var entry: String {
    "\(isConvolution ? "convolution" : "gemm")_\(type.rawValue)_\(Self.rows)x\(columns)"
  }

  /// Takes the left and right operand, the result, its rows and columns, and the tiles along the depth; a convolution also
  /// takes ``TileSource/Windows/Extents``.
  func program() -> Program {
    var writer = KernelWriter(entry, target, threads: TileSource.threads)
    writer.residentBlocks = 2
    let left = writer.pointer()
    let right = writer.pointer()
    let result = writer.pointer()
    let rowCount = writer.number()
    let columnCount = writer.number()
    let tiles = writer.number()
    let firstRow = writer.multiply(writer.blockRow(), Value(Self.rows))
    let firstColumn = writer.multiply(writer.block(), Value(columns))
    let leftSource: TileSource
    var place = ResultPlace(
      base: result, firstRow: firstRow, firstColumn: firstColumn, rows: rowCount,
      columns: columnCount, columnsBefore: nil, allColumns: columnCount)
    var weights = right
    if isConvolution {
      let extents = TileSource.Windows.Extents(&writer)
      leftSource = .windows(
        TileSource.Windows(
          &writer, left, first: firstRow, count: rowCount, extents: extents, rows: Self.rows))
      // A group's weights and results lie behind those of the groups before it.
      let before = writer.multiply(writer.blockLayer(), columnCount)
      place.columnsBefore = before
      place.allColumns = writer.multiply(extents.groups, columnCount)
      weights = writer.address(
        right, writer.multiply(before, writer.shiftLeft(tiles, 2)), size: 16)
    } else {
      leftSource = .matrix(
        TileSource.Matrix(
          &writer, left, first: firstRow, count: rowCount, tiles: tiles, rows: Self.rows))
    }
    let rightSource = TileSource.matrix(
      TileSource.Matrix(
        &writer, weights, first: firstColumn, count: columnCount, tiles: tiles, rows: columns))
    let tile: any OperandTile =
      type == .float32
      ? FloatTile(&writer, rows: Self.rows, columns: columns)
      : TensorTile(&writer, type, rows: Self.rows, columns: columns)
    multiply(&writer, tile, leftSource, rightSource, tiles)
    tile.store(&writer, place)
    return writer.program()
  }

  /// The loop over the depth, with two places for operands in shared memory that are used in turn.
  private func multiply(
    _ writer: inout KernelWriter, _ tile: any OperandTile, _ left: TileSource,
    _ right: TileSource, _ tiles: Value<B32>
  ) {
    let stage = writer.copy(0 as Value<B32>)
    let isAny = writer.isLess(0, than: tiles)
    tile.put(
      &writer, left.load(&writer, when: isAny), right.load(&writer, when: isAny), at: stage)
    writer.wait()
    writer.loop(tiles) { writer, index in
      // Behind the last tile come zeros, which nobody multiplies.
      let isMore = writer.isLess(writer.add(index, 1), than: tiles)
      left.advance(&writer)
      right.advance(&writer)
      let nextLeft = left.load(&writer, when: isMore)
      let nextRight = right.load(&writer, when: isMore)
      tile.multiply(&writer, at: stage)
      writer.copy(writer.subtract(Value(tile.stageBytes), stage), into: stage)
      tile.put(&writer, nextLeft, nextRight, at: stage)
      writer.wait()
    }
  }
}

/// Operands of one block in shared memory, and the sums that its threads keep.
protocol OperandTile {
  /// Shared memory for the operands of one tile; there are two, at 0 and here.
  var stageBytes: Int { get }

  /// Puts into shared memory what a thread fetched of both operands.
  func put(
    _ writer: inout KernelWriter, _ left: [[Value<B32>]], _ right: [[Value<B32>]],
    at stage: Value<B32>)

  /// Multiplies what is there and adds it to the sums.
  func multiply(_ writer: inout KernelWriter, at stage: Value<B32>)

  /// Writes the sums to the result, where it has rows and columns for them.
  func store(_ writer: inout KernelWriter, _ place: ResultPlace)
}

/// The tile of the result that a block makes.
struct ResultPlace {
  let base: Value<B64>
  let firstRow: Value<B32>
  let firstColumn: Value<B32>
  /// Rows and columns of the whole product.
  let rows: Value<B32>
  let columns: Value<B32>
  /// Of the stored result, the columns that belong to other products: nil for none.
  var columnsBefore: Value<B32>?
  /// The columns of the stored result.
  var allColumns: Value<B32>

  /// Calls `store` for some neighbouring numbers of the result with their address, if they are part of it.
  ///
  /// Of neighbours either all or none are: the number of columns is a multiple of theirs.
  func store(
    _ writer: inout KernelWriter, rows offsets: [Value<B32>], columns columnOffsets: [Value<B32>],
    size: Int, _ store: (inout KernelWriter, Value<B64>, _ row: Int, _ column: Int) -> Void
  ) {
    let wanted = columnOffsets.map { offset in
      let column = writer.add(firstColumn, offset)
      let isWanted = writer.isLess(column, than: columns)
      return (column: columnsBefore.map { writer.add($0, column) } ?? column, isWanted: isWanted)
    }
    for (rowIndex, offset) in offsets.enumerated() {
      let row = writer.add(firstRow, offset)
      let start = writer.multiply(row, allColumns)
      writer.when(writer.isLess(row, than: rows)) { writer in
        for (columnIndex, column) in wanted.enumerated() {
          writer.when(column.isWanted) { writer in
            let address = writer.address(base, writer.add(start, column.column), size: size)
            store(&writer, address, rowIndex, columnIndex)
          }
        }
      }
    }
  }
}
