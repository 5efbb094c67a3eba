extension GraphDraft {
  /// Reads ONNX's `AttributeProto`, whose subgraphs may read the values of this graph.
  mutating func attribute(_ wire: Wire, _ repairs: inout Repairs) throws(FormatError) -> Attribute {
    let place = FormatError.Place.byte(wire.offset)
    var draft = AttributeDraft()
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: draft.name = try fields.string(field)
      case 2: draft.float = try fields.float(field)
      case 3: draft.int = try fields.int(field)
      case 4: draft.string = try fields.text(field)
      case 5: draft.tensor = try Literal(onnx: try fields.message(field))
      case 6: draft.graph = try subgraph(try fields.message(field), &repairs)
      case 7: try fields.floats(field, to: &draft.floats)
      case 8: try fields.ints(field, to: &draft.ints)
      case 9: draft.strings.append(try fields.text(field))
      case 10: draft.tensors.append(try Literal(onnx: try fields.message(field)))
      case 11: draft.graphs.append(try subgraph(try fields.message(field), &repairs))
      case 14: draft.type = try .onnx(try fields.message(field))
      case 15:
        if let type = try DeclaredType.onnx(try fields.message(field)) { draft.types.append(type) }
      case 20: draft.kind = try fields.int(field)
      case 21: draft.reference = try fields.string(field)
      case 22: draft.sparse = try Literal(onnxSparse: try fields.message(field))
      case 23: draft.sparses.append(try Literal(onnxSparse: try fields.message(field)))
      default: try fields.skip(field)
      }
    }
    return try draft.finished(at: place)
  }

  private mutating func subgraph(_ wire: Wire, _ repairs: inout Repairs) throws(FormatError) -> Body
  {
    var inner = try GraphDraft(onnx: wire, &repairs)
    return try nesting(&inner, &repairs)
  }
}

extension Wire {
  /// A text that may also be bytes of any kind, such as a compiled engine, of which the number is kept.
  fileprivate mutating func text(_ field: Field) throws(FormatError) -> String {
    let content = try content(field)
    do { return String(copying: try UTF8Span(validating: content)) } catch {
      return "<\(content.count) bytes>"
    }
  }
}
