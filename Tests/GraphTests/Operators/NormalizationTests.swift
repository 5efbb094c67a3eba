import Testing

@testable import Graph

struct NormalizationTests {
  static func batch(
    _ attributes: KeyValuePairs<String, Attribute.Payload> = [:], results: Int = 1, opset: Int = 15
  )
    throws -> OneNode
  {
    let channels = try Operand.weights([8])
    return try OneNode(
      "BatchNormalization", [.tensor([2, 8, 4, 4]), channels, channels, channels, channels],
      attributes, opset: opset, results: results)
  }

  @Test func `inference is a scale and a shift`() throws {
    let node = try Self.batch()
    #expect(try node.shapes() == [[2, 8, 4, 4]])
    #expect(try node.work().elementwise == 2 * 256)
  }

  @Test func `the running mean and variance are buffers`() throws {
    let node = try Self.batch()
    #expect(
      (0...4).map { node.op.role($0, node.inputs) } == [.data, .data, .data, .buffer, .buffer])
  }

  @Test func `training takes the batch's own mean and variance`() throws {
    let node = try Self.batch(["training_mode": 1], results: 3)
    #expect(try node.shapes() == [[2, 8, 4, 4], [8], [8]])
    #expect(try node.work().elementwise == 6 * 256)
    #expect(try Self.batch(results: 5, opset: 9).shapes().count == 5)
    #expect(try Self.batch(results: 5, opset: 9).work().elementwise == 6 * 256)
  }

  @Test func `parameters follow the channels`() throws {
    let channels = try Operand.weights([8])
    let node = try OneNode(
      "BatchNormalization", [.tensor([2, 6, 4, 4]), channels, channels, channels, channels])
    let fitted = node.op.fitted(node.inputs)
    #expect((1...4).map { fitted[$0]?.dims } == [[6], [6], [6], [6]])
  }

  // Elementary operations for each element.
  @Test(arguments: [
    ("LayerNormalization", 1, 6), ("LayerNormalization", 2, 7), ("RMSNormalization", 1, 4),
    ("SimplifiedLayerNormalization", 1, 4), ("InstanceNormalization", 2, 7),
    ("GroupNormalization", 2, 7), ("MeanVarianceNormalization", 0, 5), ("LpNormalization", 0, 3),
    ("com.microsoft::GroupNorm", 2, 7),
  ])
  func `a normalisation keeps its shape`(name: String, parameters: Int, operations: Int) throws {
    let width = try Operand.weights([8])
    let node = try OneNode(
      OperatorName(stringLiteral: name),
      [.tensor([2, 3, 8])] + [Operand](repeating: width, count: parameters), ["num_groups": 1])
    #expect(try node.shapes() == [[2, 3, 8]])
    #expect(try node.work().elementwise == operations * 48)
  }

  @Test func `a layer normalisation gives the mean and spread of each row`() throws {
    let node = try OneNode(
      "LayerNormalization", [.tensor([2, 3, 4, 5], .float16), .weights([4, 5], .float16)],
      ["axis": 2], results: 3)
    #expect(try node.shapes() == [[2, 3, 4, 5], [2, 3, 1, 1], [2, 3, 1, 1]])
    #expect(try node.tensors().map { $0?.type } == [.float16, .float32, .float32])
  }

  @Test func `a local response meets its neighbours`() throws {
    let node = try OneNode("LRN", [.tensor([1, 8, 2, 2])], ["size": 5])
    #expect(try node.work().elementwise == 32 * 9)
    #expect(try node.work().transcendentals == 32)
  }

  @Test func `a skipped sum is added, normalised and returned`() throws {
    let width = try Operand.weights([8])
    let tensor = try Operand.tensor([2, 3, 8])
    let node = try OneNode(
      "com.microsoft::SkipLayerNormalization", [tensor, tensor, width, width, width], results: 4)
    #expect(try node.shapes() == [[2, 3, 8], [2, 3, 1], [2, 3, 1], [2, 3, 8]])
    #expect(try node.work().elementwise == 9 * 48)
    let simplified = try OneNode(
      "com.microsoft::SkipSimplifiedLayerNormalization", [tensor, tensor, width], results: 4)
    #expect(try simplified.work().elementwise == 5 * 48)
  }

  @Test func `embeddings read the rows they look up`() throws {
    let words = try Operand.tensor([2, 5], .int32)
    let node = try OneNode(
      "com.microsoft::EmbedLayerNormalization",
      [
        words, words, .weights([30522, 8]), .weights([512, 8]), .weights([2, 8]), .weights([8]),
        .weights([8]),
      ], results: 3, unread: [1, 2])
    #expect(try node.shapes() == [[2, 5, 8], [2], [2, 5, 8]])
    #expect(try node.work().elementwise == 9 * 80)
    #expect(try node.work().bytesRead == 80 + 4 * (80 + 80 + 16 + 16))
  }
}

struct SoftmaxTests {
  @Test func `each element takes five operations, one of them an exponential`() throws {
    let node = try OneNode("Softmax", [.tensor([4, 10])])
    #expect(try node.work().elementwise == 200)
    #expect(try node.work().transcendentals == 40)
  }

  @Test func `the axis past the last was allowed where the input is flattened`() throws {
    #expect(try OneNode("Softmax", [.tensor([4])], ["axis": 1], opset: 9).shapes() == [[4]])
    #expect(throws: OperatorError.axisOutOfRange(1, rank: 1)) {
      try OneNode("Softmax", [.tensor([4])], ["axis": 1], opset: 13).shapes()
    }
  }

  @Test func `the default axis changed with version 13`() throws {
    let operand = try Operand.tensor([2, 3, 4])
    #expect((try OneNode("Softmax", [operand], opset: 12).op as? Softmax)?.axis == 1)
    #expect((try OneNode("Softmax", [operand], opset: 13).op as? Softmax)?.axis == -1)
  }
}
