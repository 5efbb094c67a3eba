import Testing

@testable import Graph

struct RoundingTests {
  @Test(arguments: [
    (ElementType.int8, 200, -56), (.int8, -129, 127), (.uint8, -1, 255), (.uint8, 256, 0),
    (.int4, 8, -8), (.uint4, 17, 1), (.int32, 1 << 31, -(1 << 31)), (.uint32, -1, 0xFFFF_FFFF),
    (.int64, .min, .min), (.bool, 7, 1), (.bool, 0, 0), (.int2, 2, -2), (.uint2, 5, 1),
  ])
  func `excess bits of an integer are dropped`(type: ElementType, number: Int, held: Int) {
    #expect(type.wrapping(number) == held)
  }

  @Test func `what an Int cannot tell is not told`() {
    #expect(ElementType.uint64.wrapping(-1) == nil)
    #expect(ElementType.float32.wrapping(1) == nil)
    #expect(ElementType.string.rounding(1) == nil)
  }

  @Test(arguments: [
    (ElementType.int64, 2.9, 2), (.int64, -2.9, -2), (.bool, 0.5, 1), (.bool, 0, 0),
    (.uint8, 255.9, 255), (.int32, -2_147_483_648, -2_147_483_648),
  ])
  func `a real number is cut off toward zero`(type: ElementType, number: Double, held: Int) {
    #expect(type.truncating(number) == held)
  }

  @Test(arguments: [
    (ElementType.int64, 1e19), (.int64, .nan), (.int32, .infinity), (.uint8, 256), (.uint8, -1),
  ])
  func `a real number that does not fit has no result`(type: ElementType, number: Double) {
    #expect(type.truncating(number) == nil)
  }

  @Test(arguments: [
    (ElementType.float16, 0.1, 0.0999755859375),
    (.float16, 2049, 2048),
    (.float16, 2051, 2052),
    (.float16, 65504, 65504),
    (.float16, 65519, 65504),
    (.float16, 65520, .infinity),
    (.float16, -70000, -.infinity),
    // The smallest that is not zero, and half of it, which ties to zero.
    (.float16, 0x1p-24, 0x1p-24),
    (.float16, 0x1p-25, 0),
    (.bfloat16, 257, 256),
    (.bfloat16, 0.1, 0.10009765625),
    (.float32, 16_777_217, 16_777_216),
    (.float64, 0.1, 0.1),
  ])
  func `a real number becomes the nearest one of its type`(
    type: ElementType, number: Double, held: Double
  ) {
    #expect(type.rounding(number) == held)
  }
}
