import Graph
import Testing

@testable import CLI

/// A model with one input of one dimension.
private func model(_ input: String, _ dimension: String) -> Model {
  var model = Model()
  let type = DeclaredType.tensor(.float32, dims: [.symbol(dimension)])
  model.body.inputs = [model.body.add(Value(input, declared: type))]
  return model
}

@Test func `each model takes the extents that it has`() throws {
  let request = Binding.Request(
    inputShapes: [.init(name: "a", dims: [1]), .init(name: "b", dims: [2])],
    symbols: [.init(name: "m", value: 3), .init(name: "n", value: 4)], batch: 5)
  var extents = Extents(request)
  let first = extents.request(request, for: model("a", "m"))
  #expect(first.inputShapes.map(\.name) == ["a"])
  #expect(first.symbols.map(\.name) == ["m"])
  #expect(first.batch == 5)
  #expect(throws: UsageError.self) { try extents.expectAllUsed() }
  _ = extents.request(request, for: model("b", "n"))
  try extents.expectAllUsed()
}

@Test func `where no model was read, no name is wrong`() throws {
  let extents = Extents(Binding.Request(symbols: [.init(name: "m", value: 3)]))
  try extents.expectAllUsed()
}
