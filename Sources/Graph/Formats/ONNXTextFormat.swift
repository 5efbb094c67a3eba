/// ONNX's own textual syntax, which rule examples and fixtures are written in.
///
///     <ir_version: 8, opset_import: ["" : 17]>
///     net (float[1,3,224,224] x) => (float[1,64,112,112] y) <float[64,3,7,7] w> {
///       c = Conv <strides = [2, 2], pads = [3, 3, 3, 3]> (x, w)
///       y = Relu(c)
///     }
///
/// Two things are easier here than in ONNX's parser: the header may be left out, and so may the types of
/// outputs. A value in the list after the outputs that nothing computes is a weight whose elements are left out.
/// The syntax: https://github.com/onnx/onnx/blob/main/docs/Syntax.md
package enum ONNXTextFormat: Format {
  package static let name = "onnx-text"
  package static let extensions = ["onnxtxt", "onnx.txt"]
  package static let isText = true

  package static func recognises(_ head: Span<UInt8>) -> Bool {
    var reader = TextReader(head)
    return head.isText && reader.accept("<")
      && (reader.peek("ir_version") || reader.peek("opset_import"))
  }

  package static func read(_ file: FileBytes) throws(FormatError) -> Model {
    var reader = TextReader(file.span)
    var parser = ONNXTextParser()
    do throws(FormatError) {
      return try parser.model(&reader)
    } catch {
      throw error.located(in: file.span)
    }
  }

  package static func parse(_ text: String) throws(FormatError) -> Model {
    try read(FileBytes(text.utf8Span.span))
  }
}

/// What is known while a model is read from text.
struct ONNXTextParser {
  var draft = ModelDraft(format: ONNXTextFormat.name)
  /// Where the last node stood, from which the line of the next one is counted on.
  private var lineMark = (offset: 0, line: 1)
  private var depth = 0

  mutating func model(_ text: inout TextReader) throws(FormatError) -> Model {
    let hasHeader = try header(&text)
    let graph = try graph(&text)
    while text.peek() != nil { try function(&text) }
    if !hasHeader {
      draft.model.opsets = [OpsetImport(domain: "", version: ModelDraft.newestOpset)]
    }
    return try draft.finished(graph)
  }

  /// Reads `< ir_version: 8, opset_import: ["" : 17], … >`; false where there is none.
  private mutating func header(_ text: inout TextReader) throws(FormatError) -> Bool {
    guard text.accept("<") else { return false }
    while !text.accept(">") {
      let key = try text.word()
      try text.expect(":")
      switch key {
      case "ir_version": draft.model.irVersion = try text.int()
      case "opset_import": try opsets(&text, &draft.model.opsets)
      case "producer_name": draft.model.producer = try text.string()
      case "producer_version": draft.model.producer += " \(try text.string())"
      case "metadata_props": draft.model.metadata += try metadata(&text)
      case "model_version": _ = try text.int()
      default: _ = try text.string()
      }
      if !text.accept(",") {
        try text.expect(">")
        break
      }
    }
    return true
  }

  private func opsets(_ text: inout TextReader, _ imports: inout [OpsetImport]) throws(FormatError)
  {
    try text.expect("[")
    while !text.accept("]") {
      let domain = try text.string()
      try text.expect(":")
      ModelDraft.add(domain, try text.int(), to: &imports)
      if !text.accept(",") { try text.expect("]"); break }
    }
  }

  private func metadata(_ text: inout TextReader) throws(FormatError) -> [Metadata] {
    var metadata: [Metadata] = []
    try text.expect("[")
    while !text.accept("]") {
      let key = try text.string()
      try text.expect(":")
      metadata.append(Metadata(key: key, value: try text.string()))
      if !text.accept(",") { try text.expect("]"); break }
    }
    return metadata
  }

  /// Reads `<domain: "local", opset_import: […]> Name <attributes> (x) => (y) { … }`.
  private mutating func function(_ text: inout TextReader) throws(FormatError) {
    try text.expect("<")
    var domain = ""
    var function = Function(name: "")
    while !text.accept(">") {
      let key = try text.word()
      try text.expect(":")
      switch key {
      case "domain": domain = try text.string()
      case "overload": function.overload = try text.string()
      case "opset_import": try opsets(&text, &function.opsets)
      case "metadata_props": _ = try metadata(&text)
      default: _ = try text.string()
      }
      if !text.accept(",") { try text.expect(">"); break }
    }
    function.name = OperatorName(try text.name(), domain: domain)
    var graph = GraphDraft()
    graph.name = function.name.name
    if text.accept("<") {
      while !text.accept(">") {
        let start = text.offset
        let name = try text.name()
        if text.peek("=") || text.peek(":") {
          function.defaults.append(try attribute(&text, name, &graph))
        } else {
          guard text.offset > start else { throw text.failure("an attribute") }
        }
        function.attributeNames.append(name)
        if !text.accept(",") { try text.expect(">"); break }
      }
    }
    for name in try names(&text) { graph.addInput(name, nil) }
    try text.expect("=>")
    for name in try names(&text) { graph.addOutput(name, nil) }
    if text.peek("<") { _ = try declarations(&text, &graph) }
    try nodes(&text, &graph)
    try draft.add(function, graph)
  }

