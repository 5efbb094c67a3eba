import Testing

@testable import Graph

struct ElementwiseTests {
  @Test func `every row has a result and a count`() throws {
    for name in Elementwise.names {
      // Operators of one operand take no notice of a second.
      let node = try OneNode(name, [.tensor([2, 3]), .tensor([2, 3])])
      #expect(try node.shapes() == [[2, 3]], "\(name)")
      let work = try node.work()
      #expect(work.elementwise > 0 && work.elementwise % 6 == 0, "\(name)")
      #expect(work.transcendentals <= work.elementwise, "\(name)")
      #expect(work.macs == 0, "\(name)")
    }
  }

  @Test(arguments: [
    ("Add", 1, 0), ("Relu", 1, 0), ("Sigmoid", 4, 1), ("Tanh", 1, 1), ("Gelu", 5, 1),
    ("Softplus", 3, 2), ("Mish", 5, 3), ("HardSwish", 5, 0), ("Exp", 1, 1), ("Sqrt", 1, 0),
    ("LeakyRelu", 2, 0),
  ])
  func `operations count once for each element`(
    name: String, operations: Int, transcendentals: Int
  ) throws {
    let work = try OneNode(OperatorName(name), [.tensor([4, 5])]).work()
    #expect(work.elementwise == 20 * operations)
    #expect(work.transcendentals == 20 * transcendentals)
  }

  @Test func `the tanh form of Gelu takes more`() throws {
    let node = try OneNode("Gelu", [.tensor([10])], ["approximate": "tanh"])
    #expect(try node.work().elementwise == 90)
  }

