import Testing

@testable import Graph

struct AttentionTests {
  @Test func `queries meet keys, and scores meet values`() throws {
    let node = try OneNode(
      "Attention", [.tensor([2, 8, 16, 64]), .tensor([2, 8, 32, 64]), .tensor([2, 8, 32, 96])])
    #expect(try node.shapes() == [[2, 8, 16, 96]])
    #expect(try node.work().macs == 2 * 8 * 16 * 32 * (64 + 96))
    #expect(try node.work().elementwise == 6 * 2 * 8 * 16 * 32)
    #expect(try node.work().transcendentals == 2 * 8 * 16 * 32)
    #expect(try node.contractions().map(\.batch) == [16, 16])
  }

  @Test func `heads may share keys, and lie in the last axis`() throws {
    let node = try OneNode(
      "Attention", [.tensor([2, 4, 24]), .tensor([2, 6, 16]), .tensor([2, 6, 16])],
      ["q_num_heads": 3, "kv_num_heads": 2], results: 4)
    #expect(try node.shapes() == [[2, 4, 24], [2, 2, 6, 8], [2, 2, 6, 8], [2, 3, 4, 6]])
    #expect(try node.work().macs == 2 * 3 * 4 * 6 * 16)
  }

  @Test func `the past comes before the present, and only what is new is written`() throws {
    let past = try Operand.tensor([1, 4, 127, 64])
    let new = try Operand.tensor([1, 4, 1, 64])
    let node = try OneNode(
      "Attention", [new, new, new, .absent, past, past], results: 3)
    #expect(try node.shapes() == [[1, 4, 1, 64], [1, 4, 128, 64], [1, 4, 128, 64]])
    #expect(try node.work().macs == 4 * 128 * 128)
    #expect(try node.work().bytesWritten == 3 * 4 * 64 * 4)
  }

  @Test func `a causal mask is not discounted`() throws {
    let operand = try Operand.tensor([1, 1, 8, 4])
    let free = try OneNode("Attention", [operand, operand, operand])
    let causal = try OneNode("Attention", [operand, operand, operand], ["is_causal": 1])
    #expect(try free.work().macs == causal.work().macs)
    #expect(try causal.work().elementwise == free.work().elementwise + 64)
  }

  @Test func `ONNX Runtime's attention projects its input first`() throws {
    let node = try OneNode(
      "com.microsoft::Attention", [.tensor([2, 5, 16]), .weights([16, 48]), .weights([48])],
      ["num_heads": 4], results: 2)
    #expect(try node.shapes() == [[2, 5, 16], [2, 2, 4, 5, 4]])
    #expect(try node.work().macs == 10 * 16 * 48 + 2 * 4 * 25 * 8)
  }

  @Test func `values may be of another width`() throws {
    let node = try OneNode(
      "com.microsoft::Attention", [.tensor([2, 5, 16]), .weights([16, 40])],
      ["num_heads": 4, "qkv_hidden_sizes": [8, 8, 24]])
    #expect(try node.shapes() == [[2, 5, 24]])
    #expect(try node.work().macs == 10 * 16 * 40 + 2 * 4 * 25 * (2 + 6))
  }

  @Test func `a quantised projection is one of integers, the scores are not`() throws {
    let scale = try Operand.reals([0.1], [])
    let node = try OneNode(
      "com.microsoft::QAttention",
      [.tensor([1, 5, 16], .uint8), .weights([16, 48], .int8), .weights([48]), scale, scale],
      ["num_heads": 4])
    #expect(try node.tensor()?.type == .float32)
    #expect(try node.contractions().map(\.type) == [.uint8, .float32, .float32])
  }

  @Test(arguments: [
    ([[2, 5, 16], [2, 7, 16], [2, 7, 24]], [2, 5, 24], 2 * 4 * 5 * 7 * (4 + 6)),
    ([[2, 5, 4, 3, 4]], [2, 5, 16], 2 * 4 * 5 * 5 * 8),
    ([[2, 5, 16], [2, 7, 4, 2, 4]], [2, 5, 16], 2 * 4 * 5 * 7 * 8),
    ([[2, 5, 16], [2, 4, 7, 4], [2, 4, 7, 4]], [2, 5, 16], 2 * 4 * 5 * 7 * 8),
  ])
  func `operands of multi-head attention may be packed`(
    operands: [[Int]], shape: [Int], macs: Int
  ) throws {
    let node = try OneNode(
      "com.microsoft::MultiHeadAttention", operands.map { try .tensor($0) }, ["num_heads": 4])
    #expect(try node.shapes() == [shape])
    #expect(try node.work().macs == macs)
  }

  static func grouped(total: Operand, past: Int, new: Int) throws -> OneNode {
    let cache = try Operand.tensor([1, 2, past, 8])
    return try OneNode(
      "com.microsoft::GroupQueryAttention",
      [
        .tensor([1, new, 32]), .tensor([1, new, 16]), .tensor([1, new, 16]), cache, cache,
        .tensor([1], .int32), total,
      ], ["num_heads": 4, "kv_num_heads": 2, "do_rotary": 1], results: 3)
  }