  private func names(_ text: inout TextReader) throws(FormatError) -> [String] {
    var names: [String] = []
    try text.expect("(")
    while !text.accept(")") {
      names.append(try text.name())
      if !text.accept(",") { try text.expect(")"); break }
    }
    return names
  }
}

extension ONNXTextParser {
  /// Reads `name (inputs) => (outputs) <weights and other values> { nodes }`.
  mutating func graph(_ text: inout TextReader) throws(FormatError) -> GraphDraft {
    guard depth < Wire.maximumDepth / 3 else { throw text.failure("fewer graphs within graphs") }
    depth += 1
    defer { depth -= 1 }
    var graph = GraphDraft()
    graph.name = try text.name()
    try text.expect("(")
    while !text.accept(")") {
      let (type, name) = try typedName(&text)
      if text.accept("=") {
        let literal = try literal(&text, name, type)
        graph.addInitializer(literal, &draft.repairs)
      }
      graph.addInput(name, type)
      if !text.accept(",") { try text.expect(")"); break }
    }
    try text.expect("=>")
    try text.expect("(")
    while !text.accept(")") {
      let (type, name) = try typedName(&text)
      graph.addOutput(name, type)
      if !text.accept(",") { try text.expect(")"); break }
    }
    var declared: [Declared] = []
    if text.peek("<") { declared = try declarations(&text, &graph) }
    try nodes(&text, &graph)
    // What nothing computes is a weight without its elements.
    let computed = graph.computed
    for value in declared {
      let isWeight = value.hasElements || !computed.contains(graph.id(value.literal.name))
      if isWeight { graph.addInitializer(value.literal, &draft.repairs) }
    }
    return graph
  }

  /// A value that is declared with extents that are numbers.
  private struct Declared {
    var literal: Literal
    var hasElements: Bool
  }

  /// Reads `<float[64] w, int64[1] axes = {0}, …>`.
  private mutating func declarations(_ text: inout TextReader, _ graph: inout GraphDraft)
    throws(FormatError) -> [Declared]
  {
    var declared: [Declared] = []
    try text.expect("<")
    while !text.accept(">") {
      let (type, name) = try typedName(&text)
      if text.accept("=") {
        declared.append(
          Declared(literal: try literal(&text, name, type), hasElements: true))
      } else {
        graph.declare(name, type)
        if let info = type?.fixed {
          declared.append(Declared(literal: Literal(name: name, info), hasElements: false))
        }
      }
      if !text.accept(",") {
        try text.expect(">")
        break
      }
    }
    return declared
  }

  private mutating func nodes(_ text: inout TextReader, _ graph: inout GraphDraft)
    throws(FormatError)
  {
    try text.expect("{")
    while !text.accept("}") { graph.nodes.append(try node(&text, &graph)) }
  }

  /// Reads `[name] y, z = domain.Op:overload <attributes> (a, b)`; attributes may also follow the operands.
  private mutating func node(_ text: inout TextReader, _ graph: inout GraphDraft)
    throws(FormatError) -> Node
  {
    _ = text.peek()
    lineMark = (text.offset, text.line(after: lineMark))
    var node = Node("", opset: 0, inputs: [], outputs: [])
    node.line = lineMark.line
    if text.accept("[") {
      node.name = try text.name()
      try text.expect("]")
    }
    if !text.peek("=") {
      repeat {
        let isLeftOut = text.peek(",") || text.peek("=")
        node.outputs.append(isLeftOut ? nil : graph.operand(try text.name()))
      } while text.accept(",")
    }
    try text.expect("=")
    var parts = [try text.name()]
    while text.accept(".") { parts.append(try text.name()) }
    if text.accept(":") { node.overload = try text.name() }
    node.op = OperatorName(parts.removeLast(), domain: parts.joined(separator: "."))
    try attributes(&text, &node, &graph)
    try text.expect("(")
    while !text.accept(")") {
      // Two commas in a row leave an operand out, as an empty name does.
      node.inputs.append(text.peek(",") ? nil : graph.operand(try text.name()))
      if !text.accept(",") { try text.expect(")"); break }
    }
    try attributes(&text, &node, &graph)
    return node
  }

  private mutating func attributes(
    _ text: inout TextReader, _ node: inout Node, _ graph: inout GraphDraft
  ) throws(FormatError) {
    guard text.accept("<") else { return }
    while !text.accept(">") {
      node.attributes.append(try attribute(&text, try text.name(), &graph))
      if !text.accept(",") { try text.expect(">"); break }
    }
  }
}

extension GraphDraft {
  /// The values that nodes compute, and the inputs.
  fileprivate var computed: Set<Value.ID> {
    Set(inputs).union(nodes.lazy.flatMap { $0.outputs.lazy.compactMap { $0 } })
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