  @Test func `the broadcast result counts, and each operand is read once`() throws {
    let node = try OneNode("Mul", [.tensor([8, 1, 4]), .tensor([3, 1])])
    #expect(try node.shapes() == [[8, 3, 4]])
    #expect(
      try node.work() == Work(elementwise: 96, bytesRead: 32 * 4 + 3 * 4, bytesWritten: 96 * 4))
  }

  @Test(arguments: [("Max", 20), ("Min", 20), ("Sum", 20), ("Mean", 30)])
  func `three operands are joined twice`(name: String, operations: Int) throws {
    let node = try OneNode(OperatorName(name), [.tensor([10]), .tensor([1]), .tensor([10])])
    #expect(try node.work().elementwise == operations)
  }

  @Test func `comparisons answer in truth values`() throws {
    for name in ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "IsNaN", "IsInf"] {
      let node = try OneNode(OperatorName(name), [.tensor([2]), .tensor([2])])
      #expect(try node.tensor()?.type == .bool, "\(name)")
    }
  }

  @Test func `shapes that do not broadcast are an error`() throws {
    let node = try OneNode("Add", [.tensor([2, 3]), .tensor([2])])
    #expect(throws: OperatorError.self) { try node.shapes() }
  }

  struct Row: Sendable {
    let name: OperatorName
    var a: [Int]
    var b: [Int]?
    var type = ElementType.int64
    let result: [Int]?
  }

  @Test(arguments: [
    Row(name: "Add", a: [1, 2], b: [10], result: [11, 12]),
    Row(name: "Add", a: [250], b: [10], type: .uint8, result: [4]),
    Row(name: "Sub", a: [-128], b: [1], type: .int8, result: [127]),
    Row(name: "Mul", a: [3, -4], b: [5, 6], result: [15, -24]),
    Row(name: "Mul", a: [1 << 16], b: [1 << 16], type: .int32, result: [0]),
    Row(name: "Div", a: [7, -7], b: [2], result: [3, -3]),
    Row(name: "Div", a: [1], b: [0], result: nil),
    Row(name: "Mod", a: [-7, 7], b: [3], result: [2, 1]),
    Row(name: "Neg", a: [3], result: [-3]),
    Row(name: "Abs", a: [-3, 4], result: [3, 4]),
    Row(name: "Sign", a: [-3, 0, 4], result: [-1, 0, 1]),
    Row(name: "Max", a: [1, 5], b: [3], result: [3, 5]),
    Row(name: "Min", a: [1, 5], b: [3], result: [1, 3]),
    Row(name: "Equal", a: [1, 2], b: [1], result: [1, 0]),
    Row(name: "Less", a: [1, 2], b: [2], result: [1, 0]),
    Row(name: "LessOrEqual", a: [2, 3], b: [2], result: [1, 0]),
    Row(name: "Greater", a: [1, 3], b: [2], result: [0, 1]),
    Row(name: "GreaterOrEqual", a: [2, 1], b: [2], result: [1, 0]),
    Row(name: "And", a: [1, 0], b: [1, 1], type: .bool, result: [1, 0]),
    Row(name: "Or", a: [1, 0], b: [0, 0], type: .bool, result: [1, 0]),
    Row(name: "Xor", a: [1, 0], b: [1, 1], type: .bool, result: [0, 1]),
    Row(name: "Not", a: [1, 0], type: .bool, result: [0, 1]),
    Row(name: "BitwiseAnd", a: [6], b: [3], result: [2]),
    Row(name: "BitwiseOr", a: [6], b: [3], result: [7]),
    Row(name: "BitwiseXor", a: [6], b: [3], result: [5]),
    Row(name: "BitwiseNot", a: [1], type: .uint8, result: [254]),
    Row(name: "Relu", a: [-2, 2], result: [0, 2]),
    Row(name: "Floor", a: [2], result: [2]),
    Row(name: "Sigmoid", a: [2], result: nil),
  ])
  func `small integers are computed`(row: Row) throws {
    var operands = [try Operand.integers(row.a, nil, row.type)]
    if let b = row.b { operands.append(try .integers(b, nil, row.type)) }
    #expect(try OneNode(row.name, operands).integers() == row.result)
  }

  @Test(arguments: [
    ("Floor", 2.5, 2.0), ("Floor", -2.5, -3), ("Ceil", 2.1, 3), ("Round", 2.5, 2),
    ("Round", 3.5, 4),
    ("Round", -1.5, -2), ("Sqrt", 9, 3), ("Reciprocal", 4, 0.25), ("Neg", 1, -1), ("Abs", -2, 2),
    ("Relu", -1, 0), ("Sign", -0.5, -1),
  ])
  func `small real numbers are computed`(name: String, number: Double, result: Double) throws {
    #expect(try OneNode(OperatorName(name), [.reals([number])]).reals() == [result])
  }

  @Test func `a result is rounded to its type`() throws {
    let halves = try OneNode(
      "Add", [.reals([2048], nil, .float16), .reals([1], nil, .float16)])
    #expect(try halves.reals() == [2048])
    let singles = try OneNode("Div", [.reals([1]), .reals([3])])
    #expect(try singles.reals() == [Double(Float(1) / 3)])
  }

  @Test(arguments: [
    ("LEFT", 3, 2, 12), ("LEFT", 1, 9, 0), ("RIGHT", 12, 2, 3), ("RIGHT", -8, 1, -4),
    ("RIGHT", -8, 99, -1), ("RIGHT", -8, -1, -1), ("LEFT", 1, -1, 0),
  ])
  func `bits are shifted out and the sign stays`(
    direction: String, number: Int, count: Int, result: Int
  ) throws {
    let node = try OneNode(
      "BitShift", [.integers([number], nil, .int8), .integers([count], nil, .int8)],
      ["direction": .string(direction)])
    #expect(try node.integers() == [result])
  }

  @Test func `fmod takes the sign of the dividend`() throws {
    let node = try OneNode("Mod", [.integers([-7]), .integers([3])], ["fmod": 1])
    #expect(try node.integers() == [-1])
  }

  @Test func `infinities of one sign can be left out`() throws {
    let operand = try Operand.reals([.infinity, -.infinity, 0])
    #expect(try OneNode("IsInf", [operand]).integers() == [1, 1, 0])
    #expect(try OneNode("IsInf", [operand], ["detect_negative": 0]).integers() == [1, 0, 0])
    #expect(try OneNode("IsInf", [operand], ["detect_positive": 0]).integers() == [0, 1, 0])
  }

  @Test func `nothing is computed from what is not known`() throws {
    #expect(try OneNode("Add", [.integers([1]), .tensor([1], .int64)]).integers() == nil)
  }

  @Test func `dividing by a constant is rescaling`() throws {
    let node = try OneNode("Div", [.tensor([3]), .weights([3])])
    #expect(node.op.layer(node.inputs) == .rescaling)
    let other = try OneNode("Div", [.tensor([3]), .tensor([3])])
    #expect(other.op.layer(other.inputs) == .other)
  }

  @Test func `a constant takes the width of the activations it meets`() throws {
    let node = try OneNode("Add", [.tensor([1, 8, 4, 4]), .weights([16, 1, 1])])
    #expect(node.op.fitted(node.inputs)[1]?.dims == [8, 1, 1])
  }
}

struct PowerTests {
  @Test func `the result has the type of the base`() throws {
    let node = try OneNode("Pow", [.tensor([2, 1], .int32), .tensor([3], .float32)])
    #expect(try node.tensor() == TensorInfo(.int32, [2, 3]))
  }

  @Test(arguments: [(2.0, 10, 0), (3, 20, 0), (0.5, 10, 0), (-1, 10, 0), (2.5, 10, 10)])
  func `squares and roots need no special function unit`(
    exponent: Double, operations: Int, transcendentals: Int
  ) throws {
    let work = try OneNode("Pow", [.tensor([10]), .reals([exponent], [])]).work()
    #expect(work.elementwise == operations)
    #expect(work.transcendentals == transcendentals)
  }

