extension ONNXTextParser {
  /// Reads `name (inputs) => (outputs) <weights and other values> { nodes }`.
  mutating func graph(_ text: inout TextReader) throws(FormatError) -> GraphDraft {
    guard depth < 32 else {
      throw FormatError("graphs are nested more than 32 deep", at: .byte(text.offset))
    }
    depth += 1
    defer { depth -= 1 }
    var graph = GraphDraft()
    graph.name = try text.name()
    try body(&text, &graph)
    return graph
  }

  /// Reads what follows the name of a graph or function.
  mutating func body(_ text: inout TextReader, _ graph: inout GraphDraft) throws(FormatError) {
    try text.list("(", ")") { (text) throws(FormatError) in
      let (type, name) = try declaration(&text)
      graph.addInput(name, type)
      if text.accept("=") {
        graph.addInitializer(try literal(&text, name, type), &draft.repairs)
      }
    }
    try text.expect("=>")
    try text.list("(", ")") { (text) throws(FormatError) in
      let (type, name) = try declaration(&text)
      graph.addOutput(name, type)
    }
    var declared: [(literal: Literal, hasElements: Bool)] = []
    if text.peek("<") {
      try text.list("<", ">") { (text) throws(FormatError) in
        let (type, name) = try declaration(&text)
        if text.accept("=") {
          declared.append((try literal(&text, name, type), hasElements: true))
        } else {
          graph.declare(name, type)
          if let info = type?.fixed {
            declared.append((Literal(name: name, info, isExternal: true), hasElements: false))
          }
        }
      }
    }
    try text.expect("{")
    while !text.accept("}") { graph.nodes.append(try node(&text, &graph)) }
    // In a subgraph, what is declared but not computed comes from outside.
    let missing = depth <= 1 ? graph.missing() : []
    for (literal, hasElements) in declared
    where hasElements || missing.contains(graph.id(literal.name)) {
      graph.addInitializer(literal, &draft.repairs)
    }
  }

  /// Reads `[name] y, z = domain.Op:overload <attributes> (a, b)  #["key": "value"]`; attributes may also follow the operands.
  private mutating func node(_ text: inout TextReader, _ graph: inout GraphDraft)
    throws(FormatError) -> Node
  {
    _ = text.peek()
    lineMark = (text.offset, lineMark.line + text.lineEnds(since: lineMark.offset))
    var node = Node(OperatorName("", domain: ""), opset: 0, inputs: [], outputs: [])
    node.line = lineMark.line
    if text.accept("[") {
      if !text.peek("]") { node.name = try text.name() }
      try text.expect("]")
    }
    node.outputs = try operands(&text, until: "=", &graph)
    try text.expect("=")
    var parts = [try text.word()]
    while text.accept(".") { parts.append(try text.word()) }
    if text.accept(":") { node.overload = try text.word() }
    node.op = OperatorName(parts.removeLast(), domain: parts.joined(separator: "."))
    if text.peek("<") { node.attributes = try attributes(&text, &graph) }
    try text.expect("(")
    node.inputs = try operands(&text, until: ")", &graph)
    try text.expect(")")
    node.metadata = remark(&text)
    if node.attributes.isEmpty, node.metadata.isEmpty, text.peek("<") {
      node.attributes = try attributes(&text, &graph)
      node.metadata = remark(&text)
    }
    return node
  }

  /// The metadata in a comment on this line; none where there is no comment, or one for people.
  private func remark(_ text: inout TextReader) -> [Metadata] {
    let before = text
    guard text.startsRemark() else { return [] }
    do throws(FormatError) {
      let found = try metadata(&text)
      if text.isAtLineEnd, text.lineEnds(since: before.offset) == 0 { return found }
    } catch {}
    text = before
    return []
  }

  /// Reads names with commas between them; an empty one, or a comma with none before it, leaves an operand out.
  private func operands(_ text: inout TextReader, until end: String, _ graph: inout GraphDraft)
    throws(FormatError) -> [Value.ID?]
  {
    var operands: [Value.ID?] = []
    while !text.peek(end) {
      operands.append(text.peek(",") ? nil : graph.operand(try text.name()))
      if !text.accept(",") { break }
    }
    return operands
  }

  private mutating func attributes(_ text: inout TextReader, _ graph: inout GraphDraft)
    throws(FormatError) -> [Attribute]
  {
    var attributes: [Attribute] = []
    try text.list("<", ">") { (text) throws(FormatError) in
      attributes.append(try attribute(&text, try text.word(), &graph))
    }
    return attributes
  }

  /// Reads the name of a value, with its type before it where that is said.
  private func declaration(_ text: inout TextReader) throws(FormatError) -> (DeclaredType?, String)
  {
    guard isType(&text) else {
      _ = text.peek()
      let start = text.offset
      let name = try text.name()
      guard !text.peek("["), !text.startsName() else {
        throw FormatError("there is no type '\(name)'", at: .byte(start))
      }
      return (nil, name)
    }
    return (try type(&text), try text.name())
  }
}

extension GraphDraft {
  /// The values that are read, but are no inputs, have no elements and are computed by no node.
  fileprivate func missing() -> Set<Value.ID> {
    var missing = Set(outputs)
    for node in nodes { forEachRead(of: node) { missing.insert($0) } }
    for node in nodes {
      for output in node.outputs { if let output { missing.remove(output) } }
    }
    missing.subtract(inputs)
    missing.subtract(initializers.map(\.id))
    return missing
  }
}

extension DeclaredType {
  /// A tensor all of whose extents are numbers.
  fileprivate var fixed: TensorInfo? {
    guard case .tensor(let type, let dims?) = self else { return nil }
    var extents: [Int] = []
    for dim in dims {
      guard case .fixed(let extent) = dim else { return nil }
      extents.append(extent)
    }
    return try? TensorInfo(type, extents)
  }
}
