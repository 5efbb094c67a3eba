import Testing

@testable import Graph

struct TransposeTests {
  @Test func `an order and its inverse give back the tensor`() throws {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let tensor = try Operand.integers(Array(0..<24), [2, 3, 4])
    for order in orders {
      let there = try #require(
        try OneNode("Transpose", [tensor], ["perm": .ints(order)]).outputs()[0])
      #expect(there.tensor?.dims == order.map { [2, 3, 4][$0] })
      let inverse = (0..<3).compactMap { axis in order.firstIndex(of: axis) }
      let back = try OneNode("Transpose", [Operand(there)], ["perm": .ints(inverse)])
      #expect(try back.integers() == Array(0..<24))
    }
  }

  @Test func `without an order the axes are reversed`() throws {
    let node = try OneNode("Transpose", [.integers([1, 2, 3, 4, 5, 6], [2, 3])])
    #expect(try node.tensor() == TensorInfo(.int64, [3, 2], value: .integers([1, 4, 2, 5, 3, 6])))
    #expect(try node.work() == Work(bytesRead: 48, bytesWritten: 48))
  }

  @Test(arguments: [[0], [0, 0], [0, 2], [0, -1], [0, 1, 2]])
  func `what is no order is an error`(order: [Int]) throws {
    let node = try OneNode("Transpose", [.tensor([2, 3])], ["perm": .ints(order)])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }
}

struct ConcatTests {
  @Test func `parts lie one after another along the axis`() throws {
    let a = try Operand.integers([1, 2, 3, 4], [2, 2])
    let b = try Operand.integers([5, 6], [2, 1])
    let node = try OneNode("Concat", [a, b], ["axis": -1])
    #expect(try node.tensor() == TensorInfo(.int64, [2, 3], value: .integers([1, 2, 5, 3, 4, 6])))
    #expect(try node.work() == Work(bytesRead: 48, bytesWritten: 48))
  }

  @Test func `Split undoes Concat`() throws {
    for (first, second) in [(0, 3), (1, 2), (2, 1), (3, 0)] {
      let whole = try Operand.integers(Array(0..<12), [2, 3, 2])
      let split = try OneNode(
        "Split", [whole, .integers([first, second])], ["axis": 1], results: 2)
      let parts = try split.outputs().map { Operand($0) }
      let joined = try OneNode("Concat", parts, ["axis": 1])
      #expect(try joined.tensor() == whole.info?.tensor)
    }
  }

  @Test(arguments: [([2, 3], [3, 3], 1), ([2, 3], [2, 3, 1], 0), ([2], [2], 1)])
  func `parts that do not fit are an error`(a: [Int], b: [Int], axis: Int) throws {
    let node = try OneNode("Concat", [.tensor(a), .tensor(b)], ["axis": .int(axis)])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }

  @Test func `parts without elements may be of any extent`() throws {
    let node = try OneNode("Concat", [.tensor([1 << 54, 0], .int64)], ["axis": 0])
    #expect(try node.shapes() == [[1 << 54, 0]])
  }

  @Test func `a constant part takes the width of the others`() throws {
    let node = try OneNode(
      "Concat", [.weights([1, 1, 768]), .tensor([1, 196, 384])], ["axis": 1])
    #expect(node.op.fitted(node.inputs)[0]?.dims == [1, 1, 384])
  }
}

struct SplitTests {
  @Test(arguments: [
    (6, 3, [2, 2, 2]), (7, 3, [3, 3, 1]), (7, 4, [2, 2, 2, 1]), (5, 4, [2, 2, 1, 0]), (2, 1, [2]),
  ])
  func `equal parts, but for a smaller last one`(extent: Int, count: Int, parts: [Int]) throws {
    let node = try OneNode(
      "Split", [.tensor([extent, 2])], ["num_outputs": .int(count)], results: count)
    #expect(try node.shapes() == parts.map { [$0, 2] })
  }

  @Test func `sizes are an attribute before opset 13, and an operand from then on`() throws {
    let old = try OneNode(
      "Split", [.tensor([2, 6])], ["axis": 1, "split": [4, 2]], opset: 11, results: 2)
    #expect(try old.shapes() == [[2, 4], [2, 2]])
    let new = try OneNode(
      "Split", [.tensor([2, 6]), .integers([4, 2])], ["axis": 1], results: 2)
    #expect(try new.shapes() == [[2, 4], [2, 2]])
    #expect(try new.work() == Work(bytesRead: 48, bytesWritten: 48))
  }

  @Test func `parts that nobody reads are not made`() throws {
    let node = try OneNode("Split", [.tensor([6])], results: 2, unread: [1])
    #expect(try node.work() == Work(bytesRead: 12, bytesWritten: 12))
  }

  @Test func `sizes that depend on data are guessed to be equal, and said so`() throws {
    let node = try OneNode("Split", [.tensor([6]), .tensor([2], .int64)], results: 2)
    #expect(try node.shapes() == [[3], [3]])
    #expect(try node.outputs().allSatisfy { $0?.isEstimated == true })
  }

  @Test func `sizes that do not add up are an error`() throws {
    for sizes in [[1, 2], [-1, 7], [.max, .max]] {
      let node = try OneNode("Split", [.tensor([6]), .integers(sizes)], results: 2)
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
  }
}

struct PadTests {
  struct Row: Sendable {
    let mode: String
    let before: Int
    let after: Int
    let result: [Int]
  }

