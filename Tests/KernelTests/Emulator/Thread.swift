import BenchmarkKernels
import Foundation

/// One thread: its registers and how far it has come.
struct Thread {
  enum State { case running, atBarrier, atWarp, ended }

  let number: Int
  let block: BenchmarkKernel.Extent
  var state = State.running
  /// The next instruction.
  var counter = 0
  private var registers: [UInt64]
  private var isWritten: [Bool]

  init(number: Int, block: BenchmarkKernel.Extent, registerCount: Int) {
    self.number = number
    self.block = block
    registers = [UInt64](repeating: 0, count: registerCount)
    isWritten = [Bool](repeating: false, count: registerCount)
  }

  /// Goes on behind the place where it waited.
  mutating func advance() {
    counter += 1
    state = .running
  }

  func read(_ register: Int) throws -> UInt64 {
    guard isWritten[register] else { throw Fault("a register is read that nobody wrote") }
    return registers[register]
  }

  mutating func write(_ register: Int, _ value: UInt64) {
    registers[register] = value
    isWritten[register] = true
  }

  private func value(_ operands: [Assembly.Operand], _ index: Int) throws -> UInt64 {
    guard index < operands.count else { throw Fault("an operand is missing") }
    switch operands[index] {
    case .register(let register): return try read(register)
    case .number(let number): return number
    default: throw Fault("an operand is no number")
    }
  }

  /// Runs an instruction that reads and writes nothing but registers.
  mutating func run(_ instruction: Assembly.Instruction, blocks: Int) throws {
    let operands = instruction.operands
    if case .move = instruction.operation { return try move(operands, blocks: blocks) }
    guard case .register(let result)? = operands.first else { throw Fault("no result") }
    switch instruction.operation {
    case .integer(let operation): write(result, try integer(operation, operands))
    case .float(let operation): write(result, UInt64(try float(operation, operands).bitPattern))
    case .fusedHalves: write(result, try fusedHalves(operands))
    case .conversion(let conversion): write(result, try converted(conversion, operands))
    default: throw Fault("unknown instruction")
    }
  }

  private mutating func move(_ operands: [Assembly.Operand], blocks: Int) throws {
    switch (operands[0], operands[1]) {
    case (.registers(let parts), .register(let whole)) where parts.count == 2:
      let value = try read(whole)
      write(parts[0], value & 0xFFFF)
      write(parts[1], value >> 16 & 0xFFFF)
    case (.register(let whole), .registers(let parts)) where parts.count == 2:
      write(whole, try read(parts[0]) & 0xFFFF | read(parts[1]) << 16)
    case (.register(let result), .special(let name)):
      let values = [
        "%tid.x": number, "%ctaid.x": block.x, "%ctaid.y": block.y, "%ctaid.z": block.z,
        "%nctaid.x": blocks,
      ]
      guard let value = values[name] else { throw Fault("unknown \(name)") }
      write(result, UInt64(value))
    case (.register(let result), _): write(result, try value(operands, 1))
    default: throw Fault("unknown move")
    }
  }

  private func integer(
    _ operation: IntegerOperation, _ operands: [Assembly.Operand]
  ) throws -> UInt64 {
    let low: UInt64 = 0xFFFF_FFFF
    let (a, b) = (try value(operands, 1), try value(operands, 2))
    switch operation {
    case .add: return (a &+ b) & low
    case .subtract: return (a &- b) & low
    case .multiply: return (a &* b) & low
    case .multiplyAdd: return (a &* b &+ (try value(operands, 3))) & low
    case .multiplyWide: return (a & low) &* (b & low)
    case .multiplyAddWide: return (a & low) &* (b & low) &+ (try value(operands, 3))
    case .addWide: return a &+ b
    case .divide, .remainder:
      guard b & low != 0 else { throw Fault("division by zero") }
      return operation == .divide ? (a & low) / (b & low) : (a & low) % (b & low)
    case .shiftLeft: return (a << b) & low
    case .shiftRight: return (a & low) >> b
    case .and, .both: return a & b
    case .or: return a | b
    case .xor: return a ^ b
    case .minimum: return min(a & low, b & low)
    case .select, .selectFloat: return try value(operands, 3) != 0 ? a : b
    case .isLess: return a & low < b & low ? 1 : 0
    case .isEqual: return a & low == b & low ? 1 : 0
    }
  }

  private func float(
    _ operation: FloatOperation, _ operands: [Assembly.Operand]
  ) throws -> Float {
    let x = Self.number(try value(operands, 1))
    switch operation {
    case .exponential: return Float(exp2(Double(x)))
    case .logarithm: return Float(log2(Double(x)))
    case .reciprocal: return 1 / x
    case .reciprocalRoot: return Float(1 / Double(x).squareRoot())
    default: break
    }
    let y = Self.number(try value(operands, 2))
    switch operation {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .maximum: return max(x, y)
    default: return Self.number(try value(operands, 3)).addingProduct(x, y)
    }
  }

  private static func number(_ bits: UInt64) -> Float {
    Float(bitPattern: UInt32(truncatingIfNeeded: bits))
  }

  private func fusedHalves(_ operands: [Assembly.Operand]) throws -> UInt64 {
    let (a, b, c) = (try value(operands, 1), try value(operands, 2), try value(operands, 3))
    return [UInt64(0), 16].reduce(0) { result, shift in
      let sum = Self.half(c >> shift).addingProduct(Self.half(a >> shift), Self.half(b >> shift))
      return result | UInt64(HalfPrecision.bits(sum)) << shift
    }
  }

  private static func half(_ bits: UInt64) -> Double {
    HalfPrecision.value(UInt16(truncatingIfNeeded: bits))
  }

  private func converted(
    _ conversion: Conversion, _ operands: [Assembly.Operand]
  ) throws -> UInt64 {
    let a = try value(operands, 1)
    switch conversion {
    case .floatOfHalf: return UInt64(Float(Self.half(a)).bitPattern)
    case .half: return UInt64(HalfPrecision.bits(Double(Self.number(a))))
    case .brainPair:
      let b = try value(operands, 2)
      return UInt64(BrainPrecision.bits(Double(Self.number(a)))) << 16
        | UInt64(BrainPrecision.bits(Double(Self.number(b))))
    }
  }
}
