/// Products in tensor cores from registers: the bound on arithmetic with them.
///
/// Each warp keeps four left and four right operands and multiplies them in all sixteen ways, so that one product's operands are
/// never those of the one before.
struct TensorArithmetic: KernelFamily {
  let type: NumberType
  let target: Target
  let blocks: Int
  let turns: Int

  /// Operands of each side; a left one is 16 rows of 32 bytes, a right one 8 columns of 32 bytes.
  private static let operands = 4
  private static let warps = 4

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    [NumberType.float16, .bfloat16, .tensorFloat32, .int8].compactMap { type in
      guard let least = type.tensorTarget, least <= board.target else { return nil }
      return TensorArithmetic(
        type: type, target: board.target, blocks: board.multiprocessors * 4, turns: 256
      ).kernel(isEssential: true)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let program = program()
    let depth = 32 / type.byteCount
    let threads = blocks * program.threads
    let products = blocks * Self.warps * turns * Self.operands * Self.operands
    let (type, turns) = (type, turns)
    return BenchmarkKernel(
      name: "tensor-arithmetic-\(type.rawValue)", .arithmetic, type, program, .none,
      grid: .init(blocks),
      arguments: [
        // Register by register, of every thread the four left ones of each operand and the two right ones.
        .buffer(
          Buffer(
            type, threads * Self.operands * 6 * 4 / type.byteCount,
            .normal(deviation: type == .int8 ? 20 : 1, seed: 10))),
        .buffer(Buffer(type.sumType, threads, .result)),
        .number(UInt32(clamping: turns)),
      ],
      work: KernelWork(operations: products * 2 * 16 * 8 * depth),
      // Tensor cores cut sums off where other arithmetic rounds; whole numbers are exact.
      check: Check(
        result: 1, absolute: type == .int8 ? 0 : 0.02 * Double(turns),
        relative: type == .int8 ? 0 : 1e-3
      ) { inputs, thread in
        Double(turns) * Self.sum(inputs, thread, of: threads, type)
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter(
      "tensor_arithmetic_\(type.rawValue)", target, threads: 32 * Self.warps)
    let input = writer.pointer()
    let result = writer.pointer()
    let turns = writer.number()
    let thread = writer.globalThread()
    let threads = writer.allThreads()
    let words = (0..<Self.operands * 6).map { index in
      writer.load(
        B32.self,
        writer.address(input, writer.multiply(threads, Value(index), plus: thread), size: 4))
    }
    let sums = (0..<Self.operands * Self.operands).map { _ in
      (0..<4).map { _ in writer.copy(0 as Value<B32>) }
    }
    let type = type
    writer.loop(turns) { writer, _ in
      for (index, sum) in sums.enumerated() {
        // Both operands change from each product to the next.
        let (left, right) = Self.pair(index)
        writer.multiplyTile(
          type, Array(words[6 * left..<6 * left + 4]), Array(words[6 * right + 4..<6 * right + 6]),
          into: sum)
      }
    }
    let address = writer.address(result, thread, size: 4)
    let all = sums.joined()
    if type == .int8 {
      writer.store(address, all.dropFirst().reduce(sums[0][0]) { writer.add($0, $1) })
    } else {
      let numbers = all.map { writer.float(bits: $0) }
      writer.store(address, numbers.dropFirst().reduce(numbers[0]) { writer.add($0, $1) })
    }
    return writer.program()
  }

  /// The operands that product `index` multiplies.
  private static func pair(_ index: Int) -> (left: Int, right: Int) {
    (index % operands, (index + index / operands) % operands)
  }

  /// What one turn adds to all the sums that `thread` holds.
  ///
  /// Thread `4·r + c` of a warp holds the sums at rows `r` and `r + 8`, columns `2·c` and `2·c + 1`.
  private static func sum(
    _ inputs: Inputs, _ thread: Int, of threads: Int, _ type: NumberType
  ) -> Double {
    let perWord = 4 / type.byteCount
    let (warp, lane) = (thread / 32 * 32, thread % 32)
    func number(_ word: Int, _ lane: Int, _ part: Int) -> Double {
      inputs[0, (word * threads + warp + lane) * perWord + part]
    }
    var sum = 0.0
    for index in 0..<operands * operands {
      let (left, right) = pair(index)
      for row in [0, 1] {
        for column in [lane % 4 * 2, lane % 4 * 2 + 1] {
          // Of row r, thread 4·r + c has what is at word c of the first and of the second sixteen bytes.
          for deep in 0..<2 {
            for word in 0..<4 {
              for part in 0..<perWord {
                sum +=
                  number(6 * left + row + 2 * deep, lane / 4 * 4 + word, part)
                  * number(6 * right + 4 + deep, column * 4 + word, part)
              }
            }
          }
        }
      }
    }
    return sum
  }
}
