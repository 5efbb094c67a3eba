import Testing

@testable import Graph

struct ViewTests {
  @Test(arguments: [
    ("Identity", []), ("Flatten", []), ("Squeeze", []), ("Reshape", [6]), ("Unsqueeze", [0]),
  ])
  func `a view moves nothing and keeps what is known`(name: String, setting: [Int]) throws {
    var operands = [try Operand.integers([1, 2, 3, 4, 5, 6], [2, 3])]
    if !setting.isEmpty { operands.append(try .integers(setting)) }
    let node = try OneNode(OperatorName(name), operands)
    #expect(node.op.viewedInput(node.inputs) == 0)
    #expect(try node.work() == Work())
    #expect(try node.integers() == [1, 2, 3, 4, 5, 6])
    #expect(node.op.role(0, node.inputs) == .data)
  }

  @Test func `Identity passes on what is no tensor`() throws {
    let sequence = ValueInfo.sequence([TensorInfo(.int64, .scalar)])
    let node = try OneNode("Identity", [Operand(sequence)])
    #expect(try node.outputs() == [sequence])
  }

  @Test(arguments: [
    (0, [1, 24]), (1, [2, 12]), (2, [6, 4]), (3, [24, 1]), (-1, [6, 4]), (-3, [1, 24]),
  ])
  func `Flatten makes a matrix`(axis: Int, shape: [Int]) throws {
    let node = try OneNode("Flatten", [.tensor([2, 3, 4])], ["axis": .int(axis)])
    #expect(try node.shapes() == [shape])
  }

  @Test func `Flatten makes a matrix of a lone number`() throws {
    #expect(try OneNode("Flatten", [.tensor([])], ["axis": 0]).shapes() == [[1, 1]])
  }
}

struct ReshapeTests {
  struct Row: Sendable {
    let input: [Int]
    let target: [Int]
    var allowsZero = 0
    let shape: [Int]?
  }

  @Test(arguments: [
    Row(input: [2, 3, 4], target: [4, 2, 3], shape: [4, 2, 3]),
    Row(input: [2, 3, 4], target: [-1], shape: [24]),
    Row(input: [2, 3, 4], target: [2, -1, 2], shape: [2, 6, 2]),
    Row(input: [2, 3, 4], target: [0, -1], shape: [2, 12]),
    Row(input: [2, 3, 4], target: [2, 0, 4, 1], shape: [2, 3, 4, 1]),
    Row(input: [2, 3, 4], target: [5, -1], shape: nil),
    Row(input: [2, 3, 4], target: [7], shape: nil),
    Row(input: [2, 3, 4], target: [-1, -1], shape: nil),
    Row(input: [2, 3, 4], target: [-2, 12], shape: nil),
    Row(input: [2], target: [2, 0], shape: nil),
    Row(input: [1], target: [], shape: []),
    Row(input: [0, 3, 4], target: [3, 4, 0], allowsZero: 1, shape: [3, 4, 0]),
    Row(input: [0, 3, 4], target: [0, 12], shape: [0, 12]),
    Row(input: [2, 0], target: [0, -1], shape: [2, 0]),
  ])
  func `the target is read as ONNX says`(row: Row) throws {
    let node = try OneNode(
      "Reshape", [.tensor(row.input), .integers(row.target)], ["allowzero": .int(row.allowsZero)])
    if let shape = row.shape {
      #expect(try node.shapes() == [shape])
    } else {
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
  }

  @Test func `every way to cut up 24 elements is found again by -1`() throws {
    let divisors = (1...24).filter { 24 % $0 == 0 }
    for a in divisors {
      for b in divisors where 24 % (a * b) == 0 {
        let dims = [a, b, 24 / (a * b)]
        for open in dims.indices {
          var target = dims
          target[open] = -1
          let node = try OneNode("Reshape", [.tensor([2, 3, 4]), .integers(target)])
          #expect(try node.shapes() == [dims])
        }
      }
    }
  }

  @Test func `a target that is not known is not guessed`() throws {
    let node = try OneNode("Reshape", [.tensor([4]), .tensor([2], .int64)])
    #expect(throws: OperatorError.unknownValue(1)) { try node.shapes() }
  }

  @Test func `the target holds where the input is only bounded`() throws {
    var bounded = try TensorInfo(.float32, [100])
    bounded.isEstimated = true
    let node = try OneNode("Reshape", [Operand(bounded), .integers([2, 5])])
    #expect(try node.shapes() == [[2, 5]])
  }

  @Test func `the target is a setting, not a parameter`() throws {
    let node = try OneNode("Reshape", [.tensor([4]), .integers([2, 2])])
    #expect(node.op.role(1, node.inputs) == .setting)
  }
}

struct SqueezeTests {
  @Test(arguments: [
    ([1, 3, 1, 2], [0], [3, 1, 2]), ([1, 3, 1, 2], [-2], [1, 3, 2]),
    ([1, 3, 1, 2], [0, 2], [3, 2]),
    ([1, 1], [1, 0], []),
  ])
  func `axes are an attribute or an operand`(input: [Int], axes: [Int], shape: [Int]) throws {
    let old = try OneNode("Squeeze", [.tensor(input)], ["axes": .ints(axes)], opset: 11)
    #expect(try old.shapes() == [shape])
    #expect(try OneNode("Squeeze", [.tensor(input), .integers(axes)]).shapes() == [shape])
    // Put back, they are where they were.
    let ascending = axes.map { $0 < 0 ? $0 + input.count : $0 }
    let back = try OneNode("Unsqueeze", [.tensor(shape), .integers(ascending)])
    #expect(try back.shapes() == [input])
    let oldBack = try OneNode("Unsqueeze", [.tensor(shape)], ["axes": .ints(axes)], opset: 11)
    #expect(try oldBack.shapes() == [input])
  }

