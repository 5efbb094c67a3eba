/// Multiply-adds from registers: the bound on arithmetic without tensor cores.
///
/// Each thread turns points around the origin, `x −= h·y, y += h·x`, so that values stay near 1 and never repeat: multiply-adds of
/// constants would settle, and draw less power.
struct Arithmetic: KernelFamily {
  /// `float16` is two numbers at once.
  let type: NumberType
  let blocks: Int
  /// Turns of the loop, each of ``stepsPerTurn`` steps.
  let turns: Int

  static let stepsPerTurn = 8
  private static let points = 8
  private static let angle = 0.7390851

  static func kernels(on board: BoardLimits) -> [BenchmarkKernel] {
    [(NumberType.float32, 512), (.float16, 256)].map { type, turns in
      Arithmetic(type: type, blocks: board.multiprocessors * 8, turns: turns)
        .kernel(isEssential: true)
    }
  }

  func kernel(isEssential: Bool = false) -> BenchmarkKernel {
    let (writer, lanes) = (program(), type == .float16 ? 2 : 1)
    let threads = blocks * writer.threads
    let steps = turns * Self.stepsPerTurn
    let fused = threads * steps * Self.points * 2 * lanes
    return BenchmarkKernel(
      name: "arithmetic-\(type.rawValue)", .arithmetic, type, writer, .none, grid: .init(blocks),
      arguments: [
        .buffer(
          Buffer(type, threads * Self.points * 2 * lanes, .normal(deviation: 0.5, seed: 4))),
        .buffer(Buffer(.float32, threads, .result)),
        .number(UInt32(clamping: turns)),
      ],
      work: KernelWork(operations: 2 * fused),
      check: Check(result: 1, absolute: 1e-4, relative: 1e-4) { [type] inputs, thread in
        Self.result(
          (0..<2 * Self.points).map { number in
            (0..<lanes).map { inputs[0, (number * threads + thread) * lanes + $0] }
          }, steps, type)
      },
      isEssential: isEssential)
  }

  private func program() -> Program {
    var writer = KernelWriter("arithmetic_\(type.rawValue)", .sm70, threads: 256)
    let numbers = writer.pointer()
    let result = writer.pointer()
    let turns = writer.number()
    let thread = writer.globalThread()
    let threads = writer.allThreads()
    let addresses = (0..<2 * Self.points).map { index in
      writer.address(numbers, writer.multiply(threads, Value(index), plus: thread), size: 4)
    }
    let sum: Value<F32>
    if type == .float16 {
      let points = addresses.map { writer.load(B32.self, $0) }
      let (forth, back) = (writer.copy(Self.pair(Self.angle)), writer.copy(Self.pair(-Self.angle)))
      turn(&writer, turns, points) { writer, x, y, isForth in
        writer.fusedHalves(x, isForth ? forth : back, plus: y, into: y)
      }
      var parts: [Value<F32>] = []
      for point in points {
        let (low, high) = writer.unpack(point)
        parts += [writer.float(half: low), writer.float(half: high)]
      }
      sum = parts.dropFirst().reduce(parts[0]) { writer.add($0, $1) }
    } else {
      let points = addresses.map { writer.load(F32.self, $0) }
      let forth: Value<F32> = writer.copy(Value(Float(Self.angle)))
      let back: Value<F32> = writer.copy(Value(-Float(Self.angle)))
      turn(&writer, turns, points) { writer, x, y, isForth in
        writer.fused(x, isForth ? forth : back, plus: y, into: y)
      }
      sum = points.dropFirst().reduce(points[0]) { writer.add($0, $1) }
    }
    writer.store(writer.address(result, thread, size: 4), sum)
    return writer.program()
  }

  /// The loop over all points; `step` adds a share of its first number to its second.
  private func turn<Type>(
    _ writer: inout KernelWriter, _ turns: Value<B32>, _ points: [Value<Type>],
    _ step: (inout KernelWriter, Value<Type>, Value<Type>, Bool) -> Void
  ) {
    writer.loop(turns) { writer, _ in
      for _ in 0..<Self.stepsPerTurn {
        for point in stride(from: 0, to: points.count, by: 2) {
          step(&writer, points[point + 1], points[point], false)
        }
        for point in stride(from: 0, to: points.count, by: 2) {
          step(&writer, points[point], points[point + 1], true)
        }
      }
    }
  }

  /// The same number as a half, twice.
  private static func pair(_ value: Double) -> Value<B32> {
    let bits = Int(HalfPrecision.bits(value))
    return Value(bits << 16 | bits)
  }

  /// The sum of the coordinates after so many steps; for each coordinate there are one or two numbers.
  private static func result(
    _ coordinates: [[Double]], _ steps: Int, _ type: NumberType
  ) -> Double {
    let angle = type.rounded(storing: angle)
    var turned = coordinates
    for point in stride(from: 0, to: turned.count, by: 2) {
      for lane in turned[point].indices {
        var (x, y) = (turned[point][lane], turned[point + 1][lane])
        for _ in 0..<steps {
          x = fused(y, -angle, x, type)
          y = fused(x, angle, y, type)
        }
        (turned[point][lane], turned[point + 1][lane]) = (x, y)
      }
    }
    return Double(turned.joined().reduce(Float(0)) { $0 + Float($1) })
  }

  private static func fused(
    _ a: Double, _ b: Double, _ c: Double, _ type: NumberType
  ) -> Double {
    // A product of halves plus a half near 1 is exact in 64 bits, so it is rounded once here too.
    type == .float16
      ? type.rounded(storing: c + a * b)
      : Double(Float(c).addingProduct(Float(a), Float(b)))
  }
}
