/// A graph as its file tells it, from which `finish` makes a body.
///
/// Names are numbered in the order in which they are met, before it is known which of them are inputs,
/// weights, results, or values of a surrounding graph.
struct GraphDraft {
  var name = ""
  var nodes: [Node] = []
  private(set) var inputs: [Value.ID] = []
  private(set) var outputs: [Value.ID] = []
  private(set) var initializers: [(id: Value.ID, literal: Literal)] = []
  /// What is declared of each value, and of nothing after the last that something is declared of.
  private(set) var declared: [DeclaredType?] = []
  private(set) var table = NameTable()
  private var initialized: Set<Value.ID> = []

  var names: [String] { table.names }

  /// The number of the value called `name`.
  mutating func id(_ name: String) -> Value.ID {
    // A string is UTF-8, so it has a number.
    table.number(name.utf8Span.span) ?? table.unnamed()
  }

  /// The number of the value called `name`, or nil where that is not UTF-8.
  mutating func id(_ name: Span<UInt8>) -> Value.ID? { table.number(name) }

  /// The number of an operand or result, or nil where it is left out, which an empty name says.
  mutating func operand(_ name: String) -> Value.ID? { name.isEmpty ? nil : id(name) }

  /// Notes what the file says of a value; the first to say something is believed.
  mutating func declare(_ id: Value.ID, _ type: DeclaredType?) {
    guard let type else { return }
    while declared.count <= id { declared.append(nil) }
    if declared[id] == nil { declared[id] = type }
  }

  mutating func declare(_ name: String, _ type: DeclaredType?) { declare(id(name), type) }

  mutating func addInput(_ name: String, _ type: DeclaredType?) {
    let id = id(name)
    declare(id, type)
    inputs.append(id)
  }

  mutating func addOutput(_ name: String, _ type: DeclaredType?) {
    let id = name.isEmpty ? table.unnamed() : id(name)
    declare(id, type)
    outputs.append(id)
  }

  mutating func addInitializer(_ literal: Literal, _ repairs: inout Repairs) {
    let id = id(literal.name)
    guard initialized.insert(id).inserted else {
      return repairs.repeatedInitializers.append(literal.name)
    }
    initializers.append((id, literal))
  }

  func isInitialized(_ id: Value.ID) -> Bool { initialized.contains(id) }

  /// The body of a subgraph of one of this graph's nodes.
  ///
  /// Names that the subgraph reads but does not define are taken from this graph, or through it from one
  /// further out.
  mutating func nesting(_ inner: inout GraphDraft, _ repairs: inout Repairs)
    throws(FormatError) -> Body
  {
    var (body, free) = try inner.finish(&repairs)
    body.captures = free.map { inner in
      Body.Capture(outer: id(body.values[inner].name), inner: inner)
    }
    return body
  }
}
