/// A graph as its file tells it, from which `finished` makes a body.
///
/// Names are numbered in the order in which they are met, before it is known which of them are inputs,
/// weights, results, or values of a surrounding graph.
struct GraphDraft {
  var name = ""
  /// Every name met, and what is declared of it.
  private(set) var values: [Value] = []
  private(set) var inputs: [Value.ID] = []
  private(set) var outputs: [Value.ID] = []
  private(set) var initializers: [Value.ID] = []
  var nodes: [Node] = []

  private var numbers: [String: Value.ID] = [:]

  /// The number of the value called `name`.
  mutating func id(_ name: String) -> Value.ID {
    if let known = numbers[name] { return known }
    let id = values.count
    values.append(Value(name))
    numbers[name] = id
    return id
  }

  /// The number of an operand or result, or nil where it is left out, which an empty name says.
  mutating func operand(_ name: String) -> Value.ID? { name.isEmpty ? nil : id(name) }

  /// Notes what the file says of a value; the first to say something is believed.
  mutating func declare(_ name: String, _ type: DeclaredType?) {
    let id = id(name)
    if values[id].declared == nil { values[id].declared = type }
  }

  mutating func addInput(_ name: String, _ type: DeclaredType?) {
    declare(name, type)
    inputs.append(id(name))
  }

  mutating func addOutput(_ name: String, _ type: DeclaredType?) {
    if name.isEmpty {
      outputs.append(values.count)
      values.append(Value(""))
    } else {
      declare(name, type)
      outputs.append(id(name))
    }
  }

  mutating func addInitializer(_ literal: Literal, _ repairs: inout Repairs) {
    let id = id(literal.name)
    guard values[id].initializer == nil else {
      return repairs.repeatedInitializers.append(literal.name)
    }
    values[id].initializer = literal
    initializers.append(id)
  }

  /// The body of a subgraph of one of this graph's nodes.
  ///
  /// Names that the subgraph reads but does not define are taken from this graph, or through it from one
  /// further out.
  mutating func nesting(_ inner: GraphDraft, _ repairs: inout Repairs) throws(FormatError) -> Body {
    var (body, free) = try inner.finished(&repairs)
    body.captures = free.map { inner in
      Body.Capture(outer: id(body.values[inner].name), inner: inner)
    }
    return body
  }
}

/// What a reader had to repair, gathered into sentences for the user.
struct Repairs {
  /// The names of graphs whose nodes were not in the order in which they run.
  var sortedGraphs: [String] = []
  /// Names that are read but that nothing defines.
  var undefinedValues: [String] = []
  var repeatedInitializers: [String] = []
  /// Sentences of other kinds.
  var others: [String] = []

  var sentences: [String] {
    var sentences = others
    func add(_ names: [String], _ sentence: (String) -> String) {
      guard !names.isEmpty else { return }
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      sentences.append(sentence(names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown))
    }
    add(sortedGraphs) {
      "nodes do not stand in the order in which they run, and were sorted: graph \($0)"
    }
    add(undefinedValues) { "read, but neither computed nor given: \($0)" }
    add(repeatedInitializers) {
      "initializers given more than once, of which the first is kept: \($0)"
    }
    return sentences
  }
}
