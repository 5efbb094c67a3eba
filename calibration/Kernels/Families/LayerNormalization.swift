/// Each row brought to mean 0 and deviation 1, then scaled and shifted by column; read once and kept in registers.
struct LayerNormalization: KernelFamily {
  let rows: Int
  /// A multiple of four, at most 8192.
  let columns: Int

  private static let epsilon: Float = 1e-5

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let scale = board.memoryScale
    return [(1 << 15, 256), (1 << 14, 768), (1 << 14, 1024), (1 << 13, 4096), (128, 768)].map {
      // The last is so short that it tells what a launch takes.
      LayerNormalization(rows: $0 == 128 ? $0 : $0 * scale, columns: $1).kernel(
        isEssential: $1 == 1024)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (count, columns) = (rows * columns, columns)
    return BenchmarkKernel(
      name: "layer-normalization-\(rows)x\(columns)", .normalization, .float32, program(),
      .rows(rows, columns: columns), grid: .init(rows),
      arguments: [
        .buffer(Buffer(.float32, count, .normal(deviation: 2, seed: 18))),
        .buffer(Buffer(.float32, columns, .normal(deviation: 1, seed: 19))),
        .buffer(Buffer(.float32, columns, .normal(deviation: 1, seed: 20))),
        .buffer(Buffer(.float32, count, .result)),
        .number(UInt32(clamping: columns / 4)),
        .number((1 / Float(columns)).bitPattern),
      ],
      // The sum, the difference, its square and their sum, two products and the shift.
      work: KernelWork(
        operations: 7 * count, transcendentals: rows, bytes: 8 * count + 8 * columns),
      check: Check(result: 3, absolute: 2e-5, relative: 2e-5) { inputs, index in
        let row = (0..<columns).map { inputs[0, index / columns * columns + $0] }
        let column = index % columns
        let mean = row.reduce(0, +) / Double(columns)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
        let deviation = (variance + Double(Self.epsilon)).squareRoot()
        return (row[column] - mean) / deviation * inputs[1, column] + inputs[2, column]
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    let layout = Row.Layout(columns: columns)
    var writer = KernelWriter("layer_normalization_\(layout.name)", .sm70, threads: layout.threads)
    let input = writer.pointer()
    let scale = writer.pointer()
    let shift = writer.pointer()
    let result = writer.pointer()
    let vectors = writer.number()
    let share = writer.float(bits: writer.number())
    let row = Row(&writer, layout, input, vectors: vectors, reductions: 2)
    let all = Array(row.numbers.joined())
    let own = all.dropFirst().reduce(all[0]) { writer.add($0, $1) }
    let mean = writer.multiply(row.reduce(&writer, own, step: 0) { $0.add($1, $2) }, share)
    // What is beyond the row is no part of the variance.
    let differences = zip(row.numbers, row.isInside).map { vector, isInside in
      vector.map { writer.select(isInside, writer.subtract($0, mean), 0.0) }
    }
    let squares = differences.joined().reduce(Value(Float(0))) {
      writer.fused($1, $1, plus: $0)
    }
    let variance = writer.multiply(
      row.reduce(&writer, squares, step: 1) { $0.add($1, $2) }, share)
    let factor = writer.reciprocalRoot(writer.add(variance, Value(Self.epsilon)))
    for (index, vector) in differences.enumerated() {
      writer.when(row.isInside[index]) { writer in
        let scales = writer.loadVector(
          F32.self, writer.address(scale, row.indices[index], size: 16))
        let shifts = writer.loadVector(
          F32.self, writer.address(shift, row.indices[index], size: 16))
        let answers = vector.indices.map {
          writer.fused(writer.multiply(vector[$0], factor), scales[$0], plus: shifts[$0])
        }
        writer.storeVector(writer.address(result, row.places[index], size: 16), answers)
      }
    }
    return writer.program()
  }
}
