/// Exponentials and logarithms from registers: the bound on what the special function units do.
struct Transcendental: KernelFamily {
  let blocks: Int
  /// Turns of the loop, each of ``stepsPerTurn`` exponentials and as many logarithms of every number.
  let turns: Int

  private static let stepsPerTurn = 4
  private static let numbers = 8

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    [Transcendental(blocks: board.multiprocessors * 8, turns: 128).kernel(isEssential: true)]
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let program = program()
    let threads = blocks * program.threads
    return BenchmarkKernel(
      name: "transcendental-float32", .transcendental, .float32, program, .none,
      grid: .init(blocks),
      arguments: [
        .buffer(Buffer(.float32, threads * Self.numbers, .normal(deviation: 1, seed: 5))),
        .buffer(Buffer(.float32, threads, .result)),
        .number(UInt32(clamping: turns)),
      ],
      work: KernelWork(transcendentals: threads * turns * Self.stepsPerTurn * 2 * Self.numbers),
      // Each step may be off by 2^-21 (PTX manual, ex2 and lg2), and the steps add up.
      check: Check(
        result: 1, absolute: Double(turns * Self.stepsPerTurn * Self.numbers) * 0x1p-21
      ) { inputs, thread in
        (0..<Self.numbers).reduce(0) { $0 + inputs[0, $1 * threads + thread] }
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("transcendental_float32", .sm70, threads: 256)
    let input = writer.pointer()
    let result = writer.pointer()
    let turns = writer.number()
    let thread = writer.globalThread()
    let threads = writer.allThreads()
    let numbers = (0..<Self.numbers).map { index in
      writer.load(
        F32.self,
        writer.address(input, writer.multiply(threads, Value(index), plus: thread), size: 4))
    }
    writer.loop(turns) { writer, _ in
      for _ in 0..<Self.stepsPerTurn {
        for number in numbers {
          writer.copy(writer.logarithm2(writer.exponential2(number)), into: number)
        }
      }
    }
    let sum = numbers.dropFirst().reduce(numbers[0]) { writer.add($0, $1) }
    writer.store(writer.address(result, thread, size: 4), sum)
    return writer.program()
  }
}
