/// ONNX as JSON, the way protobuf writes any message as JSON.
///
/// The mapping: https://protobuf.dev/programming-guides/json/
package enum ONNXJSONFormat: Format {
  package static let name = "onnx-json"
  package static let extensions = ["onnx.json", "json"]
  package static let isText = true

  /// Whether one of the keys is there that `ModelProto` has and other files hardly have.
  package static func recognises(_ head: Span<UInt8>) -> Bool {
    guard head.isText, head.firstWord.hasPrefix("{") else { return false }
    return ["irVersion", "ir_version", "opsetImport", "opset_import"].contains {
      head.contains("\"\($0)\"")
    } || head.firstWord.filter { $0 > " " }.hasPrefix("{\"graph\":")
  }

  package static func read(_ file: FileBytes) throws(FormatError) -> Model {
    do throws(FormatError) {
      return try model(file)
    } catch {
      throw error.located(in: file.span)
    }
  }

  private static func model(_ file: FileBytes) throws(FormatError) -> Model {
    var reader = JSONReader(file)
    var draft = ModelDraft(format: name)
    var producer = ["", ""]
    guard try reader.peek() == UInt8(ascii: "{") else { throw foreign }
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "irVersion": draft.model.irVersion = try reader.int()
      case "producerName": producer[0] = try reader.string()
      case "producerVersion": producer[1] = try reader.string()
      case "graph": draft.graph = try GraphDraft(json: &reader, &draft.repairs)
      case "opsetImport": try opsetImports(&reader, &draft.model.opsets)
      case "metadataProps": draft.model.metadata += try Metadata.list(json: &reader)
      case "functions":
        try reader.array { (reader) throws(FormatError) in try function(&reader, &draft) }
      default: try reader.skip()
      }
    }
    try reader.end()
    guard draft.graph != nil || !draft.model.opsets.isEmpty || draft.model.irVersion != nil else {
      throw foreign
    }
    draft.model.producer = producer.filter { !$0.isEmpty }.joined(separator: " ")
    return try draft.finish(end: .byte(reader.offset))
  }

  private static let foreign = FormatError(
    "this is JSON, but no ONNX model: it has neither graph nor opsetImport")

  /// Reads a list of ONNX's `OperatorSetIdProto`.
  private static func opsetImports(_ reader: inout JSONReader, _ imports: inout [OpsetImport])
    throws(FormatError)
  {
    try reader.array { (reader) throws(FormatError) in
      var domain = ""
      var version = 0
      try reader.message { (field, reader) throws(FormatError) in
        switch field {
        case "domain": domain = try reader.string()
        case "version": version = try reader.int()
        default: try reader.skip()
        }
      }
      ModelDraft.add(domain, version, to: &imports)
    }
  }

  /// Reads ONNX's `FunctionProto`.
  private static func function(_ reader: inout JSONReader, _ draft: inout ModelDraft)
    throws(FormatError)
  {
    var name = ""
    var domain = ""
    var function = Function(name: OperatorName("", domain: ""))
    var graph = GraphDraft()
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "name": name = try reader.string()
      case "domain": domain = try reader.string()
      case "overload": function.overload = try reader.string()
      case "opsetImport": try opsetImports(&reader, &function.opsets)
      case "attribute": function.attributeNames += try reader.strings()
      case "input": for name in try reader.strings() { graph.addInput(name, nil) }
      case "output": for name in try reader.strings() { graph.addOutput(name, nil) }
      case "node":
        try reader.array { (reader) throws(FormatError) in
          graph.nodes.append(try graph.node(json: &reader, &draft.repairs))
        }
      case "attributeProto":
        // A default stands outside of any graph, so a subgraph in it has nothing to read from.
        var outside = GraphDraft()
        try reader.array { (reader) throws(FormatError) in
          function.defaults.append(try outside.attribute(json: &reader, &draft.repairs))
        }
      case "valueInfo":
        try reader.array { (reader) throws(FormatError) in
          let (name, type) = try GraphDraft.valueInfo(json: &reader)
          graph.declare(name, type)
        }
      default: try reader.skip()
      }
    }
    function.name = OperatorName(name, domain: domain)
    graph.name = name
    try draft.add(function, &graph)
  }
}
