import Testing

@testable import Graph

@Suite struct WireTests {
  @Test(
    arguments: [
      ([0x00], 0), ([0x7F], 127), ([0x80, 0x01], 128), ([0xAC, 0x02], 300),
      ([UInt8](repeating: 0xFF, count: 9) + [0x01], -1),
      ([UInt8](repeating: 0x80, count: 9) + [0x01], .min),
      ([0x81, 0x00], 1),
    ] as [([UInt8], Int)])
  func `integers have seven bits in each byte`(_ bytes: [UInt8], _ value: Int) throws {
    let message = [0x08] + bytes
    var wire = Wire(FileBytes(message.span))
    let field = try #require(try wire.field())
    #expect(field.number == 1)
    #expect(try wire.int(field) == value)
    #expect(try wire.field() == nil)
  }

  @Test(
    arguments: [
      // Kinds that protobuf does not have or that nobody writes any more, and the field 0.
      [0x0B], [0x0C], [0x0E], [0x0F], [0x00], [0x02, 0x00],
      // Numbers that do not end, or not in time.
      [0x80], [0x08, 0x80], [UInt8](repeating: 0xFF, count: 11),
      // Contents that are longer than what is left.
      [0x0A, 0x01], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x0D, 0, 0, 0], [0x09, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]])
  func `damaged fields are errors with a place`(_ bytes: [UInt8]) throws {
    let error = #expect(throws: FormatError.self) {
      var wire = Wire(FileBytes(bytes.span))
      while let field = try wire.field() { try wire.skip(field) }
    }
    #expect(error?.place != FormatError.Place.none)
  }

  @Test func `a repeated field is the same packed and unpacked`() throws {
    let packed: [UInt8] = [0x0A, 0x03, 0x01, 0xAC, 0x02]
    let unpacked: [UInt8] = [0x08, 0x01, 0x08, 0xAC, 0x02]
    #expect(try ints(packed) == [1, 300])
    #expect(try ints(unpacked) == [1, 300])
    #expect(try ints(packed + unpacked) == [1, 300, 1, 300])
  }

  @Test func `packed numbers of single precision must come whole`() throws {
    let bytes: [UInt8] = [0x0A, 0x05, 0, 0, 0x80, 0x3F, 0]
    var wire = Wire(FileBytes(bytes.span))
    let field = try #require(try wire.field())
    #expect(throws: FormatError.self) {
      var list: [Double] = []
      try wire.floats(field, to: &list)
    }
  }

  @Test func `places count from the start of the file`() throws {
    let bytes: [UInt8] = [0x08, 0x01, 0x12, 0x03, 0x1A, 0x01, 0x0F]
    let error = #expect(throws: FormatError.self) {
      var wire = Wire(FileBytes(bytes.span))
      while let field = try wire.field() {
        guard field.number == 2 else {
          try wire.skip(field)
          continue
        }
        var message = try wire.message(field)
        let inner = try #require(try message.field())
        var innermost = try message.message(inner)
        _ = try innermost.field()
      }
    }
    #expect(error?.place == .byte(6))
  }

  @Test func `nesting has an end`() throws {
    var bytes: [UInt8] = []
    for _ in 0..<150 { bytes = [0x0A] + varint(bytes.count) + bytes }
    #expect(throws: FormatError.self) { try descend(Wire(FileBytes(bytes.span))) }
  }

  private func descend(_ wire: Wire) throws(FormatError) {
    var wire = wire
    while let field = try wire.field() { try descend(try wire.message(field)) }
  }

  private func ints(_ bytes: [UInt8]) throws -> [Int] {
    var wire = Wire(FileBytes(bytes.span))
    var list: [Int] = []
    while let field = try wire.field() { try wire.ints(field, to: &list) }
    return list
  }

  private func varint(_ count: Int) -> [UInt8] {
    count < 128 ? [UInt8(count)] : [UInt8(count & 127 | 128)] + varint(count >> 7)
  }
}
