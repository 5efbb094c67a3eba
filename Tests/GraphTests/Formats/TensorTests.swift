import Testing

@testable import Graph

@Suite struct TensorTests {
  private func literal(_ type: ElementType, _ dims: [Int], _ fields: Message = Message()) throws
    -> Literal
  {
    let tensor = Message(
      bytes: Message().packed(1, dims).varint(2, type.rawValue).bytes + fields.bytes
        + Message().text(8, "w").bytes)
    let body = try Message().message(5, tensor).model.read().body
    return try #require(body.value("w")?.initializer)
  }

  private func raw(_ type: ElementType, _ count: Int, _ bytes: [UInt8]) throws -> TensorValue? {
    try literal(type, [count], Message().data(9, bytes)).info.value
  }

  @Test func `raw integers of every width are read, signed or not`() throws {
    #expect(try raw(.int8, 2, [0xFF, 0x7F]) == .integers([-1, 127]))
    #expect(try raw(.uint8, 2, [0xFF, 0x7F]) == .integers([255, 127]))
    #expect(try raw(.int16, 1, [0xFE, 0xFF]) == .integers([-2]))
    #expect(try raw(.uint16, 1, [0xFE, 0xFF]) == .integers([65534]))
    #expect(try raw(.int32, 1, [0xFD, 0xFF, 0xFF, 0xFF]) == .integers([-3]))
    #expect(try raw(.uint32, 1, [0xFD, 0xFF, 0xFF, 0xFF]) == .integers([4_294_967_293]))
    #expect(
      try raw(.int64, 1, [0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) == .integers([-4]))
    #expect(
      try raw(.uint64, 1, [UInt8](repeating: 0xFF, count: 8)) == .integers([.max]),
      "the nearest that can be held")
    #expect(try raw(.bool, 3, [0, 1, 7]) == .integers([0, 1, 1]))
    #expect(try raw(.int4, 3, [0x8F, 0x07]) == .integers([-1, -8, 7]))
    #expect(try raw(.uint4, 3, [0x8F, 0x07]) == .integers([15, 8, 7]))
    #expect(try raw(.int2, 5, [0b11_10_01_00, 0b01]) == .integers([0, 1, -2, -1, 1]))
    #expect(try raw(.uint2, 5, [0b11_10_01_00, 0b01]) == .integers([0, 1, 2, 3, 1]))
  }

  @Test func `raw real numbers are read`() throws {
    #expect(try raw(.float32, 1, [0, 0, 0xC0, 0xBF]) == .reals([-1.5]))
    #expect(try raw(.float64, 1, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]) == .reals([1.5]))
    #expect(try raw(.bfloat16, 2, [0xC0, 0x3F, 0x80, 0xFF]) == .reals([1.5, -.infinity]))
    let halves: [UInt8] = [0x00, 0x3E, 0x01, 0x00, 0xFF, 0x7B, 0x00, 0xFC, 0x00, 0x80]
    #expect(
      try raw(.float16, 5, halves)
        == .reals([1.5, 5.960464477539063e-08, 65504, -.infinity, -0.0]))
  }

  @Test(arguments: [
    ElementType.float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0,
    .float4e2m1, .float6e2m3, .float6e3m2, .complex64, .complex128,
  ])
  func `other types have a size but no elements that are followed`(type: ElementType) throws {
    let bytes = [UInt8](repeating: 1, count: type.byteCount(3))
    let literal = try literal(type, [3], Message().data(9, bytes))
    #expect(literal.info == (try TensorInfo(type, [3])))
    #expect(literal.isExternal == false)
    #expect(throws: FormatError.self) {
      try self.literal(type, [3], Message().data(9, bytes.dropLast()))
    }
  }

  @Test func `typed lists are read packed and one by one`() throws {
    let one = UInt32(0x3F80_0000)
    #expect(
      try literal(.float32, [2], Message().fixed32(4, one).fixed32(4, one)).info.value
        == .reals([1, 1]))
    #expect(
      try literal(.float32, [1], Message().data(4, [0, 0, 0x80, 0x3F])).info.value == .reals([1]))
    #expect(
      try literal(.float64, [1], Message().fixed64(10, Double(2).bitPattern)).info.value
        == .reals([2]))
    #expect(
      try literal(.int64, [2], Message().varint(7, -1).varint(7, 5)).info.value
        == .integers([-1, 5]))
    #expect(
      try literal(.int64, [3], Message().packed(7, [1]).packed(7, [2, 300])).info.value
        == .integers([1, 2, 300]))
    #expect(
      try literal(.int8, [2], Message().packed(5, [-1, 7])).info.value == .integers([-1, 7]))
    #expect(try literal(.bool, [2], Message().packed(5, [1, 0])).info.value == .integers([1, 0]))
    #expect(try literal(.float16, [1], Message().packed(5, [0x3E00])).info.value == .reals([1.5]))
    #expect(
      try literal(.uint64, [1], Message().packed(11, [9])).info.value == .integers([9]))
    // Two elements of four bits share an entry.
    #expect(
      try literal(.int4, [3], Message().packed(5, [0x8F, 0x07])).info.value
        == .integers([-1, -8, 7]))
    #expect(try literal(.string, [2], Message().text(6, "a").text(6, "b")).info.value == nil)
  }

  @Test func `weights are stepped over`() throws {
    let literal = try literal(.float32, [65], Message().data(9, [UInt8](repeating: 0, count: 260)))
    #expect(literal.info == (try TensorInfo(.float32, [65])))
    let many = [UInt8](repeating: 0, count: 1025)
    #expect(try raw(.int8, 1025, many) == nil)
    #expect(try raw(.int8, 1024, Array(many.dropLast()))?.count == 1024)
  }

  @Test func `a tensor without its elements is as good as one with them elsewhere`() throws {
    let elsewhere = Message().message(13, Message().text(1, "location").text(2, "w.bin"))
      .varint(14, 1)
    #expect(try literal(.float32, [1000, 1000], elsewhere).isExternal)
    #expect(try literal(.float32, [1000, 1000]).isExternal)
    #expect(try literal(.float32, [1000, 1000], Message().data(9, [])).isExternal)
    #expect(try literal(.float32, [0, 4]).isExternal == false, "it has all of its no elements")
  }

  @Test func `an empty tensor has an empty value`() throws {
    #expect(try literal(.int64, [0]).info.value == .integers([]))
  }

  @Test func `fewer elements than the extents say are an error`() {
    #expect(throws: FormatError.self) { try raw(.float32, 2, [0, 0, 0, 0, 0]) }
    #expect(throws: FormatError.self) {
      try literal(.float32, [100], Message().data(4, [0, 0, 0, 0]))
    }
    #expect(throws: FormatError.self) { try literal(.int64, [2000], Message().packed(7, [1, 2])) }
    #expect(throws: FormatError.self) {
      try literal(.complex64, [2], Message().data(4, [UInt8](repeating: 0, count: 12)))
    }
    #expect(throws: FormatError.self) { try literal(.string, [2], Message().text(6, "a")) }
  }
}
