// Types, tensors and attribute values of ONNX's textual syntax.
extension ONNXTextParser {
  /// Reads a name, with its type before it where that is said.
  func typedName(_ text: inout TextReader) throws(FormatError) -> (DeclaredType?, String) {
    // A quoted name is never a type.
    guard text.peek() != 0x22 else { return (nil, try text.string()) }
    let word = try text.word()
    guard text.startsName() || text.peek("[") || text.peek("("), DeclaredType.isKeyword(word) else {
      return (nil, word)
    }
    return (try type(&text, word, depth: 0), try text.name())
  }

  /// Reads what follows the keyword of a type: `[1,N,?]`, or `(float[2])` of a sequence.
  func type(_ text: inout TextReader, _ keyword: String, depth: Int) throws(FormatError)
    -> DeclaredType
  {
    guard depth < 16 else { throw text.failure("fewer types within types") }
    switch keyword {
    case "seq", "optional", "sparse_tensor":
      try text.expect("(")
      let inner = try type(&text, try text.word(), depth: depth + 1)
      try text.expect(")")
      return keyword == "seq" ? .sequence(inner) : keyword == "optional" ? .optional(inner) : inner
    case "map":
      try text.expect("(")
      guard let key = ElementType(textName: try text.word()) else {
        throw text.failure("an element type")
      }
      try text.expect(",")
      let value = try type(&text, try text.word(), depth: depth + 1)
      try text.expect(")")
      return .map(key: key, value: value)
    default:
      guard let element = ElementType(textName: keyword) else { throw text.failure("a type") }
      return .tensor(element, dims: try dimensions(&text))
    }
  }

  /// Reads `[1,N,?]`; nothing at all is a scalar, and `[]` a tensor of unknown rank.
  private func dimensions(_ text: inout TextReader) throws(FormatError) -> [DeclaredType.Dimension]?
  {
    guard text.accept("[") else { return [] }
    if text.accept("]") { return nil }
    var dims: [DeclaredType.Dimension] = []
    repeat {
      if text.accept("?") {
        dims.append(.unknown)
      } else if text.startsName() {
        dims.append(.init(try text.name()))
      } else {
        dims.append(.init(try text.int()))
      }
    } while text.accept(",")
    try text.expect("]")
    return dims
  }

  /// Reads the elements of a tensor, `{1, 2}`, or where they lie, `["location": "weights.bin"]`.
  func literal(_ text: inout TextReader, _ name: String, _ type: DeclaredType?) throws(FormatError)
    -> Literal
  {
    guard case .tensor(let element, let declared) = type else {
      throw text.failure("a tensor type")
    }
    var draft = TensorDraft()
    draft.name = name
    draft.type = element.rawValue
    let start = FormatError.Place.byte(text.offset)
    for dim in declared ?? [] {
      guard case .fixed(let extent) = dim else { throw text.failure("extents that are numbers") }
      draft.dims.append(extent)
    }
    if text.accept("[") {
      while !text.accept("]") {
        _ = try text.string()
        try text.expect(":")
        _ = try text.string()
        if !text.accept(",") { try text.expect("]"); break }
      }
      draft.isExternal = true
      return try draft.finished(at: start)
    }
    var elements: [TextReader.Number] = []
    try text.expect("{")
    while !text.accept("}") {
      if text.peek() == 0x22 { _ = try text.string() } else { elements.append(try text.number()) }
      draft.entryCount += 1
      if !text.accept(",") { try text.expect("}"); break }
    }
    // A rank that is not said is that of a list, which the elements count.
    if declared == nil { draft.dims = [draft.entryCount] }
    let info = try draft.info(at: start)
    if info.isFollowed, elements.count == info.shape.count {
      draft.value = TensorValue(info.type, elements)
    }
    if draft.entryCount == info.shape.count {
      // Each entry is one element here, however few bits it has.
      var literal = Literal(name: name, info)
      literal.info.value = draft.value
      return literal
    }
    guard draft.entryCount == 0 else {
      throw FormatError(
        "tensor '\(name)' says \(info.shape.count) elements, but \(draft.entryCount) are there",
        at: start)
    }
    return Literal(name: name, info)
  }

