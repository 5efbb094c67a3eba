import Testing

@testable import Graph

struct ReductionTests {
  @Test(arguments: [
    ([1], true, [2, 1, 4]), ([1], false, [2, 4]), ([-1, 0], false, [3]),
    ([-1, 0], true, [1, 3, 1]),
    ([2, 2], false, [2, 3]),
  ])
  func `axes are an attribute or an operand`(axes: [Int], keeps: Bool, shape: [Int]) throws {
    let keeps = Attribute.Payload.int(keeps ? 1 : 0)
    for name in Reduction.names {
      let old = try OneNode(
        name, [.tensor([2, 3, 4])], ["axes": .ints(axes), "keepdims": keeps], opset: 11)
      #expect(try old.shapes() == [shape], "\(name)")
      let new = try OneNode(name, [.tensor([2, 3, 4]), .integers(axes)], ["keepdims": keeps])
      #expect(try new.shapes() == [shape], "\(name)")
    }
  }

  @Test func `without axes all are reduced, or none if so asked`() throws {
    #expect(try OneNode("ReduceSum", [.tensor([2, 3])]).shapes() == [[1, 1]])
    #expect(try OneNode("ReduceSum", [.tensor([2, 3]), .integers([])]).shapes() == [[1, 1]])
    let nothing = try OneNode("ReduceSum", [.tensor([2, 3])], ["noop_with_empty_axes": 1])
    #expect(try nothing.shapes() == [[2, 3]])
    #expect(try OneNode("ReduceSum", [.tensor([2, 3])], ["keepdims": 0]).shapes() == [[]])
  }

  @Test func `axes that are not known are not guessed`() throws {
    let node = try OneNode("ReduceSum", [.tensor([2, 3]), .tensor([1], .int64)])
    #expect(throws: OperatorError.unknownValue(1)) { try node.shapes() }
  }

  @Test(arguments: [
    ("ReduceSum", 24, 0), ("ReduceMean", 24, 0), ("ReduceMax", 24, 0), ("ReduceL1", 48, 0),
    ("ReduceL2", 48 + 6, 0), ("ReduceSumSquare", 48, 0), ("ReduceLogSum", 24 + 6, 6),
    ("ReduceLogSumExp", 4 * 24 + 2 * 6, 24 + 6),
  ])
  func `each element is taken in once`(name: String, operations: Int, transcendentals: Int) throws {
    let work = try OneNode(OperatorName(name), [.tensor([6, 4]), .integers([1])]).work()
    #expect(work.elementwise == operations)
    #expect(work.transcendentals == transcendentals)
  }

  @Test(arguments: [
    ("ReduceSum", [5, 7, 9], [6, 15]), ("ReduceProd", [4, 10, 18], [6, 120]),
    ("ReduceMax", [4, 5, 6], [3, 6]), ("ReduceMin", [1, 2, 3], [1, 4]),
    ("ReduceMean", [2, 3, 4], [2, 5]),
  ])
  func `small integers are reduced`(name: String, columns: [Int], rows: [Int]) throws {
    let matrix = try Operand.integers([1, 2, 3, 4, 5, 6], [2, 3])
    let name = OperatorName(name)
    #expect(try OneNode(name, [matrix, .integers([0])]).integers() == columns)
    #expect(try OneNode(name, [matrix, .integers([1])]).integers() == rows)
  }

  @Test func `nothing adds up to 0 and multiplies to 1, and has no maximum`() throws {
    let nothing = try Operand.tensor([2, 0], .int64)
    #expect(try OneNode("ReduceSum", [nothing, .integers([1])]).integers() == [0, 0])
    #expect(try OneNode("ReduceProd", [nothing, .integers([1])]).integers() == [1, 1])
    #expect(try OneNode("ReduceMax", [nothing, .integers([1])]).integers() == nil)
    #expect(try OneNode("ReduceMean", [nothing, .integers([1])]).integers() == nil)
  }

  @Test func `an axis that does not exist is an error`() throws {
    let node = try OneNode("ReduceSum", [.tensor([2]), .integers([1])])
    #expect(throws: OperatorError.axisOutOfRange(1, rank: 1)) { try node.shapes() }
  }
}

struct ExtremumTests {
  @Test func `the place of an extreme is an integer`() throws {
    let node = try OneNode("ArgMax", [.tensor([2, 3])], ["axis": -1, "keepdims": 0])
    #expect(try node.tensor() == TensorInfo(.int64, [2]))
    #expect(try node.work().elementwise == 6)
  }

  @Test(arguments: [
    ("ArgMax", 0, [1, 3]), ("ArgMax", 1, [2, 3]), ("ArgMin", 0, [0, 0]), ("ArgMin", 1, [3, 2]),
  ])
  func `of equal elements the first or the last is meant`(name: String, last: Int, places: [Int])
    throws
  {
    let node = try OneNode(
      OperatorName(name), [.integers([1, 5, 5, 1, 0, 2, 0, 7], [2, 4])],
      ["axis": 1, "select_last_index": .int(last)])
    #expect(try node.integers() == places)
  }
}

struct CumulationTests {
  @Test(arguments: [
    ("CumSum", 0, 0, [1, 3, 6]), ("CumSum", 1, 0, [0, 1, 3]), ("CumSum", 0, 1, [6, 5, 3]),
    ("CumSum", 1, 1, [5, 3, 0]), ("CumProd", 0, 0, [1, 2, 6]), ("CumProd", 1, 0, [1, 1, 2]),
    ("CumProd", 0, 1, [6, 6, 3]), ("CumProd", 1, 1, [6, 3, 1]),
  ])
  func `sums and products run either way`(
    name: String, exclusive: Int, reverse: Int, result: [Int]
  ) throws {
    let attributes: KeyValuePairs<String, Attribute.Payload> = [
      "exclusive": .int(exclusive), "reverse": .int(reverse),
    ]
    let axis = try Operand.integers([0], [])
    let node = try OneNode(OperatorName(name), [.integers([1, 2, 3]), axis], attributes)
    #expect(try node.integers() == result)
    // Along the first axis of a matrix, each column by itself.
    let columns = try OneNode(
      OperatorName(name), [.integers([1, 1, 2, 2, 3, 3], [3, 2]), axis], attributes)
    #expect(try columns.integers() == result.flatMap { [$0, $0] })
  }

  @Test func `the axis need not be known`() throws {
    let node = try OneNode("CumSum", [.tensor([2, 3]), .tensor([], .int64)])
    #expect(try node.shapes() == [[2, 3]])
    #expect(try node.work().elementwise == 6)
  }
}
