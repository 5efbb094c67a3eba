extension ONNXTextParser {
  /// Reads what follows the name of an attribute: `: ints = [1, 2]`, `= 1.5`, `: int = @other`.
  mutating func attribute(_ text: inout TextReader, _ name: String, _ graph: inout GraphDraft)
    throws(FormatError) -> Attribute
  {
    var kind: AttributeDraft.Kind?
    if text.accept(":") {
      let start = text.offset
      guard let known = AttributeDraft.Kind(textName: try text.word()) else {
        throw FormatError("expected the kind of attribute '\(name)'", at: .byte(start))
      }
      kind = known
    }
    try text.expect("=")
    if text.accept("@") { return Attribute(name, .reference(try text.name())) }
    guard text.peek("[") else { return Attribute(name, try single(&text, kind, &graph)) }
    return Attribute(name, try list(&text, kind, &graph))
  }

  /// Reads one number, text, tensor, graph or type, which is of `kind` where that is said.
  private mutating func single(
    _ text: inout TextReader, _ kind: AttributeDraft.Kind?, _ graph: inout GraphDraft
  ) throws(FormatError) -> Attribute.Payload {
    _ = text.peek()
    let start = text.offset
    let payload = try value(&text, kind, &graph)
    switch (kind, payload) {
    case (nil, _), (.float, .float), (.int, .int), (.string, .string), (.tensor, .tensor),
      (.graph, .graph), (.type, .type):
      return payload
    case (.float, .int(let value)): return .float(Double(Float(value)))
    case (.sparseTensor, .tensor(let literal)): return .sparse(literal)
    default: throw FormatError("the value is not of the kind before it", at: .byte(start))
    }
  }

  private mutating func value(
    _ text: inout TextReader, _ kind: AttributeDraft.Kind?, _ graph: inout GraphDraft
  ) throws(FormatError) -> Attribute.Payload {
    if kind != .graph {
      if text.peek("\"") { return .string(try text.string()) }
      if isType(&text) { return try tensorOrType(&text) }
      let word = text.peekWord()?.lowercased()
      if word == nil || ["inf", "infinity", "nan"].contains(word) {
        switch try text.number() {
        case .int(let value): return .int(value)
        case .real(let value): return .float(Double(Float(value)))
        }
      }
    }
    var inner = try self.graph(&text)
    return .graph(try graph.nesting(&inner, &draft.repairs))
  }

  /// Reads `float[2] {1, 2}`, with or without a name and `=` before the elements, or the type alone.
  private func tensorOrType(_ text: inout TextReader) throws(FormatError) -> Attribute.Payload {
    _ = text.peek()
    let start = text.offset
    let type = try type(&text)
    guard text.startsName() || ["=", "{", "[", "..."].contains(where: { text.peek($0) }) else {
      guard let type else { throw FormatError("a type that says nothing", at: .byte(start)) }
      return .type(type)
    }
    let name = text.startsName() ? try text.name() : ""
    _ = text.accept("=")
    return .tensor(try literal(&text, name, type))
  }

  /// Reads a list, whose elements are of one kind; an empty one without a kind is a list of integers.
  private mutating func list(
    _ text: inout TextReader, _ kind: AttributeDraft.Kind?, _ graph: inout GraphDraft
  ) throws(FormatError) -> Attribute.Payload {
    let element = try kind.map { (kind) throws(FormatError) in
      guard let element = kind.element else { throw text.failure("one value, not a list") }
      return element
    }
    var list = AttributeDraft()
    list.kind = kind?.rawValue
    var isReal = false
    try text.list("[", "]") { (text) throws(FormatError) in
      switch try single(&text, element, &graph) {
      case .int(let value):
        list.ints.append(value)
        list.floats.append(Double(Float(value)))
      case .float(let value):
        isReal = true
        list.floats.append(value)
      case .string(let value): list.strings.append(value)
      case .tensor(let value): list.tensors.append(value)
      case .sparse(let value): list.sparses.append(value)
      case .graph(let value): list.graphs.append(value)
      case .type(let value): list.types.append(value)
      default: throw text.failure("a value")
      }
    }
    if !isReal, kind != .floats { list.floats = [] }
    return try list.finished(at: .byte(text.offset)).value
  }
}

extension AttributeDraft.Kind {
  /// The kind that the syntax calls `textName`.
  fileprivate init?(textName: String) {
    self.init(name: textName.uppercased())
  }

  /// The kind of an element of a list of this kind; nil for kinds that are no lists.
  fileprivate var element: Self? {
    switch self {
    case .floats: .float
    case .ints: .int
    case .strings: .string
    case .tensors: .tensor
    case .graphs: .graph
    case .sparseTensors: .sparseTensor
    case .types: .type
    default: nil
    }
  }
}
