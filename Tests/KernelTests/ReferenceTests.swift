import Testing

@testable import BenchmarkKernels

/// The host's results, on numbers that can be checked by hand.
@Suite struct ReferenceTests {
  @Test func `a product's element is a row times a row`() {
    let kernel = Gemm(type: .float32, target: .sm70, rows: 2, columns: 4, depth: 16).kernel()
    let inputs = Inputs(kernel.arguments)
    var sum = 0.0
    for depth in 0..<16 { sum += inputs[0, 16 + depth] * inputs[1, 2 * 16 + depth] }
    #expect(kernel.check.expected(inputs, 1 * 4 + 2) == sum)
  }

  @Test func `shares of a softmax add up to one`() {
    let kernel = Softmax(rows: 3, columns: 8).kernel()
    let inputs = Inputs(kernel.arguments)
    let shares = (8..<16).map { kernel.check.expected(inputs, $0) }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    #expect(shares.allSatisfy { $0 > 0 })
    let highest = (8..<16).max { inputs[0, $0] < inputs[0, $1] }
    #expect(shares.max() == highest.map { shares[$0 - 8] })
  }

  @Test func `a normalised row has mean zero and deviation one before it is scaled`() {
    let kernel = LayerNormalization(rows: 1, columns: 64).kernel()
    let inputs = Inputs(kernel.arguments)
    let numbers = (0..<64).map {
      (kernel.check.expected(inputs, $0) - inputs[2, $0]) / inputs[1, $0]
    }
    let mean = numbers.reduce(0, +) / 64
    #expect(abs(mean) < 1e-9)
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / 64 - 1) < 1e-4)
  }

  @Test func `GELU is zero at zero and its input far out`() {
    let kernel = Elementwise(form: .gelu, type: .float32, count: 4096, blocks: 1).kernel()
    let inputs = Inputs(kernel.arguments)
    for index in 0..<4096 {
      let (x, y) = (inputs[0, index], kernel.check.expected(inputs, index))
      #expect(abs(y) <= abs(x) && y >= -0.171)
      if x > 3.5 { #expect(abs(y - x) < 0.01) }
    }
  }

  @Test func `results repeat with the pattern of their inputs`() {
    let buffer = Buffer(.float32, 10 << 20, .normal(deviation: 1, seed: 2))
    #expect(buffer.period == 1 << 20 - 1)
    #expect(buffer.patternBytes().count == 4 * buffer.period)
    #expect(Buffer(.uint32, 1 << 24, .indices(limit: 9, seed: 1)).period == 1 << 22 - 1)
    #expect(buffer.byteCount == 40 << 20)
    let inputs = Inputs([.buffer(Buffer(.int8, 5, .normal(deviation: 30, seed: 3)))])
    #expect(inputs[0, 7] == inputs[0, 2])
    #expect(inputs[0, -1].isNaN && inputs[1, 0].isNaN)
  }

  @Test func `what was never written agrees with nothing`() {
    let kernel = Launch.kernel(target: .sm70)
    let found = kernel.firstDisagreement { range in
      [UInt8](repeating: 0xFF, count: range.count)
    }
    #expect(found?.index == 0)
    #expect(found?.found.isNaN == true)
    #expect(found?.description.hasPrefix("launch: element 0 is ") == true)
  }

  @Test func `one wrong element is found and named`() {
    let kernel = Launch.kernel(target: .sm70)
    let inputs = Inputs(kernel.arguments)
    let found = kernel.firstDisagreement { range in
      let index = range.lowerBound / 4
      return NumberType.float32.bytes(inputs[0, index] + (index == 17 ? 0.001 : 0))
    }
    #expect(found?.index == 17)
  }
}
