/// Softmax and normalisation of rows that are read again from memory for each step, and not kept in registers.
///
/// So do libraries with rows of any length. Up to which length a row is found close to the multiprocessor again is what this tells.
struct RowSweep: KernelFamily {
  enum Form: String, CaseIterable, Sendable {
    /// Three sweeps: the highest number, the sum of the powers, and the shares.
    case softmax
    /// Two sweeps: the sums of numbers and squares, and the results.
    case normalization
  }

  let form: Form
  let rows: Int
  /// A multiple of four.
  let columns: Int

  private static let epsilon: Float = 1e-5

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    Form.allCases.flatMap { form in
      (10...16).map { exponent in
        // Enough rows for every multiprocessor, and enough of them that no cache holds all.
        RowSweep(
          form: form, rows: board.memoryScale * max(1 << 11, 1 << (25 - exponent)),
          columns: 1 << exponent
        ).kernel()
      }
    }
  }

  func kernel() -> BenchmarkKernel {
    let (count, columns, form) = (rows * columns, columns, form)
    return BenchmarkKernel(
      name: "\(form.rawValue)-sweep-\(rows)x\(columns)",
      form == .softmax ? .softmaxSweep : .normalizationSweep, .float32, program(),
      .rows(rows, columns: columns), grid: .init(rows),
      arguments: [
        .buffer(Buffer(.float32, count, .normal(deviation: 2, seed: 26))),
        .buffer(Buffer(.float32, count, .result)),
        .number(UInt32(clamping: columns / 4)),
        .number((1 / Float(columns)).bitPattern),
      ],
      // What the sweeps read again is no part of it.
      work: form == .softmax
        ? KernelWork(operations: 6 * count, transcendentals: 2 * count, bytes: 8 * count)
        : KernelWork(operations: 5 * count, transcendentals: rows, bytes: 8 * count),
      check: Check(result: 1, absolute: form == .softmax ? 1e-9 : 1e-4, relative: 1e-4) {
        inputs, index in
        let row = (0..<columns).map { inputs[0, index / columns * columns + $0] }
        let number = row[index % columns]
        switch form {
        case .softmax:
          let highest = row.max() ?? 0
          return exponential(number - highest)
            / row.reduce(0) { $0 + exponential($1 - highest) }
        case .normalization:
          let mean = row.reduce(0, +) / Double(columns)
          let square = row.reduce(0) { $0 + $1 * $1 } / Double(columns)
          return (number - mean) / (square - mean * mean + Double(Self.epsilon)).squareRoot()
        }
      })
  }

  private func program() -> Program {
    var writer = KernelWriter("\(form.rawValue)_sweep", .sm70, threads: 256)
    let input = writer.pointer()
    let result = writer.pointer()
    let vectors = writer.number()
    let share = writer.float(bits: writer.number())
    let start = writer.multiply(writer.block(), vectors)
    let sums = BlockReduction(&writer, reductions: 2)
    /// Goes over the block's row, vector by vector.
    func sweep(
      _ writer: inout KernelWriter,
      _ body: (inout KernelWriter, [Value<F32>], Value<B32>) -> Void
    ) {
      let threads = Value<B32>(writer.threads)
      writer.loop(from: writer.thread(), below: vectors, step: threads) { writer, index in
        let place = writer.add(start, index)
        let numbers = writer.loadVector(F32.self, writer.address(input, place, size: 16))
        body(&writer, numbers, place)
      }
    }
    func store(_ writer: inout KernelWriter, _ place: Value<B32>, _ numbers: [Value<F32>]) {
      writer.storeVector(writer.address(result, place, size: 16), numbers)
    }
    switch form {
    case .softmax:
      let own = writer.copy(Value<F32>(-Float.infinity))
      sweep(&writer) { writer, numbers, _ in
        for number in numbers { writer.maximum(own, number, into: own) }
      }
      let highest = sums.reduce(&writer, own, step: 0) { $0.maximum($1, $2) }
      func power(_ writer: inout KernelWriter, _ number: Value<F32>) -> Value<F32> {
        // The binary logarithm of e, as powers of two are what the board has.
        writer.exponential2(writer.multiply(writer.subtract(number, highest), 1.442_695))
      }
      let ownSum = writer.copy(Value<F32>(Float(0)))
      sweep(&writer) { writer, numbers, _ in
        for number in numbers { writer.add(ownSum, power(&writer, number), into: ownSum) }
      }
      let scale = writer.reciprocal(sums.reduce(&writer, ownSum, step: 1) { $0.add($1, $2) })
      sweep(&writer) { writer, numbers, place in
        store(&writer, place, numbers.map { writer.multiply(power(&writer, $0), scale) })
      }
    case .normalization:
      let ownSum = writer.copy(Value<F32>(Float(0)))
      let ownSquares = writer.copy(Value<F32>(Float(0)))
      sweep(&writer) { writer, numbers, _ in
        for number in numbers {
          writer.add(ownSum, number, into: ownSum)
          writer.fused(number, number, plus: ownSquares, into: ownSquares)
        }
      }
      let mean = writer.multiply(sums.reduce(&writer, ownSum, step: 0) { $0.add($1, $2) }, share)
      let square = writer.multiply(
        sums.reduce(&writer, ownSquares, step: 1) { $0.add($1, $2) }, share)
      let variance = writer.subtract(square, writer.multiply(mean, mean))
      let factor = writer.reciprocalRoot(writer.add(variance, Value(Self.epsilon)))
      sweep(&writer) { writer, numbers, place in
        store(
          &writer, place,
          numbers.map { writer.multiply(writer.subtract($0, mean), factor) })
      }
    }
    return writer.program()
  }
}