  @Test func `small powers are computed`() throws {
    #expect(try OneNode("Pow", [.integers([2, 3]), .integers([3])]).integers() == [8, 27])
    #expect(try OneNode("Pow", [.integers([2, 3]), .reals([2])]).integers() == [4, 9])
    #expect(
      try OneNode("Pow", [.reals([2]), .reals([0.5])]).reals() == [Double(Float(2).squareRoot())])
  }
}

struct ClipTests {
  @Test(arguments: [("min", [3, 5, 9]), ("max", [1, 5, 7])])
  func `before opset 11 a bound is an attribute`(name: String, result: [Int]) throws {
    let bound: Attribute.Payload = name == "min" ? 3.0 : 7.0
    let node = try OneNode("Clip", [.reals([1, 5, 9])], [name: bound], opset: 6)
    #expect(try node.reals() == result.map(Double.init))
    #expect(try node.work().elementwise == 3)
  }

  @Test func `from opset 11 on a bound is an operand`() throws {
    let both = try OneNode(
      "Clip", [.integers([1, 5, 9]), .integers([3], []), .integers([7], [])])
    #expect(try both.integers() == [3, 5, 7])
    #expect(try both.work().elementwise == 6)
    let upper = try OneNode("Clip", [.integers([1, 5, 9]), .absent, .integers([7], [])])
    #expect(try upper.integers() == [1, 5, 7])
    #expect(try upper.work().elementwise == 3)
  }

  @Test func `where the bounds cross, the upper one holds`() throws {
    let node = try OneNode("Clip", [.integers([5]), .integers([9], []), .integers([3], [])])
    #expect(try node.integers() == [3])
  }
}

struct SelectionTests {
  @Test func `each element comes from one side or the other`() throws {
    let node = try OneNode(
      "Where", [.integers([1, 0], nil, .bool), .integers([1, 2]), .integers([9], [])])
    #expect(try node.integers() == [1, 9])
    #expect(try node.work().elementwise == 2)
  }

  @Test func `all three operands broadcast`() throws {
    let node = try OneNode("Where", [.tensor([4, 1], .bool), .tensor([3]), .tensor([2, 1, 1])])
    #expect(try node.tensor() == TensorInfo(.float32, [2, 4, 3]))
  }
}

struct CastTests {
  struct Row: Sendable {
    let from: ElementType
    let number: Double
    let to: ElementType
    let result: Double?
  }

  @Test(arguments: [
    Row(from: .float32, number: -2.7, to: .int64, result: -2),
    Row(from: .float32, number: 3e10, to: .int32, result: nil),
    Row(from: .float32, number: .nan, to: .int64, result: nil),
    Row(from: .float32, number: 0.5, to: .bool, result: 1),
    Row(from: .int64, number: 300, to: .uint8, result: 44),
    Row(from: .int64, number: 200, to: .int8, result: -56),
    Row(from: .int64, number: 3, to: .bool, result: 1),
    Row(from: .int64, number: -1, to: .uint64, result: nil),
    Row(from: .int64, number: 16_777_217, to: .float32, result: 16_777_216),
    Row(from: .int64, number: 70000, to: .float16, result: .infinity),
    Row(from: .bool, number: 1, to: .float32, result: 1),
    Row(from: .int64, number: 1, to: .string, result: nil),
  ])
  func `numbers are converted as ONNX says`(row: Row) throws {
    let operand =
      row.from.isInteger
      ? try Operand.integers([Int(row.number)], nil, row.from)
      : try Operand.reals([row.number], nil, row.from)
    let node = try OneNode("Cast", [operand], ["to": .int(row.to.rawValue)])
    #expect(try node.tensor()?.type == row.to)
    #expect(try node.tensor()?.value?.reals == row.result.map { [$0] })
  }

  @Test func `CastLike takes the type and nothing else of its second operand`() throws {
    let node = try OneNode("CastLike", [.tensor([4]), .tensor([99], .float16)])
    #expect(try node.tensor() == TensorInfo(.float16, [4]))
    #expect(try node.work() == Work(elementwise: 4, bytesRead: 16, bytesWritten: 8))
  }

  @Test func `a cast to the same type is a view`() throws {
    let node = try OneNode("Cast", [.tensor([4])], ["to": 1])
    #expect(node.op.viewedInput(node.inputs) == 0)
    #expect(try node.work() == Work())
  }

  @Test func `bits are taken for another type of the same width only`() throws {
    let node = try OneNode("BitCast", [.tensor([4])], ["to": 6])
    #expect(try node.tensor() == TensorInfo(.int32, [4]))
    #expect(node.op.viewedInput(node.inputs) == 0)
    #expect(throws: OperatorError.self) {
      try OneNode("BitCast", [.tensor([4])], ["to": 7]).shapes()
    }
  }
}
