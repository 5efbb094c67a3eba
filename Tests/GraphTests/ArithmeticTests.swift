import Testing

@testable import Graph

struct ArithmeticTests {
  struct Row: Sendable {
    let operation: Arithmetic
    let a: Int
    let b: Int
    let result: Int?
  }

  @Test(arguments: [
    Row(operation: .quotient, a: 7, b: 2, result: 3),
    Row(operation: .quotient, a: -7, b: 2, result: -3),
    Row(operation: .quotient, a: 7, b: 0, result: nil),
    Row(operation: .quotient, a: .min, b: -1, result: .min),
    Row(operation: .floorRemainder, a: 7, b: 3, result: 1),
    Row(operation: .floorRemainder, a: -7, b: 3, result: 2),
    Row(operation: .floorRemainder, a: 7, b: -3, result: -2),
    Row(operation: .floorRemainder, a: -6, b: 3, result: 0),
    Row(operation: .floorRemainder, a: 6, b: 0, result: nil),
    Row(operation: .floorRemainder, a: .min, b: -1, result: 0),
    Row(operation: .truncatedRemainder, a: -7, b: 3, result: -1),
    Row(operation: .truncatedRemainder, a: 7, b: -3, result: 1),
    Row(operation: .power, a: 3, b: 4, result: 81),
    Row(operation: .power, a: -2, b: 3, result: -8),
    Row(operation: .power, a: 2, b: 64, result: 0),
    Row(operation: .power, a: 5, b: 0, result: 1),
    Row(operation: .power, a: 2, b: -1, result: nil),
    Row(operation: .sum, a: .max, b: 1, result: .min),
    Row(operation: .product, a: .max, b: 2, result: -2),
    Row(operation: .difference, a: .min, b: 1, result: .max),
  ])
  func `integers divide, remain and wrap as in C`(row: Row) {
    #expect(row.operation.integers(row.a, row.b) == row.result)
  }

  @Test func `a remainder of real numbers has the sign of the divisor or of the dividend`() {
    #expect(Arithmetic.floorRemainder.reals(-5.5, 2) == 0.5)
    #expect(Arithmetic.floorRemainder.reals(1, -.infinity) == -.infinity)
    #expect(Arithmetic.truncatedRemainder.reals(-5.5, 2) == -1.5)
  }

  @Test func `an extreme of anything and no number is no number`() {
    #expect(Arithmetic.maximum.reals(.nan, 1)?.isNaN == true)
    #expect(Arithmetic.minimum.reals(1, .nan)?.isNaN == true)
  }
}