  @Test func `a total that is known tells how much of the cache is met`() throws {
    let node = try Self.grouped(total: .integers([6], [], .int32), past: 9, new: 1)
    #expect(try node.shapes() == [[1, 1, 32], [1, 2, 9, 8], [1, 2, 9, 8]])
    #expect(try node.work().macs == 4 * 6 * 16)
    #expect(try node.tensors()[1]?.isEstimated == false)
    let grown = try Self.grouped(total: .integers([8], [], .int32), past: 3, new: 5)
    #expect(try grown.shapes()[1] == [1, 2, 8, 8])
  }

  @Test func `without a total the cache is a guess`() throws {
    let node = try Self.grouped(total: .tensor([], .int32), past: 3, new: 5)
    #expect(try node.shapes()[1] == [1, 2, 8, 8])
    #expect(try node.tensors()[1]?.isEstimated == true)
    #expect(try node.tensors()[0]?.isEstimated == false)
  }

  @Test func `sequences without padding are counted at their longest`() throws {
    let node = try OneNode(
      "com.microsoft::PackedAttention",
      [
        .tensor([7, 16]), .weights([16, 48]), .weights([48]), .tensor([2, 4], .int32),
        .tensor([3], .int32),
      ], ["num_heads": 4])
    #expect(try node.shapes() == [[7, 16]])
    #expect(try node.work().macs == 7 * 16 * 48 + 2 * 4 * 16 * 8)
  }

  @Test func `rotation takes three operations for each element turned`() throws {
    let tables = try Operand.weights([10, 2])
    let node = try OneNode(
      "RotaryEmbedding", [.tensor([2, 3, 16]), tables, tables, .tensor([2, 3], .int64)],
      ["num_heads": 2, "rotary_embedding_dim": 4])
    #expect(try node.shapes() == [[2, 3, 16]])
    #expect(try node.work().elementwise == 3 * 2 * 3 * 2 * 4)
    #expect(node.op.role(1, node.inputs) == .setting)
  }

  @Test func `linear attention meets a state of fixed size`() throws {
    func node(_ rule: String) throws -> OneNode {
      try OneNode(
        "LinearAttention", [.tensor([2, 3, 16]), .tensor([2, 3, 8]), .tensor([2, 3, 12])],
        ["q_num_heads": 4, "kv_num_heads": 2, "update_rule": .string(rule)], results: 2)
    }
    #expect(try node("linear").shapes() == [[2, 3, 24], [2, 2, 4, 6]])
    #expect(try node("linear").work().macs == 2 * 3 * (2 + 4) * 24)
    #expect(try node("delta").work().macs == 2 * 3 * (2 + 4 + 2) * 24)
  }

  @Test func `a causal convolution carries its last inputs`() throws {
    let node = try OneNode(
      "CausalConvWithState", [.tensor([2, 4, 6]), .weights([4, 1, 3]), .weights([4])],
      ["activation": "silu"], results: 2)
    #expect(try node.shapes() == [[2, 4, 6], [2, 4, 2]])
    #expect(try node.work().macs == 2 * 4 * 6 * 3)
    #expect(try node.work().elementwise == 48 * 6)
  }

  @Test func `a causal convolution may have its channels last`() throws {
    let node = try OneNode(
      "com.microsoft::CausalConvWithState", [.tensor([2, 6, 4]), .weights([4, 1, 3])],
      ["channels_last": 1, "dilation": 2, "state_window": 5], results: 2)
    #expect(try node.shapes() == [[2, 6, 4], [5, 2, 4, 4]])
    #expect(try node.work().macs == 2 * 4 * 6 * 3)
  }

  @Test func `a window is met in place of the whole`() throws {
    let node = try OneNode(
      "com.microsoft::LongformerAttention",
      [.tensor([1, 512, 16]), .weights([16, 48]), .weights([48])], ["num_heads": 4, "window": 32])
    #expect(try node.shapes() == [[1, 512, 16]])
    #expect(try node.work().macs == 512 * 16 * 48 + 4 * 512 * 65 * 8)
  }

  @Test func `empty places are removed as far as can be told`() throws {
    let packed = try OneNode(
      "com.microsoft::RemovePadding", [.tensor([2, 4, 8]), .tensor([2], .int32)], results: 4)
    #expect(try packed.shapes() == [[8, 8], [2, 4], [3], [1]])
    #expect(try packed.tensor()?.isEstimated == true)
    let restored = try OneNode(
      "com.microsoft::RestorePadding", [.tensor([7, 8]), .tensor([2, 4], .int32)])
    #expect(try restored.shapes() == [[2, 4, 8]])
  }

  @Test func `each token goes through its experts alone`() throws {
    let node = try OneNode(
      "com.microsoft::MoE",
      [
        .tensor([1, 8]), .tensor([1, 4]), .weights([4, 16, 8]), .absent, .weights([4, 8, 16]),
      ], ["k": 2])
    #expect(try node.shapes() == [[1, 8]])
    #expect(try node.work().macs == 2 * (16 * 8 + 8 * 16))
    // Two of the four experts are read.
    #expect(try node.work().bytesRead == 4 * (8 + 4 + 2 * 128 + 2 * 128))
  }
}