  @Test func `without axes all of extent 1 go`() throws {
    #expect(try OneNode("Squeeze", [.tensor([1, 3, 1, 2])]).shapes() == [[3, 2]])
  }

  @Test func `an axis of another extent cannot go`() throws {
    let node = try OneNode("Squeeze", [.tensor([2, 1]), .integers([0])])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }

  @Test func `an axis cannot be added twice or out of range`() throws {
    for axes in [[0, 0], [0, -3], [3], [-4]] {
      let node = try OneNode("Unsqueeze", [.tensor([2]), .integers(axes)])
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
  }
}

struct DropoutTests {
  @Test func `at inference it is a view, and the mask is full`() throws {
    let node = try OneNode("Dropout", [.tensor([2, 2])], results: 2, unread: [1])
    #expect(node.op.viewedInput(node.inputs) == 0)
    #expect(try node.work() == Work())
    #expect(
      try node.tensors() == [
        TensorInfo(.float32, [2, 2]),
        TensorInfo(.bool, [2, 2], value: .integers([1, 1, 1, 1])),
      ])
  }

  @Test func `told not to train, it is a view as well`() throws {
    let node = try OneNode(
      "Dropout", [.tensor([4]), .reals([0.5], []), .integers([0], [], .bool)])
    #expect(node.op.viewedInput(node.inputs) == 0)
  }

  @Test func `told to train, it compares and scales`() throws {
    let node = try OneNode(
      "Dropout", [.tensor([4]), .reals([0.5], []), .integers([1], [], .bool)])
    #expect(node.op.viewedInput(node.inputs) == nil)
    #expect(try node.work().elementwise == 8)
    #expect(node.op.role(1, node.inputs) == .setting)
  }

  @Test func `before opset 10 the mask has the type of the input`() throws {
    let node = try OneNode("Dropout", [.tensor([4])], ["ratio": 0.5], opset: 7, results: 2)
    #expect(try node.tensors()[1]?.type == .float32)
  }
}

struct ShapeOfTests {
  @Test(arguments: [
    (0, nil, [2, 3, 4]), (1, nil, [3, 4]), (-1, nil, [4]), (0, -1, [2, 3]), (1, 2, [3]),
    (-9, 9, [2, 3, 4]), (2, 1, []),
  ])
  func `the extents asked for are told`(start: Int, end: Int?, dims: [Int]) throws {
    let attributes: KeyValuePairs<String, Attribute.Payload> =
      if let end { ["start": .int(start), "end": .int(end)] } else { ["start": .int(start)] }
    let node = try OneNode("Shape", [.tensor([2, 3, 4])], attributes)
    #expect(try node.tensor() == TensorInfo(.int64, [dims.count], value: .integers(dims)))
    #expect(try node.work().bytesRead == 0)
  }

