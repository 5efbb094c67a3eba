/// ONNX as protobuf, the form in which models are exchanged.
///
/// https://github.com/onnx/onnx/blob/main/docs/IR.md
package enum ONNXFormat: Format {
  package static let name = "onnx"
  package static let extensions = ["onnx", "pb", "onnx.pb"]

  package static let isText = false

  /// Whether the file starts with a field of `ModelProto`.
  package static func recognises(_ head: Span<UInt8>) -> Bool {
    guard !head.isText else { return false }
    let tags: [[UInt8]] = [
      [0x08], [0x12], [0x1A], [0x22], [0x28], [0x32], [0x3A], [0x42], [0x72], [0xA2, 0x01],
      [0xCA, 0x01], [0xD2, 0x01],
    ]
    return tags.contains { head.starts($0) }
  }

  package static func read(_ file: FileBytes) throws(FormatError) -> Model {
    var draft = ModelDraft(format: "onnx")
    var producer = ["", ""]
    var fields = Wire(file)
    while let field = try fields.field() {
      switch field.number {
      case 1: draft.model.irVersion = try fields.int(field)
      case 2: producer[0] = try fields.string(field)
      case 3: producer[1] = try fields.string(field)
      case 7: draft.graph = try GraphDraft(onnx: try fields.message(field), &draft.repairs)
      case 8:
        let (domain, version) = try opsetImport(try fields.message(field))
        ModelDraft.add(domain, version, to: &draft.model.opsets)
      case 14: draft.model.metadata.append(try Metadata(onnx: try fields.message(field)))
      case 25: try function(try fields.message(field), &draft)
      default: try fields.skip(field)
      }
    }
    draft.model.producer = producer.filter { !$0.isEmpty }.joined(separator: " ")
    return try draft.finish(end: .byte(fields.offset))
  }

  /// Reads ONNX's `OperatorSetIdProto`.
  private static func opsetImport(_ wire: Wire) throws(FormatError) -> (String, Int) {
    var fields = wire
    var domain = ""
    var version = 0
    while let field = try fields.field() {
      switch field.number {
      case 1: domain = try fields.string(field)
      case 2: version = try fields.int(field)
      default: try fields.skip(field)
      }
    }
    return (domain, version)
  }

  /// Reads ONNX's `FunctionProto`.
  private static func function(_ wire: Wire, _ draft: inout ModelDraft) throws(FormatError) {
    var fields = wire
    var name = ""
    var domain = ""
    var function = Function(name: OperatorName("", domain: ""))
    var graph = GraphDraft()
    while let field = try fields.field() {
      switch field.number {
      case 1: name = try fields.string(field)
      case 4: graph.addInput(try fields.string(field), nil)
      case 5: graph.addOutput(try fields.string(field), nil)
      case 6: function.attributeNames.append(try fields.string(field))
      case 7: graph.nodes.append(try graph.node(try fields.message(field), &draft.repairs))
      case 9:
        let (domain, version) = try opsetImport(try fields.message(field))
        ModelDraft.add(domain, version, to: &function.opsets)
      case 10: domain = try fields.string(field)
      case 11:
        // A default stands outside of any graph, so a subgraph in it has nothing to read from.
        var outside = GraphDraft()
        function.defaults.append(
          try outside.attribute(try fields.message(field), &draft.repairs))
      case 12:
        let (name, type) = try GraphDraft.valueInfo(try fields.message(field))
        graph.declare(name, type)
      case 13: function.overload = try fields.string(field)
      default: try fields.skip(field)
      }
    }
    function.name = OperatorName(name, domain: domain)
    graph.name = name
    try draft.add(function, &graph)
  }
}
