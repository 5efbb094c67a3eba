import BenchmarkKernels

/// What the 32 threads of a warp do together.
///
/// Which thread holds what is said in the [PTX manual](https://docs.nvidia.com/cuda/parallel-thread-execution/),
/// under warp level matrix instructions.
enum Warp {
  static func run(
    _ instruction: Assembly.Instruction, _ threads: inout ArraySlice<Thread>,
    _ shared: inout SharedMemory
  ) throws {
    let operands = instruction.operands
    switch instruction.operation {
    case .exchange: try exchange(operands, &threads)
    case .loadMatrices(let count): try loadMatrices(count, operands, &threads, &shared)
    case .product(let shape): try multiply(shape, operands, &threads)
    default: throw Fault("unknown instruction")
    }
  }

  private static func exchange(
    _ operands: [Assembly.Operand], _ threads: inout ArraySlice<Thread>
  ) throws {
    guard case .register(let result) = operands[0], case .register(let source) = operands[1],
      case .number(let mask) = operands[2], mask < 32,
      operands[3] == .number(31), operands[4] == .number(0xFFFF_FFFF)
    else { throw Fault("unknown exchange") }
    let values = try threads.map { try $0.read(source) }
    for lane in 0..<32 {
      threads[threads.startIndex + lane].write(result, values[lane ^ Int(mask)])
    }
  }

  /// Matrices of eight rows of sixteen bytes; eight threads each say where the rows of one are.
  private static func loadMatrices(
    _ count: Int, _ operands: [Assembly.Operand], _ threads: inout ArraySlice<Thread>,
    _ shared: inout SharedMemory
  ) throws {
    guard case .registers(let results) = operands[0], results.count == count,
      case .place(let base, let offset) = operands[1]
    else { throw Fault("unknown load") }
    let addresses = try threads.map { Int(try $0.read(base)) + offset }
    for (matrix, result) in results.enumerated() {
      for lane in 0..<32 {
        let row = addresses[8 * matrix + lane / 4]
        guard row % 16 == 0 else { throw Fault("a row is not aligned") }
        let thread = threads.startIndex + lane
        threads[thread].write(result, try shared.load(row + lane % 4 * 4, 4, by: thread))
      }
    }
  }

  private static func multiply(
    _ shape: MatrixShape, _ operands: [Assembly.Operand], _ threads: inout ArraySlice<Thread>
  ) throws {
    guard case .registers(let d) = operands[0], case .registers(let a) = operands[1],
      case .registers(let b) = operands[2], case .registers(let c) = operands[3],
      a.count == shape.rows / 8 * shape.depthBytes / 16, b.count == shape.depthBytes / 16,
      c.count == shape.rows / 4, d.count == c.count
    else { throw Fault("another number of registers") }

    let first = threads.startIndex
    let depth = shape.depthBytes / 4 * shape.perRegister
    var left = [Double](repeating: 0, count: shape.rows * depth)
    var right = [Double](repeating: 0, count: 8 * depth)
    for lane in 0..<32 {
      for (index, register) in a.enumerated() {
        // The rows above and below first, then the bytes further along the depth.
        let row = lane / 4 + 8 * (index % (shape.rows / 8))
        let column = (index / (shape.rows / 8) * 4 + lane % 4) * shape.perRegister
        shape.unpack(try threads[first + lane].read(register), &left, row * depth + column)
      }
      for (index, register) in b.enumerated() {
        let column = (index * 4 + lane % 4) * shape.perRegister
        shape.unpack(
          try threads[first + lane].read(register), &right, lane / 4 * depth + column)
      }
    }
    for lane in 0..<32 {
      for index in c.indices {
        let row = (lane / 4 + index / 2 * 8) * depth
        let column = (lane % 4 * 2 + index % 2) * depth
        var product = 0.0
        for place in 0..<depth { product += left[row + place] * right[column + place] }
        let bits = UInt32(truncatingIfNeeded: try threads[first + lane].read(c[index]))
        let sum =
          shape.kind == .byte
          ? UInt32(bitPattern: Int32(bitPattern: bits) &+ Int32(product))
          : Float(Double(Float(bitPattern: bits)) + product).bitPattern
        threads[first + lane].write(d[index], UInt64(sum))
      }
    }
  }
}

extension MatrixShape {
  /// Writes the numbers of one register to `place` and behind, the lowest first.
  fileprivate func unpack(_ bits: UInt64, _ numbers: inout [Double], _ place: Int) {
    let bits = UInt32(truncatingIfNeeded: bits)
    switch kind {
    case .half:
      numbers[place] = HalfPrecision.value(UInt16(truncatingIfNeeded: bits))
      numbers[place + 1] = HalfPrecision.value(UInt16(truncatingIfNeeded: bits >> 16))
    case .brain:
      numbers[place] = BrainPrecision.value(UInt16(truncatingIfNeeded: bits))
      numbers[place + 1] = BrainPrecision.value(UInt16(truncatingIfNeeded: bits >> 16))
    case .tensorFloat:
      // The lower bits do not reach the multiplier.
      numbers[place] = Double(Float(bitPattern: bits & ~0x1FFF))
    case .byte:
      for index in 0..<4 {
        numbers[place + index] = Double(Int8(truncatingIfNeeded: bits >> (8 * UInt32(index))))
      }
    }
  }
}
