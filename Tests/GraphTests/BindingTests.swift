import Testing

@testable import Graph

@Suite struct BindingTests {
  private func binding(_ signature: String, _ request: Binding.Request = .init()) throws -> Binding
  {
    let model = try ONNXTextFormat.parse("g (\(signature)) => (y) { y = Identity(x) }")
    return try Analysis(model, binding: request).binding
  }

  @Test(arguments: [
    ("float[batch,3,224,224] x", [1, 3, 224, 224]),
    ("float[N,C,H,W] x", [1, 3, 224, 224]),
    ("float[?,?,?,3] x", [1, 224, 224, 3]),
    ("float[?,rows,columns,1] x", [1, 224, 224, 1]),
    ("float[?,?,?,?] x", [1, 3, 224, 224]),
    ("int64[batch_size,sequence_length] x", [1, 128]),
    ("float[?,784] x", [1, 784]),
  ]) func `a symbol that nobody bound gets a default by its name, and is reported`(
    _ signature: String, _ dims: [Int]
  ) throws {
    let model = try ONNXTextFormat.parse("g (\(signature)) => (y) { y = Identity(x) }")
    let analysis = try Analysis(model)
    #expect(analysis.scope.outputs[0]?.tensor?.dims == dims)
    #expect(!analysis.binding.assumed.isEmpty)
  }

  @Test func `three colour planes are one image, three rows are three`() throws {
    #expect(try binding("float[3,480,640] x").batch == 1)
    #expect(try binding("float[3,height,width] x").batch == 1)
    #expect(try binding("float[3,16,8] x").batch == 3)
    #expect(try binding("float[4,480,640] x").batch == 4)
  }

  @Test func `fixed extents need no assumption`() throws {
    #expect(try binding("float[1,3,8,8] x").assumed == [])
  }

  @Test func `a symbol stands for one number wherever it occurs`() throws {
    let model = try ONNXTextFormat.parse(
      "g (float[batch,4] x, float[batch,4] z) => (y) { y = Add(x, z) }")
    let request = Binding.Request(symbols: [.init(name: "batch", value: 7)])
    let analysis = try Analysis(model, binding: request)
    #expect(analysis.scope.outputs[0]?.tensor?.dims == [7, 4])
    #expect(analysis.binding.batch == 7)
    #expect(analysis.binding.assumed == [])
  }

  @Test func `a shape given for one input binds the symbols of the others`() throws {
    let model = try ONNXTextFormat.parse(
      "g (float[n,seq] x, float[n,seq] z) => (y) { y = Add(x, z) }")
    let request = Binding.Request(inputShapes: [.init(name: "x", dims: [2, 48])])
    #expect(try Analysis(model, binding: request).scope.outputs[0]?.tensor?.dims == [2, 48])
  }

  @Test func `the batch is the leading extent of every input, symbolic or 1`() throws {
    let request = Binding.Request(batch: 8)
    #expect(try binding("float[1,3,8,8] x", request).batch == 8)
    #expect(
      try binding("float[n,3,8,8] x", request).inputs.values.first?.tensor?.dims == [8, 3, 8, 8])
  }

  @Test(arguments: [
    (
      Binding.Request(inputShapes: [.init(name: "nope", dims: [1])]),
      "no input 'nope'; its inputs are 'x'"
    ),
    (
      Binding.Request(symbols: [.init(name: "nope", value: 1)]),
      "no dimension 'nope'; its dimensions are 'n'"
    ),
    (
      Binding.Request(inputShapes: [.init(name: "x", dims: [1])]),
      "input 'x' has 2 dimensions, not 1"
    ),
    (Binding.Request(symbols: [.init(name: "n", value: -1)]), "input 'x' cannot have the shape"),
  ]) func `what does not fit the model is an error that says what would`(
    _ request: Binding.Request, _ expected: String
  ) throws {
    let error = #expect(throws: ModelError.self) { try binding("float[n,4] x", request) }
    #expect(error?.message.contains(expected) ?? false)
  }

  @Test func `a total of past and new tokens is their sum, wherever it is met`() throws {
    let model = try ONNXTextFormat.parse(
      "g (float[batch,total] m, float[batch,seq] x, float[batch,past] p) => (y) { y = Identity(x) }"
    )
    let assumed = try Analysis(model).binding.symbols.map { "\($0.name)=\($0.value)" }
    #expect(assumed == ["batch=1", "seq=1", "past=128", "total=129"])
  }
}
