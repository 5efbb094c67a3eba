/// A kind of register; the types below are all that kernels use.
protocol RegisterType: Sendable {
  /// The type in declarations.
  static var declaration: String { get }
  /// What names begin with.
  static var prefix: String { get }
}

/// 32 bits that are a floating-point number.
enum F32: RegisterType {
  static let declaration = ".f32"
  static let prefix = "%f"
}

/// 32 bits: a number without sign, or whatever is packed into them.
enum B32: RegisterType {
  static let declaration = ".b32"
  static let prefix = "%r"
}

/// An address, or another number of 64 bits.
enum B64: RegisterType {
  static let declaration = ".b64"
  static let prefix = "%rd"
}

/// 16 bits.
enum B16: RegisterType {
  static let declaration = ".b16"
  static let prefix = "%h"
}

/// True or false.
enum Predicate: RegisterType {
  static let declaration = ".pred"
  static let prefix = "%p"
}

/// An operand: a register, or a number written into the instruction.
struct Value<Type: RegisterType>: Sendable {
  /// What stands in the instruction.
  let text: String
}

extension Value: ExpressibleByIntegerLiteral where Type == B32 {
  init(_ number: Int) { text = "\(number)" }

  init(integerLiteral number: Int) { text = "\(number)" }
}

extension Value: ExpressibleByFloatLiteral where Type == F32 {
  /// The number as the assembler reads it back without rounding.
  init(_ number: Float) {
    let digits = String(number.bitPattern, radix: 16, uppercase: true)
    text = "0f" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  init(floatLiteral number: Float) { self.init(number) }
}
