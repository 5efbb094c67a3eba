/// Where the rows of a tile come from: a matrix, or the windows of a convolution.
///
/// A tile is 64 bytes deep. Each of a block's 256 threads fetches the same sixteen of these of several rows: thread `t` those
/// at `16 · (t mod 4)` of rows `t / 4`, `t / 4 + 64` and so on. Beyond the last row there are zeros.
enum TileSource {
  static let depthBytes = 64
  static let threads = 256
  /// Rows that all threads fetch at once.
  static let rowsAtOnce = 64

  /// Rows of a matrix that lie one behind the other.
  struct Matrix {
    private var addresses: [Value<B64>] = []
    private var isRow: [Value<Predicate>] = []

    /// Rows from `first` on, of `count`, each `tiles` tiles long.
    init(
      _ writer: inout KernelWriter, _ base: Value<B64>, first: Value<B32>, count: Value<B32>,
      tiles: Value<B32>, rows: Int
    ) {
      let own = writer.add(first, writer.shiftRight(writer.thread(), 2))
      let chunk = writer.shiftLeft(writer.and(writer.thread(), 3), 4)
      let start = writer.address(base, chunk, size: 1)
      for step in 0..<rows / rowsAtOnce {
        let row = writer.add(own, Value(step * rowsAtOnce))
        isRow.append(writer.isLess(row, than: count))
        // A matrix may be longer than 32 bits can say, so the row is multiplied in 64.
        let vectors = writer.multiply(row, writer.shiftLeft(tiles, 2))
        addresses.append(writer.address(start, vectors, size: 16))
      }
    }

    func load(
      _ writer: inout KernelWriter, when condition: Value<Predicate>
    ) -> [[Value<B32>]] {
      zip(addresses, isRow).map { writer.loadVector($0, when: writer.both($1, condition)) }
    }

    func advance(_ writer: inout KernelWriter) {
      for address in addresses { writer.advance(address, by: depthBytes) }
    }
  }

  /// What a convolution's weights are multiplied with: a row for each position of the output.
  ///
  /// Images are stored channel by channel for each position; a group's channels of one position fill whole tiles. The group is the
  /// block's layer.
  struct Windows {
    private let extents: Extents
    private let base: Value<B64>
    /// Of each row fetched: the first position of its image, and where its window begins.
    private var rows: [(image: Value<B32>, y: Value<B32>, x: Value<B32>, isRow: Value<Predicate>)]
    private let chunk: Value<B32>
    /// The tiles of a position that belong to groups before this one, and to all groups.
    private let tilesBefore: Value<B32>
    private let allTiles: Value<B32>
    /// How far along the depth: the window's row and column, and the tile of channels.
    private let y: Value<B32>
    private let x: Value<B32>
    private let channelTile: Value<B32>

    /// Numbers that the kernel is called with.
    struct Extents {
      let size: Value<B32>
      let outputSize: Value<B32>
      let kernel: Value<B32>
      let stride: Value<B32>
      let padding: Value<B32>
      /// The tiles that the channels of one group fill.
      let channelTiles: Value<B32>
      let groups: Value<B32>

      init(_ writer: inout KernelWriter) {
        size = writer.number()
        outputSize = writer.number()
        kernel = writer.number()
        stride = writer.number()
        padding = writer.number()
        channelTiles = writer.number()
        groups = writer.number()
      }
    }

    init(
      _ writer: inout KernelWriter, _ base: Value<B64>, first: Value<B32>, count: Value<B32>,
      extents: Extents, rows rowCount: Int
    ) {
      self.extents = extents
      self.base = base
      chunk = writer.and(writer.thread(), 3)
      tilesBefore = writer.multiply(writer.blockLayer(), extents.channelTiles)
      allTiles = writer.multiply(extents.groups, extents.channelTiles)
      let own = writer.add(first, writer.shiftRight(writer.thread(), 2))
      let area = writer.multiply(extents.outputSize, extents.outputSize)
      rows = []
      for step in 0..<rowCount / rowsAtOnce {
        let row = writer.add(own, Value(step * rowsAtOnce))
        let image = writer.divide(row, area)
        let position = writer.remainder(row, area)
        let outputY = writer.divide(position, extents.outputSize)
        let outputX = writer.remainder(position, extents.outputSize)
        // Left of the border and above it numbers wrap around to large ones, beyond every image.
        let y = writer.subtract(writer.multiply(outputY, extents.stride), extents.padding)
        let x = writer.subtract(writer.multiply(outputX, extents.stride), extents.padding)
        rows.append((image, y, x, writer.isLess(row, than: count)))
      }
      y = writer.copy(0)
      x = writer.copy(0)
      channelTile = writer.copy(0)
    }

    func load(
      _ writer: inout KernelWriter, when condition: Value<Predicate>
    ) -> [[Value<B32>]] {
      rows.map { row in
        let y = writer.add(row.y, y)
        let x = writer.add(row.x, x)
        let isPosition = writer.both(
          writer.isLess(y, than: extents.size), writer.isLess(x, than: extents.size))
        let isInside = writer.both(isPosition, writer.both(row.isRow, condition))
        let line = writer.multiply(row.image, extents.size, plus: y)
        let position = writer.multiply(line, extents.size, plus: x)
        let tile = writer.multiply(
          position, allTiles, plus: writer.add(tilesBefore, channelTile))
        let vector = writer.multiply(tile, 4, plus: chunk)
        return writer.loadVector(writer.address(base, vector, size: 16), when: isInside)
      }
    }

    func advance(_ writer: inout KernelWriter) {
      writer.add(channelTile, 1, into: channelTile)
      let isNextColumn = writer.isEqual(channelTile, to: extents.channelTiles)
      writer.select(isNextColumn, 0, channelTile, into: channelTile)
      writer.select(isNextColumn, writer.add(x, 1), x, into: x)
      let isNextRow = writer.isEqual(x, to: extents.kernel)
      writer.select(isNextRow, 0, x, into: x)
      writer.select(isNextRow, writer.add(y, 1), y, into: y)
    }
  }

  case matrix(Matrix)
  case windows(Windows)

  /// The thread's share of the present tile; zeros where `condition` does not hold.
  func load(
    _ writer: inout KernelWriter, when condition: Value<Predicate>
  ) -> [[Value<B32>]] {
    switch self {
    case .matrix(let matrix): matrix.load(&writer, when: condition)
    case .windows(let windows): windows.load(&writer, when: condition)
    }
  }

  /// Goes on to the next tile along the depth.
  func advance(_ writer: inout KernelWriter) {
    switch self {
    case .matrix(let matrix): matrix.advance(&writer)
    case .windows(let windows): windows.advance(&writer)
    }
  }
}
