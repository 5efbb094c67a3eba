import Testing

@testable import Graph

struct ResamplingTests {
  @Test func `scales multiply in single precision and round down`() throws {
    let node = try OneNode(
      "Resize", [.tensor([1, 1, 5, 7]), .absent, .reals([1, 1, Double(Float(0.6)), 2.5])],
      opset: 13)
    #expect(try node.shapes() == [[1, 1, 3, 17]])
    #expect(try node.work().elementwise == 0)
  }

  @Test func `sizes hold as they are`() throws {
    let node = try OneNode(
      "Resize", [.tensor([1, 3, 4, 4]), .absent, .absent, .integers([1, 3, 9, 6])],
      ["mode": "linear"])
    #expect(try node.shapes() == [[1, 3, 9, 6]])
    #expect(try node.work().elementwise == 9 * 3 * 54)
  }

  @Test func `sizes come after scales left empty`() throws {
    let node = try OneNode(
      "Resize", [.tensor([1, 3, 4, 4]), .absent, .reals([]), .integers([1, 3, 8, 8])], opset: 11)
    #expect(try node.shapes() == [[1, 3, 8, 8]])
  }

  @Test(arguments: [("not_larger", [1, 1, 7, 3]), ("not_smaller", [1, 1, 20, 8])])
  func `an aspect ratio is kept`(policy: String, shape: [Int]) throws {
    let node = try OneNode(
      "Resize", [.tensor([1, 1, 10, 4]), .absent, .absent, .integers([7, 8])],
      ["axes": [2, 3], "keep_aspect_ratio_policy": .string(policy)])
    #expect(try node.shapes() == [shape])
  }

  @Test func `a region is scaled alone`() throws {
    let node = try OneNode(
      "Resize",
      [
        .tensor([1, 1, 10, 10]), .reals([0, 0, 0.25, 0.5, 1, 1, 0.75, 1]), .reals([1, 1, 2, 2]),
      ], ["coordinate_transformation_mode": "tf_crop_and_resize", "mode": "linear"])
    #expect(try node.shapes() == [[1, 1, 10, 10]])
  }

  @Test func `cubic taps are seven operations for each sum of four`() throws {
    let node = try OneNode(
      "Resize", [.tensor([1, 1, 4, 4]), .absent, .reals([1, 1, 2, 2])], ["mode": "cubic"])
    #expect(try node.work().elementwise == 64 * 35)
  }

  @Test func `scales that are not known leave the shape unknown`() throws {
    let node = try OneNode("Resize", [.tensor([1, 1, 4, 4]), .absent, .tensor([4])])
    #expect(throws: OperatorError.unknownValue(2)) { try node.shapes() }
  }

  @Test func `scales were an attribute, then the second operand`() throws {
    let input = try Operand.tensor([1, 1, 2, 2])
    let first = try OneNode(
      "Upsample", [input], ["scales": .floats([1, 1, 2, 3])], opset: 7)
    #expect(try first.shapes() == [[1, 1, 4, 6]])
    let second = try OneNode("Upsample", [input, .reals([1, 1, 2, 3])], opset: 9)
    #expect(try second.shapes() == [[1, 1, 4, 6]])
    let third = try OneNode("Resize", [input, .reals([1, 1, 2, 3])], opset: 10)
    #expect(try third.shapes() == [[1, 1, 4, 6]])
  }

  @Test func `a grid tells where an image is looked up`() throws {
    let node = try OneNode("GridSample", [.tensor([1, 3, 8, 8]), .tensor([1, 5, 6, 2])])
    #expect(try node.shapes() == [[1, 3, 5, 6]])
    #expect(try node.work().elementwise == 9 * 90 + 2 * 60)
    let grid = try OneNode("AffineGrid", [.tensor([2, 2, 3]), .integers([2, 3, 5, 6])])
    #expect(try grid.shapes() == [[2, 5, 6, 2]])
  }

  @Test func `columns are added back into an image`() throws {
    let node = try OneNode(
      "Col2Im", [.tensor([1, 5, 5]), .integers([5, 5]), .integers([1, 5])])
    #expect(try node.shapes() == [[1, 1, 5, 5]])
    #expect(try node.work().elementwise == 25)
  }
}

struct BoxSelectionTests {
  static func node(_ limit: Operand?) throws -> OneNode {
    var operands: [Operand] = [try .tensor([1, 1000, 4]), try .tensor([1, 80, 1000])]
    if let limit { operands.append(limit) }
    return try OneNode("NonMaxSuppression", operands)
  }

  @Test func `what is kept is a bound`() throws {
    let node = try Self.node(.integers([100]))
    #expect(try node.shapes() == [[8000, 3]])
    #expect(try node.tensor()?.isEstimated == true)
  }

  @Test func `without a limit nothing is kept`() throws {
    let node = try Self.node(nil)
    #expect(try node.shapes() == [[0, 3]])
    #expect(try node.tensor()?.isEstimated == false)
  }

  @Test func `a limit that is not known may be all`() throws {
    #expect(try Self.node(.tensor([1], .int64)).shapes() == [[80_000, 3]])
  }
}