  /// Reads what follows the name of an attribute: `: ints = [1, 2]`, `= 1.5`, `= @other`.
  mutating func attribute(_ text: inout TextReader, _ name: String, _ graph: inout GraphDraft)
    throws(FormatError) -> Attribute
  {
    var kind: String?
    if text.accept(":") { kind = try text.word() }
    try text.expect("=")
    if text.accept("@") { return Attribute(name, .reference(try text.name())) }
    if text.accept("[") { return Attribute(name, try list(&text, kind, &graph)) }
    let payload = try single(&text, kind, &graph)
    if kind == "float", case .int(let value) = payload {
      return Attribute(name, .float(Double(value)))
    }
    return Attribute(name, payload)
  }

  /// Reads one number, string, tensor, graph or type.
  private mutating func single(_ text: inout TextReader, _ kind: String?, _ graph: inout GraphDraft)
    throws(FormatError) -> Attribute.Payload
  {
    guard let first = text.peek() else { throw text.failure("a value") }
    if first == 0x22, kind != "graph" { return .string(try text.string()) }
    let mayBeNumber = kind == "float" || !TextReader.startsWord(first)
    if mayBeNumber && first != 0x22 {
      switch try text.number() {
      case .int(let value): return .int(value)
      case .real(let value): return .float(value)
      }
    }
    let start = text
    if kind != "graph" {
      let word = try text.word()
      if word == "inf" || word == "nan" { return .float(word == "inf" ? .infinity : .nan) }
      let isType = kind == "type_proto" || kind == "tensor" || text.peek("[") || text.peek("{")
      if DeclaredType.isKeyword(word), isType {
        let type = try type(&text, word, depth: 0)
        if kind == "type_proto" { return .type(type) }
        let name = text.startsName() ? try text.name() : ""
        _ = text.accept("=")
        return .tensor(try literal(&text, name, type))
      }
      text = start
    }
    let inner = try self.graph(&text)
    return .graph(try graph.nesting(inner, &draft.repairs))
  }

  /// Reads the rest of a list, whose elements are of one kind.
  private mutating func list(_ text: inout TextReader, _ kind: String?, _ graph: inout GraphDraft)
    throws(FormatError) -> Attribute.Payload
  {
    var list = AttributeDraft()
    while !text.accept("]") {
      switch try single(
        &text, kind == "floats" ? "float" : kind == "graphs" ? "graph" : nil, &graph)
      {
      case .int(let value):
        list.ints.append(value)
        list.floats.append(Double(value))
      case .float(let value): list.floats.append(value)
      case .string(let value): list.strings.append(value)
      case .tensor(let value): list.tensors.append(value)
      case .graph(let value): list.graphs.append(value)
      default: throw text.failure("a number, a string, a tensor or a graph")
      }
      if !text.accept(",") { try text.expect("]"); break }
    }
    if !list.strings.isEmpty || kind == "strings" { return .strings(list.strings) }
    if !list.tensors.isEmpty || kind == "tensors" { return .tensors(list.tensors) }
    if !list.graphs.isEmpty || kind == "graphs" { return .graphs(list.graphs) }
    let isReal = kind == "floats" || list.floats.count > list.ints.count
    return isReal ? .floats(list.floats) : .ints(list.ints)
  }
}

extension TensorValue {
  /// Numbers as written, taken for elements of `type`.
  fileprivate init(_ type: ElementType, _ numbers: [TextReader.Number]) {
    if type.isInteger {
      self = .integers(
        numbers.map { number in
          switch number {
          case .int(let value): value
          case .real(let value): Int(exactly: value) ?? 0
          }
        })
    } else {
      self = .reals(numbers.map { type == .float32 ? Double(Float($0.real)) : $0.real })
    }
  }
}

extension ElementType {
  /// What the syntax calls the type.
  var textName: String {
    switch self {
    case .float32: "float"
    case .float64: "double"
    default: name
    }
  }

  /// The type that the syntax calls `textName`: ONNX's name in lower case.
  init?(textName: String) {
    guard let type = ElementType.allCases.first(where: { $0.textName == textName }) else {
      return nil
    }
    self = type
  }
}

extension DeclaredType {
  fileprivate static func isKeyword(_ word: String) -> Bool {
    ["seq", "optional", "map", "sparse_tensor"].contains(word) || ElementType(textName: word) != nil
  }
}
