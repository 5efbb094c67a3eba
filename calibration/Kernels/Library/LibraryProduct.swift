/// Products of matrices that this project's own program does not do: of extents that are no multiples of four.
struct LibraryProduct {
  let type: NumberType
  let rows: Int
  let columns: Int
  let depth: Int

  static func calls(on board: BoardLimits) -> [LibraryCall] {
    // Whole numbers of eight bits come in fours in every library.
    [NumberType.float32, .tensorFloat32, .float16, .bfloat16].filter {
      $0.isMultiplied(on: board.target)
    }
    .flatMap { type in
      [(2047, 1023, 1025), (999, 1001, 4099), (255, 1001, 2047)].map {
        LibraryProduct(type: type, rows: $0, columns: $1, depth: $2).call()
      }
    }
  }

  func call() -> LibraryCall {
    let (columns, depth, bytes) = (columns, depth, type.byteCount)
    return LibraryCall(
      name: "gemm-\(type.rawValue)-\(rows)x\(columns)x\(depth)", .gemm, type,
      .product(rows: rows, columns: columns, depth: depth),
      operands: (
        Buffer(type, rows * depth, .normal(deviation: 1, seed: 11)),
        Buffer(type, columns * depth, .normal(deviation: 1, seed: 12))
      ),
      result: Buffer(type.productType, rows * columns, .result),
      work: KernelWork(
        operations: 2 * rows * columns * depth,
        bytes: (rows + columns) * depth * bytes + rows * columns * type.productType.byteCount),
      check: .product(type, depth: depth) { inputs, index in
        let (row, column) = index.quotientAndRemainder(dividingBy: columns)
        return (0..<depth).reduce(0) {
          $0 + inputs[0, row * depth + $1] * inputs[1, column * depth + $1]
        }
      })
  }
}
