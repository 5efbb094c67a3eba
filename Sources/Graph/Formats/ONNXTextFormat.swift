/// ONNX's own textual syntax, which rule examples and fixtures are written in.
///
///     <ir_version: 8, opset_import: ["" : 17]>
///     net (float[1,3,224,224] x) => (float[1,64,112,112] y) <float[64,3,7,7] w> {
///       c = Conv <strides = [2, 2], pads = [3, 3, 3, 3]> (x, w)
///       y = Relu(c)
///     }
///
/// What ONNX's parser takes means the same here. Three things are easier: the header may be left out, which stands
/// for the newest operators; a value in the list after the outputs that nodes read but nothing computes is a weight
/// whose elements are left out, which `w = {}` says anywhere; and texts may have `\n` and `\t` in them.
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
    do throws(FormatError) { return try parser.model(&reader) } catch {
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
  var lineMark = (offset: 0, line: 1)
  /// How many graphs deep the next graph is.
  var depth = 0

  mutating func model(_ text: inout TextReader) throws(FormatError) -> Model {
    let hasHeader = text.peek("<")
    if hasHeader { try header(&text) }
    var graph = try graph(&text)
    while text.peek() != nil { try function(&text) }
    if !hasHeader {
      draft.model.opsets = [OpsetImport(domain: "", version: ModelDraft.newestOpset)]
    }
    return try draft.finish(&graph)
  }

  /// Reads `<ir_version: 8, opset_import: ["" : 17], …>`.
  private mutating func header(_ text: inout TextReader) throws(FormatError) {
    var producer = ["", ""]
    try text.list("<", ">") { (text) throws(FormatError) in
      let key = try text.word()
      try text.expect(":")
      switch key {
      case "ir_version": draft.model.irVersion = try text.int()
      case "opset_import": draft.model.opsets = try opsets(&text)
      case "producer_name": producer[0] = try text.string()
      case "producer_version": producer[1] = try text.string()
      case "metadata_props": draft.model.metadata += try metadata(&text)
      default: try skip(&text)
      }
    }
    draft.model.producer = producer.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Reads `["" : 17, "com.microsoft" : 1]`.
  private func opsets(_ text: inout TextReader) throws(FormatError) -> [OpsetImport] {
    var opsets: [OpsetImport] = []
    try text.list("[", "]") { (text) throws(FormatError) in
      let domain = try text.string()
      try text.expect(":")
      ModelDraft.add(domain, try text.int(), to: &opsets)
    }
    return opsets
  }

  /// Reads `["key": "value"]`.
  func metadata(_ text: inout TextReader) throws(FormatError) -> [Metadata] {
    var metadata: [Metadata] = []
    try text.list("[", "]") { (text) throws(FormatError) in
      let key = try text.string()
      try text.expect(":")
      metadata.append(Metadata(key: key, value: try text.string()))
    }
    return metadata
  }

  /// Steps over the value of an entry that says nothing about the graph.
  private func skip(_ text: inout TextReader) throws(FormatError) {
    switch text.peek() {
    case UInt8(ascii: "["): _ = try metadata(&text)
    case UInt8(ascii: "\""): _ = try text.string()
    default: _ = try text.number()
    }
  }

  /// Reads `<domain: "local", opset_import: ["" : 17]> Name <attributes> (x) => (y) { … }`.
  private mutating func function(_ text: inout TextReader) throws(FormatError) {
    var domain = ""
    var function = Function(name: OperatorName("", domain: ""))
    if text.peek("<") {
      try text.list("<", ">") { (text) throws(FormatError) in
        let key = try text.word()
        try text.expect(":")
        switch key {
        case "domain": domain = try text.string()
        case "overload": function.overload = try text.string()
        case "opset_import": function.opsets = try opsets(&text)
        default: try skip(&text)
        }
      }
    }
    var graph = GraphDraft()
    graph.name = try text.name()
    function.name = OperatorName(graph.name, domain: domain)
    if text.peek("<") {
      // A default stands outside of any graph, so a subgraph in it has nothing to read from.
      var outside = GraphDraft()
      try text.list("<", ">") { (text) throws(FormatError) in
        let name = try text.name()
        if text.peek("=") || text.peek(":") {
          function.defaults.append(try attribute(&text, name, &outside))
        } else {
          function.attributeNames.append(name)
        }
      }
    }
    try body(&text, &graph)
    try draft.add(function, &graph)
  }
}