  @Test func `Size is the product`() throws {
    let node = try OneNode("Size", [.tensor([2, 3, 4])])
    #expect(try node.tensor() == TensorInfo(.int64, [], value: .integers([24])))
  }
}

struct ExpansionTests {
  @Test(arguments: [
    ([3, 1], [2, 1, 6], [2, 3, 6]), ([3, 1], [1], [3, 1]), ([3], [3, 1], [3, 3]), ([], [2], [2]),
    ([1], [0], [0]),
  ])
  func `Expand broadcasts both ways`(input: [Int], target: [Int], shape: [Int]) throws {
    let node = try OneNode("Expand", [.tensor(input), .integers(target)])
    #expect(try node.shapes() == [shape])
  }

  @Test func `every copy is written, the original is read once`() throws {
    let node = try OneNode("Expand", [.tensor([1, 4]), .integers([8, 4])])
    #expect(try node.work().bytesWritten == 128)
    #expect(try node.work().elementwise == 0)
  }

  @Test func `Tile repeats`() throws {
    let node = try OneNode("Tile", [.integers([1, 2, 3, 4], [2, 2]), .integers([1, 2])])
    #expect(
      try node.tensor()
        == TensorInfo(.int64, [2, 4], value: .integers([1, 2, 1, 2, 3, 4, 3, 4])))
  }

  @Test(arguments: [[1], [1, -1], [1, 1, 1]])
  func `repeats must fit`(repeats: [Int]) throws {
    let node = try OneNode("Tile", [.tensor([2, 2]), .integers(repeats)])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }
}

struct FillingTests {
  @Test func `a fill has the given number, or 0`() throws {
    let zeros = try OneNode("ConstantOfShape", [.integers([2, 1])])
    #expect(try zeros.tensor() == TensorInfo(.float32, [2, 1], value: .reals([0, 0])))
    let one = Literal(try TensorInfo(.int64, [1], value: .integers([1])))
    let ones = try OneNode("ConstantOfShape", [.integers([3])], ["value": .tensor(one)])
    #expect(try ones.tensor() == TensorInfo(.int64, [3], value: .integers([1, 1, 1])))
    #expect(try ones.work() == Work(bytesWritten: 24))
  }

  @Test func `no extents make a lone number`() throws {
    #expect(try OneNode("ConstantOfShape", [.tensor([0], .int64)]).shapes() == [[]])
  }

  @Test func `an impossible fill is an error`() throws {
    for dims in [[-1], [1 << 40, 1 << 40]] {
      let node = try OneNode("ConstantOfShape", [.integers(dims)])
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
  }

  @Test func `ones lie on one diagonal`() throws {
    let node = try OneNode("EyeLike", [.tensor([2, 3])], ["k": 1, "dtype": 7])
    #expect(try node.tensor() == TensorInfo(.int64, [2, 3], value: .integers([0, 1, 0, 0, 0, 1])))
    #expect(try OneNode("EyeLike", [.tensor([2, 2], .float16)]).tensor()?.type == .float16)
  }
}

struct NumberRangeTests {
  @Test func `integers are counted out as Swift strides`() throws {
    for start in -3...3 {
      for limit in -3...3 {
        for step in [-2, -1, 1, 2, 5] {
          let node = try OneNode(
            "Range", [.integers([start], []), .integers([limit], []), .integers([step], [])])
          #expect(try node.integers() == Array(stride(from: start, to: limit, by: step)))
        }
      }
    }
  }

  @Test func `real numbers are counted out, the limit left out`() throws {
    let node = try OneNode("Range", [.reals([1], []), .reals([2], []), .reals([0.25], [])])
    #expect(try node.reals() == [1, 1.25, 1.5, 1.75])
  }

  @Test func `extremes do not trap`() throws {
    let node = try OneNode(
      "Range", [.integers([0], []), .integers([.max], []), .integers([.max - 1], [])])
    #expect(try node.integers() == [0, .max - 1])
    for (start, limit, step) in [(0, 5, 0), (Int.min, Int.max, 1), (0, Int.max, 1)] {
      let node = try OneNode(
        "Range", [.integers([start], []), .integers([limit], []), .integers([step], [])])
      #expect(throws: OperatorError.self) { try node.shapes() }
    }
    let endless = try OneNode("Range", [.reals([0], []), .reals([1], []), .reals([0], [])])
    #expect(throws: OperatorError.self) { try endless.shapes() }
  }
}
