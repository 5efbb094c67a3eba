import Testing

@testable import BenchmarkKernels

@Suite struct NumberTests {
  @Test(arguments: [
    (1.0, 0x3C00), (-2.0, 0xC000), (0.1, 0x2E66), (65504, 0x7BFF), (65519.9, 0x7BFF),
    (65520, 0x7C00), (0x1p-14, 0x0400), (0x1p-24, 0x0001), (0x1p-25, 0x0000), (-0x1.8p-24, 0x8002),
    (2049, 0x6800), (2051, 0x6802), (0x1.ff8p-15, 0x03FF), (0x1.ffcp-15, 0x0400),
  ])
  func `halves are rounded to nearest, ties to even`(value: Double, bits: Int) {
    #expect(Int(HalfPrecision.bits(value)) == bits)
  }

  @Test func `every half keeps its bits`() {
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.value(bits)
      guard !value.isNaN else { continue }
      #expect(HalfPrecision.bits(value) == bits)
      #expect(
        BrainPrecision.bits(Double(Float(bitPattern: UInt32(bits) << 16))) == bits
          || bits & 0x7F80 == 0x7F80)
    }
  }

  @Test func `a brain float is the upper half of a 32-bit number`() {
    for bits in stride(from: UInt16.min, to: 0x7F80, by: 7) {
      #expect(BrainPrecision.value(bits) == Double(Float(bitPattern: UInt32(bits) << 16)))
    }
    #expect(BrainPrecision.bits(1 + 0x1p-8) == 0x3F80)
    #expect(BrainPrecision.bits(1 + 0x1.8p-8) == 0x3F81)
  }

  @Test func `integers saturate and nothing traps`() {
    #expect(NumberType.int8.bytes(300) == [127])
    #expect(NumberType.int32.bytes(-1) == [255, 255, 255, 255])
    #expect(NumberType.int32.bytes(.infinity) == [255, 255, 255, 127])
    #expect(NumberType.uint32.bytes(.nan) == [0, 0, 0, 0])
    #expect(NumberType.float32.value([1, 2]) == nil)
  }

  @Test func `random numbers are normal and the same everywhere`() {
    var random = RandomNumbers(seed: 7)
    #expect(random.next() == 7_191_089_600_892_374_487)
    let numbers = (0..<100_000).map { _ in random.nextNormal() }
    let mean = numbers.reduce(0, +) / 100_000
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / 100_000 - mean * mean
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1) < 0.02)
    // Of a normal distribution, 4.55 % are beyond two deviations.
    let beyond = Double(numbers.count { abs($0) > 2 }) / 100_000
    #expect(abs(beyond - 0.0455) < 0.004)
  }
}
