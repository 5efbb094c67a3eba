/// Where the parts of a model lie in an ONNX file, so that they can be copied as they are.
struct ONNXLayout {
  /// A field: from its tag to its end, and its content where that is a message.
  struct Part {
    var number: Int
    var whole: Range<Int>
    var content: Range<Int>
    /// The name of an initializer, an input, an output or a value.
    var name = ""
  }

  /// The fields of the model, in order; the graph is among them.
  var model: [Part] = []
  /// The fields of the graph, in order.
  var graph: [Part] = []
  /// The files that hold elements of initializers, in order of first mention.
  var externalFiles: [String] = []
  /// For each node's offset, its field among those of the graph.
  private var nodes: [Int: Int] = [:]

  /// The field of a node of the graph; nil for one that is not the graph's own.
  func part(of node: Node) -> Part? { node.offset.flatMap { nodes[$0] }.map { graph[$0] } }
  /// Where the content of a node of the graph lies.
  func content(of node: Node) -> Range<Int>? { part(of: node)?.content }

  init(_ file: FileBytes) throws(FormatError) {
    var fields = Wire(file)
    var graphs = 0
    while let field = try fields.field() {
      guard field.number == 7 else {
        try fields.skip(field)
        model.append(
          Part(number: field.number, whole: field.offset..<fields.offset, content: 0..<0))
        continue
      }
      let message = try fields.message(field)
      let content = message.offset..<fields.offset
      model.append(Part(number: 7, whole: field.offset..<fields.offset, content: content))
      graphs += 1
      guard graphs == 1 else {
        throw FormatError("the graph stands in several parts", at: .byte(field.offset))
      }
      try readGraph(message)
    }
  }

  private mutating func readGraph(_ wire: Wire) throws(FormatError) {
    var fields = wire
    while let field = try fields.field() {
      guard [1, 5, 11, 12, 13, 15].contains(field.number) else {
        try fields.skip(field)
        graph.append(
          Part(number: field.number, whole: field.offset..<fields.offset, content: 0..<0))
        continue
      }
      let message = try fields.message(field)
      var part = Part(
        number: field.number, whole: field.offset..<fields.offset,
        content: message.offset..<fields.offset)
      switch field.number {
      case 1: nodes[part.content.lowerBound] = graph.count
      case 5: part.name = try tensorName(message)
      case 15:
        var inner = message
        while let field = try inner.field() {
          if field.number == 1 {
            part.name = try tensorName(try inner.message(field))
          } else {
            try inner.skip(field)
          }
        }
      case 11, 12, 13: part.name = try GraphDraft.valueInfo(message).name
      default: break
      }
      graph.append(part)
    }
  }

  /// The name of a tensor; notes the file that holds its elements, where that is another.
  private mutating func tensorName(_ wire: Wire) throws(FormatError) -> String {
    var fields = wire
    var name = ""
    while let field = try fields.field() {
      switch field.number {
      case 8: name = try fields.string(field)
      case 13:
        let entry = try Metadata(onnx: try fields.message(field))
        if entry.key == "location", !externalFiles.contains(entry.value) {
          externalFiles.append(entry.value)
        }
      default: try fields.skip(field)
      }
    }
    return name
  }
}
