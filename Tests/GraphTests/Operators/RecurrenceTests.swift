import Testing

@testable import Graph

struct RecurrenceTests {
  static func node(
    _ name: OperatorName, gates: Int, directions: Int = 1, layout: Int = 0, bias: Bool = false
  ) throws -> OneNode {
    let (steps, batch, width, hidden) = (7, 2, 10, 16)
    var operands: [Operand] = [
      try .tensor(layout == 0 ? [steps, batch, width] : [batch, steps, width]),
      try .weights([directions, gates * hidden, width]),
      try .weights([directions, gates * hidden, hidden]),
    ]
    if bias { operands.append(try .weights([directions, 2 * gates * hidden])) }
    return try OneNode(
      name, operands, ["hidden_size": .int(hidden), "layout": .int(layout)],
      results: name == "LSTM" ? 3 : 2)
  }

  @Test(arguments: [("RNN", 1), ("GRU", 3), ("LSTM", 4)], [1, 2])
  func `each step meets all weights once`(cell: (String, Int), directions: Int) throws {
    let node = try Self.node(
      OperatorName(cell.0), gates: cell.1, directions: directions)
    let weights = cell.1 * 16 * (10 + 16)
    #expect(try node.work().macs == 7 * 2 * directions * weights)
    #expect(try node.shapes()[0] == [7, directions, 2, 16])
    #expect(try node.shapes()[1] == [directions, 2, 16])
  }

  @Test func `the batch goes first with layout 1`() throws {
    let shapes = try Self.node("LSTM", gates: 4, layout: 1).shapes()
    #expect(shapes == [[2, 7, 1, 16], [2, 1, 16], [2, 1, 16]])
  }

  @Test func `gates are elementwise and transcendental`() throws {
    let work = try Self.node("LSTM", gates: 4).work()
    #expect(work.transcendentals == 5 * 7 * 2 * 16)
    #expect(work.elementwise > work.transcendentals)
    #expect(try Self.node("LSTM", gates: 4, bias: true).work().elementwise > work.elementwise)
  }

  @Test func `steps come one after another, inputs all at once`() throws {
    let contractions = try Self.node("GRU", gates: 3).contractions()
    #expect(contractions.map(\.form) == [.matrix, .recurrence(steps: 7)])
  }

  @Test func `quantised weights are transposed`() throws {
    let node = try OneNode(
      "com.microsoft::DynamicQuantizeLSTM",
      [.tensor([7, 2, 10]), .weights([1, 10, 64], .int8), .weights([1, 16, 64], .int8)],
      ["hidden_size": 16], results: 3)
    #expect(try node.shapes() == [[7, 1, 2, 16], [1, 2, 16], [1, 2, 16]])
    #expect(try node.work().macs == 7 * 2 * 64 * 26)
    #expect(try node.contractions().map(\.type) == [.int8, .int8])
  }
}
