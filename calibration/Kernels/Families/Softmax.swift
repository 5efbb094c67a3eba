/// The softmax of each row, read once and kept in registers.
struct Softmax: KernelFamily {
  let rows: Int
  /// A multiple of four, at most 8192.
  let columns: Int

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    let scale = board.memoryScale
    return [(1 << 16, 128), (1 << 15, 512), (1 << 14, 1024), (1 << 13, 4096), (128, 1000)].map {
      // The last is so short that it tells what a launch takes.
      Softmax(rows: $0 == 128 ? $0 : $0 * scale, columns: $1).kernel(isEssential: $1 == 1024)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (count, columns) = (rows * columns, columns)
    return BenchmarkKernel(
      name: "softmax-\(rows)x\(columns)", .softmax, .float32, program(),
      .rows(rows, columns: columns), grid: .init(rows),
      arguments: [
        .buffer(Buffer(.float32, count, .normal(deviation: 2, seed: 17))),
        .buffer(Buffer(.float32, count, .result)),
        .number(UInt32(clamping: columns / 4)),
      ],
      // The maximum, the difference, its scale, the sum and the quotient.
      work: KernelWork(operations: 5 * count, transcendentals: count, bytes: 8 * count),
      check: Check(result: 1, absolute: 1e-9, relative: 2e-5) { inputs, index in
        let row = (0..<columns).map { inputs[0, index / columns * columns + $0] }
        let highest = row.max() ?? 0
        return exponential(row[index % columns] - highest)
          / row.reduce(0) { $0 + exponential($1 - highest) }
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    let layout = Row.Layout(columns: columns)
    var writer = KernelWriter("softmax_\(layout.name)", .sm70, threads: layout.threads)
    let input = writer.pointer()
    let result = writer.pointer()
    let vectors = writer.number()
    let row = Row(&writer, layout, input, vectors: vectors, reductions: 2)
    // What is beyond the row is below everything in it.
    let numbers = zip(row.numbers, row.isInside).map { vector, isInside in
      vector.map { writer.select(isInside, $0, Value(-Float.infinity)) }
    }
    let all = Array(numbers.joined())
    let own = all.dropFirst().reduce(all[0]) { writer.maximum($0, $1) }
    let highest = row.reduce(&writer, own, step: 0) { $0.maximum($1, $2) }
    let powers = numbers.map { vector in
      vector.map { number -> Value<F32> in
        // The binary logarithm of e, as powers of two are what the board has.
        let scaled = writer.multiply(writer.subtract(number, highest), 1.442_695)
        return writer.exponential2(scaled)
      }
    }
    let allPowers = Array(powers.joined())
    let ownSum = allPowers.dropFirst().reduce(allPowers[0]) { writer.add($0, $1) }
    let sum = row.reduce(&writer, ownSum, step: 1) { $0.add($1, $2) }
    let scale = writer.reciprocal(sum)
    for (index, vector) in powers.enumerated() {
      writer.when(row.isInside[index]) { writer in
        let shares = vector.map { writer.multiply($0, scale) }
        writer.storeVector(writer.address(result, row.places[index], size: 16), shares)
      }
    }
    return writer.program()
  }
}
