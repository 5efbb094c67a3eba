/// Products of matrices by the project's own program, for machines without a library of them.
///
/// `result[r, c] = Σ left[r, k] · right[c, k]`: the right matrix lies as a linear layer's weights do.
struct Gemm: KernelFamily {
  let type: NumberType
  let target: Target
  let rows: Int
  /// A multiple of four.
  let columns: Int
  /// A multiple of what 64 bytes hold.
  let depth: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let sizes = sizes(on: board)
    return NumberType.allCases.filter { $0.isMultiplied(on: board.target) }.flatMap { type in
      sizes.map { size in
        Gemm(
          type: type, target: type.programTarget(on: board.target), rows: size.rows,
          columns: size.columns,
          depth: size.depth
        ).kernel(isEssential: size == sizes[0] || size == sizes[1])
      }
    }
  }

  /// Square products, layers of transformers and classifiers, few tiles of great depth, and next to nothing.
  private static func sizes(on board: BoardLimits) -> [(rows: Int, columns: Int, depth: Int)] {
    // Large boards are done with the smaller one before the host has launched it again.
    let squares = board.computeScale > 1 ? [4096, 2048, 8192, 1024] : [4096, 1024]
    return squares.map { ($0, $0, $0) } + layers
  }

  private static let layers = [
    (8192, 768, 768), (8192, 3072, 768), (8192, 768, 3072),
    (2048, 4096, 1024), (512, 512, 4096), (128, 4096, 4096), (256, 1000, 2048), (4096, 1024, 64),
    (16384, 256, 256), (640, 640, 640), (128, 128, 128),
  ]

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (depth, columns, type) = (depth, columns, type)
    let tiles = TileProgram(type: type, target: target, isConvolution: false)
    let inputs = (rows + columns) * depth * type.byteCount
    let outputs = rows * columns * type.productType.byteCount
    return BenchmarkKernel(
      name: "gemm-\(type.rawValue)-\(rows)x\(columns)x\(depth)", .gemm, type, tiles.program(),
      .product(rows: rows, columns: columns, depth: depth),
      grid: .init(
        (columns + tiles.columns - 1) / tiles.columns,
        (rows + TileProgram.rows - 1) / TileProgram.rows),
      arguments: [
        .buffer(Buffer(type, rows * depth, .normal(deviation: type.deviation, seed: 11))),
        .buffer(Buffer(type, columns * depth, .normal(deviation: type.deviation, seed: 12))),
        .buffer(Buffer(type.productType, rows * columns, .result)),
        .number(UInt32(clamping: rows)),
        .number(UInt32(clamping: columns)),
        .number(UInt32(clamping: depth * type.byteCount / TileSource.depthBytes)),
      ],
      work: KernelWork(operations: 2 * rows * columns * depth, bytes: inputs + outputs),
      check: .product(type, depth: depth) { inputs, index in
        let (row, column) = (index / columns, index % columns)
        return (0..<depth).reduce(0) {
          $0 + inputs[0, row * depth + $1] * inputs[1, column * depth + $1]
        }
      },
      isEssential: isEssential)
  }
}

extension NumberType {
  /// Whether the project's own programs multiply matrices of this type on boards of a generation.
  func isMultiplied(on target: Target) -> Bool {
    self == .float32 || tensorTarget.map { $0 <= target } ?? false
  }

  /// The generation that programs for this type are written for on boards of `target`.
  func programTarget(on target: Target) -> Target {
    self == .float32 ? .sm70 : target
  }

  /// The spread of random operands: whole numbers of eight bits use most of their range.
  var deviation: Double { self == .int8 ? 30 : 1 }
}

extension Check {
  /// How far a sum of `depth` products of numbers near 1 may be off, in the third argument.
  ///
  /// Sums are kept in 32 bits and cut off by tensor cores; whole numbers are exact.
  static func product(
    _ type: NumberType, depth: Int, expected: @escaping @Sendable (Inputs, Int) -> Double
  ) -> Check {
    switch type {
    case .int8: Check(result: 2, expected: expected)
    case .float16:
      Check(result: 2, absolute: 4e-6 * Double(depth), relative: 0x1p-10, expected: expected)
    case .bfloat16:
      Check(result: 2, absolute: 4e-6 * Double(depth), relative: 0x1p-7, expected: expected)
    default: Check(result: 2, absolute: 4e-6 * Double(depth), relative: 1e-5, expected: expected)
    }
  }
}
