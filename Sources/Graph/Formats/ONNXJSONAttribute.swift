extension GraphDraft {
  /// Reads ONNX's `AttributeProto`, whose subgraphs may read the values of this graph.
  mutating func attribute(json reader: inout JSONReader, _ repairs: inout Repairs)
    throws(FormatError) -> Attribute
  {
    let place = FormatError.Place.byte(reader.offset)
    var draft = AttributeDraft()
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "name": draft.name = try reader.string()
      case "refAttrName": draft.reference = try reader.string()
      case "type": draft.kind = try reader.number(AttributeDraft.kind)
      case "f": draft.float = try reader.float()
      case "i": draft.int = try reader.int()
      case "s": draft.string = try reader.text()
      case "t": draft.tensor = try Literal(json: &reader)
      case "g": draft.graph = try subgraph(&reader, &repairs)
      case "tp": draft.type = try .onnx(json: &reader)
      case "sparseTensor": draft.sparse = try Literal(jsonSparse: &reader)
      default: try list(field, &reader, &draft, &repairs)
      }
    }
    return try draft.finished(at: place)
  }

  /// Reads one of the repeated fields.
  private mutating func list(
    _ field: String, _ reader: inout JSONReader, _ draft: inout AttributeDraft,
    _ repairs: inout Repairs
  ) throws(FormatError) {
    switch field {
    case "floats", "ints", "strings", "tensors", "graphs", "typeProtos", "sparseTensors": break
    default: return try reader.skip()
    }
    try reader.array { (reader) throws(FormatError) in
      switch field {
      case "floats": draft.floats.append(try reader.float())
      case "ints": draft.ints.append(try reader.int())
      case "strings": draft.strings.append(try reader.text())
      case "tensors": draft.tensors.append(try Literal(json: &reader))
      case "graphs": draft.graphs.append(try subgraph(&reader, &repairs))
      case "typeProtos":
        if let type = try DeclaredType.onnx(json: &reader) { draft.types.append(type) }
      default: draft.sparses.append(try Literal(jsonSparse: &reader))
      }
    }
  }

  private mutating func subgraph(_ reader: inout JSONReader, _ repairs: inout Repairs)
    throws(FormatError) -> Body
  {
    var inner = try GraphDraft(json: &reader, &repairs)
    return try nesting(&inner, &repairs)
  }
}

extension AttributeDraft {
  fileprivate static func kind(_ name: String) -> Int? {
    name == "UNDEFINED" ? 0 : Kind(name: name)?.rawValue
  }
}
