import Testing

@testable import Graph

struct GatherTests {
  @Test(arguments: [
    (0, [], [3, 4]), (0, [5], [5, 3, 4]), (1, [5, 6], [2, 5, 6, 4]), (-1, [7], [2, 3, 7]),
  ])
  func `indices take the place of the axis`(axis: Int, indices: [Int], shape: [Int]) throws {
    let node = try OneNode(
      "Gather", [.tensor([2, 3, 4]), .tensor(indices, .int64)], ["axis": .int(axis)])
    #expect(try node.shapes() == [shape])
  }

  @Test func `slices are taken from either end`() throws {
    let data = try Operand.integers(Array(0..<12), [2, 3, 2])
    let node = try OneNode("Gather", [data, .integers([-1, 0])], ["axis": 1])
    #expect(try node.integers() == [4, 5, 0, 1, 10, 11, 6, 7])
    let outside = try OneNode("Gather", [data, .integers([3])], ["axis": 1])
    #expect(try outside.integers() == nil)
  }

  @Test func `an embedding reads the rows it looks up, not the table`() throws {
    let node = try OneNode("Gather", [.weights([30522, 768]), .tensor([1, 128], .int64)])
    #expect(node.op.layer(node.inputs) == .embedding)
    let rows = 128 * 768 * 4
    #expect(try node.work() == Work(bytesRead: rows + 128 * 8, bytesWritten: rows))
    #expect(node.op.role(0, node.inputs) == .data)
    #expect(node.op.role(1, node.inputs) == .setting)
  }

  @Test func `an activation that is indexed is no embedding`() throws {
    let node = try OneNode("Gather", [.tensor([8, 4]), .integers([0])])
    #expect(node.op.layer(node.inputs) == .movement)
  }

  @Test func `elements are gathered along one axis`() throws {
    let node = try OneNode(
      "GatherElements", [.integers(Array(1...9), [3, 3]), .integers([1, 2, 0, 2, 0, 0], [2, 3])])
    #expect(
      try node.tensor() == TensorInfo(.int64, [2, 3], value: .integers([4, 8, 3, 7, 2, 3])))
  }

  @Test(arguments: [
    ([2, 2], 0, [0, 0, 1, 1], [2], [0, 3]),
    ([2, 1], 0, [1, 0], [2, 2], [2, 3, 0, 1]),
    ([2, 1], 1, [1, 0], [2], [1, 2]),
    ([1, 2], 0, [-1, -1], [1], [3]),
  ])
  func `slices are named by their first indices`(
    indices: [Int], batchAxes: Int, places: [Int], shape: [Int], result: [Int]
  ) throws {
    let node = try OneNode(
      "GatherND", [.integers([0, 1, 2, 3], [2, 2]), .integers(places, indices)],
      ["batch_dims": .int(batchAxes)])
    #expect(try node.tensor() == TensorInfo(.int64, shape, value: .integers(result)))
  }

  @Test func `a tensor gathered by the indices of all its elements is itself`() throws {
    let data = try Operand.integers(Array(10..<22), [2, 3, 2])
    var indices: [Int] = []
    try Shape([2, 3, 2]).forEachPosition { indices += $0 }
    let node = try OneNode("GatherND", [data, .integers(indices, [2, 3, 2, 3])])
    #expect(try node.tensor() == data.info?.tensor)
  }

  @Test func `indices deeper than the tensor are an error`() throws {
    let node = try OneNode("GatherND", [.tensor([2, 2]), .tensor([1, 3], .int64)])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }
}

struct ScatterTests {
  @Test(arguments: ["Scatter", "ScatterElements"])
  func `elements are placed along one axis`(name: String) throws {
    let node = try OneNode(
      OperatorName(name),
      [
        .integers([0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3]), .integers([1, 0, 2, 0, 2, 1], [2, 3]),
        .integers([10, 11, 12, 20, 21, 22], [2, 3]),
      ])
    #expect(try node.integers() == [20, 11, 0, 10, 0, 22, 0, 21, 12])
  }

  @Test func `slices are placed by their first indices`() throws {
    let node = try OneNode(
      "ScatterND",
      [.integers([1, 2, 3, 4], [2, 2]), .integers([-1], [1, 1]), .integers([8, 9], [1, 2])])
    #expect(try node.integers() == [1, 2, 8, 9])
  }

  @Test(arguments: [("none", 4), ("add", 9), ("mul", 20), ("max", 5), ("min", 4)])
  func `an update is joined with what is there`(reduction: String, result: Int) throws {
    let node = try OneNode(
      "ScatterND", [.integers([5]), .integers([0], [1, 1]), .integers([4])],
      ["reduction": .string(reduction)])
    #expect(try node.integers() == [result])
    #expect(try node.work().elementwise == (reduction == "none" ? 0 : 1))
  }

  @Test func `the tensor is updated where it lies`() throws {
    let node = try OneNode(
      "ScatterND", [.tensor([1000, 64]), .tensor([2, 1], .int64), .tensor([2, 64])])
    #expect(try node.shapes() == [[1000, 64]])
    #expect(try node.work() == Work(bytesRead: 512 + 16, bytesWritten: 512))
  }

  @Test func `updates that do not fit leave nothing known`() throws {
    for (indices, updates) in [([0, 5], [2]), ([0], [2])] {
      let node = try OneNode(
        "ScatterND",
        [.integers([1, 2]), .integers(indices, [indices.count, 1]), .tensor(updates, .int64)])
      #expect(try node.tensor() == TensorInfo(.int64, [2]))
    }
    let outside = try OneNode(
      "ScatterND", [.integers([1, 2]), .integers([5], [1, 1]), .integers([9])])
    #expect(try outside.integers() == nil)
  }

  @Test func `a cache takes what is new and nothing else moves`() throws {
    let node = try OneNode(
      "TensorScatter",
      [.tensor([1, 8, 2048, 64]), .tensor([1, 8, 1, 64]), .tensor([1], .int64)])
    #expect(try node.shapes() == [[1, 8, 2048, 64]])
    #expect(try node.work() == Work(bytesRead: 2048 + 8, bytesWritten: 2048))
  }
}
