import Testing

@testable import BenchmarkKernels

/// Every kernel, run from its text at a small size, gives what the host computes.
@Suite struct ResultTests {
  @Test func `a launch leaves one number for each thread`() throws {
    #expect(try Emulator.disagreement(Launch.kernel(target: .sm70)) == nil)
  }

  @Test(arguments: [Stream.Form.copy, .triad])
  func `memory is copied and added`(form: Stream.Form) throws {
    for count in [4, 1024, 5000] {
      let kernel = Stream(form: form, count: count, blocks: 2).kernel()
      #expect(try Emulator.disagreement(kernel) == nil)
    }
  }
}

extension ResultTests {
  @Test(arguments: [NumberType.float32, .float16])
  func `multiply-adds turn points around the origin`(type: NumberType) throws {
    #expect(try Emulator.disagreement(Arithmetic(type: type, blocks: 1, turns: 2).kernel()) == nil)
  }

  @Test func `logarithms undo exponentials`() throws {
    #expect(try Emulator.disagreement(Transcendental(blocks: 1, turns: 2).kernel()) == nil)
  }

  @Test func `shared memory is read in turn`() throws {
    #expect(try Emulator.disagreement(SharedRead(blocks: 1, turns: 40).kernel()) == nil)
  }

  @Test func `the cached buffer is summed`() throws {
    let kernel = CacheRead(vectors: 1000, blocks: 2, passes: 3).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }

  @Test(arguments: [4, 16])
  func `rows are gathered in random order`(width: Int) throws {
    let kernel = Gather(tableRows: 300, width: width, count: 70, blocks: 1).kernel()
    #expect(try Emulator.disagreement(kernel) == nil)
  }
}
