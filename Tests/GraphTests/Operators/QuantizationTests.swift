import Testing

@testable import Graph

struct QuantizationTests {
  static func scale() throws -> Operand { try .reals([0.1], []) }
  static func zero(_ type: ElementType) throws -> Operand { try .integers([0], [], type) }

  @Test func `quantising takes two operations, and the type of the zero point`() throws {
    let node = try OneNode("QuantizeLinear", [.tensor([2, 4]), Self.scale(), Self.zero(.int8)])
    #expect(try node.tensor()?.type == .int8)
    #expect(try node.work().elementwise == 16)
    #expect(node.op.role(1, node.inputs) == .setting)
    #expect(try OneNode("QuantizeLinear", [.tensor([2]), Self.scale()]).tensor()?.type == .uint8)
  }

  @Test func `a type that is asked for is given`() throws {
    let node = try OneNode(
      "QuantizeLinear", [.tensor([2, 4]), Self.scale()],
      ["output_dtype": .int(ElementType.int4.rawValue)])
    #expect(try node.tensor()?.type == .int4)
  }

  @Test func `what is made real has the type of its scale`() throws {
    let node = try OneNode(
      "DequantizeLinear", [.weights([2, 4], .int8), .reals([0.1], [], .float16)])
    #expect(try node.tensor()?.type == .float16)
    #expect(node.op.role(0, node.inputs) == .data)
  }

  @Test func `a range found on the way costs two operations more`() throws {
    let node = try OneNode("DynamicQuantizeLinear", [.tensor([2, 4])], results: 3)
    #expect(try node.shapes() == [[2, 4], [], []])
    #expect(try node.work().elementwise == 32)
  }

  @Test func `quantised sums broadcast`() throws {
    let node = try OneNode(
      "com.microsoft::QLinearAdd",
      [
        .tensor([2, 1, 4], .uint8), Self.scale(), Self.zero(.uint8), .tensor([3, 1], .uint8),
        Self.scale(), Self.zero(.uint8), Self.scale(), Self.zero(.uint8),
      ])
    #expect(try node.shapes() == [[2, 3, 4]])
    #expect(try node.work().elementwise == 24 * 7)
  }

  @Test func `quantised parts lie side by side`() throws {
    let (scale, zero) = (try Self.scale(), try Self.zero(.uint8))
    let node = try OneNode(
      "com.microsoft::QLinearConcat",
      [
        scale, zero, .tensor([2, 3], .uint8), scale, zero, .tensor([2, 5], .uint8), scale, zero,
      ], ["axis": 1])
    #expect(try node.shapes() == [[2, 8]])
  }

  @Test func `rows of a packed table are unpacked`() throws {
    let node = try OneNode(
      "com.microsoft::GatherBlockQuantized",
      [.weights([10, 16], .uint8), .tensor([1, 3], .int64), .weights([10, 2])],
      ["bits": 4, "block_size": 16, "quantize_axis": 1])
    #expect(try node.shapes() == [[1, 3, 32]])
    #expect(node.op.role(0, node.inputs) == .packed(elements: 320))
    #expect(try node.work().bytesRead == 3 * 16 + 24)
  }
}

struct FusedBiasTests {
  @Test func `a bias is added before the activation`() throws {
    let gelu = try OneNode("com.microsoft::Gelu", [.tensor([2, 8])]).work()
    let biased = try OneNode("com.microsoft::BiasGelu", [.tensor([2, 8]), .weights([8])]).work()
    #expect(biased.elementwise == gelu.elementwise + 16)
    #expect(biased.transcendentals == gelu.transcendentals)
  }

  @Test func `a gate halves the last axis`() throws {
    let node = try OneNode("com.microsoft::BiasSplitGelu", [.tensor([1, 4, 16]), .weights([16])])
    #expect(try node.shapes() == [[1, 4, 8]])
  }
}