  @Test(arguments: [
    Row(mode: "constant", before: 1, after: 2, result: [9, 1, 2, 3, 9, 9]),
    Row(mode: "edge", before: 2, after: 1, result: [1, 1, 1, 2, 3, 3]),
    Row(mode: "reflect", before: 2, after: 2, result: [3, 2, 1, 2, 3, 2, 1]),
    Row(mode: "wrap", before: 2, after: 4, result: [2, 3, 1, 2, 3, 1, 2, 3, 1]),
    Row(mode: "constant", before: -1, after: 1, result: [2, 3, 9]),
    Row(mode: "edge", before: -1, after: -2, result: []),
  ])
  func `each mode adds its own elements`(row: Row) throws {
    let node = try OneNode(
      "Pad",
      [.integers([1, 2, 3]), .integers([row.before, row.after]), .integers([9], [])],
      ["mode": .string(row.mode)])
    #expect(
      try node.tensor()
        == TensorInfo(.int64, [row.result.count], value: .integers(row.result)))
  }

  @Test func `before opset 11 amounts are an attribute`() throws {
    let node = try OneNode(
      "Pad", [.tensor([1, 3, 8, 8])], ["pads": [0, 0, 1, 2, 0, 0, 3, 4]], opset: 7)
    #expect(try node.shapes() == [[1, 3, 12, 14]])
    #expect(node.op.layer == .padding)
  }

  @Test func `amounts may name some axes only`() throws {
    let node = try OneNode(
      "Pad", [.tensor([1, 3, 8, 8]), .integers([1, 2, 3, 4]), .absent, .integers([-1, 2])])
    #expect(try node.shapes() == [[1, 3, 14, 12]])
  }

  @Test func `without a number zeros are added`() throws {
    let node = try OneNode("Pad", [.integers([1]), .integers([1, 1])])
    #expect(try node.integers() == [0, 1, 0])
  }

  @Test func `amounts that do not fit are an error`() throws {
    for amounts in [[1], [-2, -2], [.max, .max]] {
      let node = try OneNode("Pad", [.tensor([3]), .integers(amounts)])
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
  }

  @Test func `a crop reads what it keeps, a border writes more than it reads`() throws {
    let node = try OneNode("CenterCropPad", [.tensor([8, 4]), .integers([4, 6])])
    #expect(try node.shapes() == [[4, 6]])
    #expect(try node.work() == Work(bytesRead: 64, bytesWritten: 96))
    let one = try OneNode("CenterCropPad", [.tensor([8, 4]), .integers([6])], ["axes": [-1]])
    #expect(try one.shapes() == [[8, 6]])
  }
}

struct RearrangementTests {
  @Test func `channels become blocks of pixels and back`() throws {
    let deep = try OneNode("DepthToSpace", [.tensor([1, 12, 2, 3])], ["blocksize": 2])
    #expect(try deep.shapes() == [[1, 3, 4, 6]])
    let wide = try OneNode("SpaceToDepth", [.tensor([1, 3, 4, 6])], ["blocksize": 2])
    #expect(try wide.shapes() == [[1, 12, 2, 3]])
  }

  @Test func `blocks must fit`() throws {
    for (name, dims) in [("DepthToSpace", [1, 6, 2, 2]), ("SpaceToDepth", [1, 3, 3, 4])] {
      let node = try OneNode(OperatorName(name), [.tensor(dims)], ["blocksize": 2])
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
    #expect(throws: OperatorError.self) {
      try OneNode("DepthToSpace", [.tensor([1, 4, 2, 2])], ["blocksize": 0])
    }
  }

  @Test func `a reversed sequence keeps its shape`() throws {
    let node = try OneNode("ReverseSequence", [.tensor([4, 2]), .tensor([2], .int64)])
    #expect(try node.shapes() == [[4, 2]])
  }

  @Test(arguments: [
    (1, 0, [1, 2, 3, 0, 5, 6]), (1, 1, [0, 2, 3, 0, 0, 6]), (0, 0, [1, 0, 0, 4, 5, 0]),
    (0, -1, [0, 0, 0, 4, 0, 0]), (1, -9, [1, 2, 3, 4, 5, 6]),
  ])
  func `one triangle is kept`(upper: Int, diagonal: Int, result: [Int]) throws {
    let node = try OneNode(
      "Trilu", [.integers([1, 2, 3, 4, 5, 6], [2, 3]), .integers([diagonal], [])],
      ["upper": .int(upper)])
    #expect(try node.integers() == result)
  }

  @Test func `an index becomes a vector with one number of its own`() throws {
    let operands = [
      try Operand.integers([1, -1, 7]), try .integers([3], []), try .integers([0, 5]),
    ]
    let last = try OneNode("OneHot", operands)
    #expect(
      try last.tensor()
        == TensorInfo(.int64, [3, 3], value: .integers([0, 5, 0, 0, 0, 5, 0, 0, 0])))
    let first = try OneNode("OneHot", operands, ["axis": 0])
    #expect(try first.integers() == [0, 0, 0, 5, 0, 0, 0, 5, 0])
    let unknown = try OneNode(
      "OneHot", [.tensor([3], .int64), .tensor([], .int64), .integers([0, 1])])
    #expect(throws: OperatorError.unknownValue(1)) { try unknown.shapes() }
  }
}
