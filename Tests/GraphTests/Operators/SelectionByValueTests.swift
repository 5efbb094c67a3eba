import Testing

@testable import Graph

struct TopKTests {
  @Test func `the best come first, with their places`() throws {
    let node = try OneNode(
      "TopK", [.integers([3, 1, 3, 2, 9, 8], [2, 3]), .integers([2])], results: 2)
    #expect(
      try node.tensors() == [
        TensorInfo(.int64, [2, 2], value: .integers([3, 3, 9, 8])),
        TensorInfo(.int64, [2, 2], value: .integers([0, 2, 1, 2])),
      ])
  }

  @Test func `the worst are found along any axis`() throws {
    let node = try OneNode(
      "TopK", [.integers([3, 1, 4, 2, 9, 8], [3, 2]), .integers([1])],
      ["axis": 0, "largest": 0], results: 2)
    #expect(
      try node.tensors() == [
        TensorInfo(.int64, [1, 2], value: .integers([3, 1])),
        TensorInfo(.int64, [1, 2], value: .integers([0, 0])),
      ])
  }

  @Test func `before opset 10 the number is an attribute`() throws {
    let node = try OneNode("TopK", [.tensor([4, 10])], ["k": 3], opset: 7, results: 2)
    #expect(try node.shapes() == [[4, 3], [4, 3]])
  }

  @Test func `a number that depends on data leaves a bound`() throws {
    let node = try OneNode("TopK", [.tensor([4, 10]), .tensor([1], .int64)], results: 2)
    #expect(try node.shapes() == [[4, 10], [4, 10]])
    #expect(try node.outputs().allSatisfy { $0?.isEstimated == true })
  }

  @Test(arguments: [(1, 100), (2, 200), (8, 400), (10, 500)])
  func `each element is compared and sinks into a heap`(count: Int, operations: Int) throws {
    let node = try OneNode("TopK", [.tensor([10, 10]), .integers([count])], results: 2)
    #expect(try node.work().elementwise == operations)
  }

  @Test func `more than there are is an error`() throws {
    let node = try OneNode("TopK", [.tensor([3]), .integers([4])], results: 2)
    #expect(throws: OperatorError.self) { try node.shapes() }
  }
}

struct CompressTests {
  @Test func `what the condition holds for is kept`() throws {
    let data = try Operand.integers([1, 2, 3, 4, 5, 6], [3, 2])
    let condition = try Operand.integers([0, 1, 1], nil, .bool)
    let rows = try OneNode("Compress", [data, condition], ["axis": 0])
    #expect(try rows.tensor() == TensorInfo(.int64, [2, 2], value: .integers([3, 4, 5, 6])))
    let flat = try OneNode("Compress", [data, condition])
    #expect(try flat.tensor() == TensorInfo(.int64, [2], value: .integers([2, 3])))
  }

  @Test func `an unknown condition leaves a bound`() throws {
    let node = try OneNode("Compress", [.tensor([5, 2]), .tensor([3], .bool)], ["axis": 0])
    let bound = try #require(try node.tensor())
    #expect(bound.dims == [3, 2] && bound.isEstimated)
  }

  @Test func `the indices of what is not zero are found`() throws {
    let node = try OneNode("NonZero", [.integers([0, 7, 8, 0], [2, 2])])
    #expect(try node.tensor() == TensorInfo(.int64, [2, 2], value: .integers([0, 1, 1, 0])))
    let unknown = try #require(try OneNode("NonZero", [.tensor([2, 3])]).tensor())
    #expect(unknown.dims == [2, 6] && unknown.isEstimated)
  }
}

struct UniqueTests {
  @Test(arguments: [
    (1, [1, 2, 3, 4], [1, 0, 3, 4], [1, 0, 0, 2, 3, 2], [2, 1, 2, 1]),
    (0, [2, 1, 3, 4], [0, 1, 3, 4], [0, 1, 1, 2, 3, 2], [1, 2, 2, 1]),
  ])
  func `the different elements are listed once`(
    sorted: Int, values: [Int], firsts: [Int], inverse: [Int], counts: [Int]
  ) throws {
    let node = try OneNode(
      "Unique", [.integers([2, 1, 1, 3, 4, 3])], ["sorted": .int(sorted)], results: 4)
    #expect(
      try node.tensors().map { $0?.value?.integers } == [values, firsts, inverse, counts])
  }

  @Test func `slices along an axis are listed once`() throws {
    let node = try OneNode(
      "Unique", [.integers([2, 3, 4, 1, 0, 0, 1, 0, 0], [3, 3])], ["axis": 0], results: 4)
    #expect(
      try node.tensor() == TensorInfo(.int64, [2, 3], value: .integers([1, 0, 0, 2, 3, 4])))
    #expect(try node.shapes() == [[2, 3], [2], [3], [2]])
  }

  @Test func `slices without elements are too many to tell apart`() throws {
    let node = try OneNode("Unique", [.tensor([2000, 0])], ["axis": 0])
    #expect(try node.outputs()[0]?.isEstimated == true)
  }

  @Test func `what is not known leaves a bound, but for the inverse`() throws {
    let node = try OneNode("Unique", [.tensor([4, 5])], results: 4)
    #expect(try node.shapes() == [[20], [20], [20], [20]])
    #expect(try node.outputs().map { $0?.isEstimated } == [true, true, false, true])
  }
}
