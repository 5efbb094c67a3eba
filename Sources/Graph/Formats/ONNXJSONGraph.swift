extension GraphDraft {
  /// Reads ONNX's `GraphProto`.
  init(json reader: inout JSONReader, _ repairs: inout Repairs) throws(FormatError) {
    self.init()
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "name": name = try reader.string()
      case "node":
        try reader.array { (reader) throws(FormatError) in
          nodes.append(try node(json: &reader, &repairs))
        }
      case "initializer":
        try reader.array { (reader) throws(FormatError) in
          addInitializer(try Literal(json: &reader), &repairs)
        }
      case "sparseInitializer":
        try reader.array { (reader) throws(FormatError) in
          addInitializer(try Literal(jsonSparse: &reader), &repairs)
        }
      case "input":
        try reader.array { (reader) throws(FormatError) in
          let (name, type) = try Self.valueInfo(json: &reader)
          addInput(name, type)
        }
      case "output":
        try reader.array { (reader) throws(FormatError) in
          let (name, type) = try Self.valueInfo(json: &reader)
          addOutput(name, type)
        }
      case "valueInfo":
        try reader.array { (reader) throws(FormatError) in
          let (name, type) = try Self.valueInfo(json: &reader)
          declare(name, type)
        }
      default: try reader.skip()
      }
    }
  }

  /// Reads ONNX's `NodeProto`.
  mutating func node(json reader: inout JSONReader, _ repairs: inout Repairs) throws(FormatError)
    -> Node
  {
    let place = FormatError.Place.byte(reader.offset)
    var op = ""
    var domain = ""
    var node = Node("", opset: 0, inputs: [], outputs: [])
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "input":
        try reader.array { (reader) throws(FormatError) in
          node.inputs.append(operand(try reader.string()))
        }
      case "output":
        try reader.array { (reader) throws(FormatError) in
          node.outputs.append(operand(try reader.string()))
        }
      case "name": node.name = try reader.string()
      case "opType": op = try reader.string()
      case "domain": domain = try reader.string()
      case "overload": node.overload = try reader.string()
      case "attribute":
        try reader.array { (reader) throws(FormatError) in
          node.attributes.append(try attribute(json: &reader, &repairs))
        }
      case "metadataProps": node.metadata += try Metadata.list(json: &reader)
      default: try reader.skip()
      }
    }
    guard !op.isEmpty else { throw FormatError("a node without an operator", at: place) }
    node.op = OperatorName(op, domain: domain)
    return node
  }

  /// Reads ONNX's `ValueInfoProto`.
  static func valueInfo(json reader: inout JSONReader) throws(FormatError)
    -> (name: String, type: DeclaredType?)
  {
    var name = ""
    var type: DeclaredType?
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "name": name = try reader.string()
      case "type": type = try .onnx(json: &reader)
      default: try reader.skip()
      }
    }
    return (name, type)
  }
}

extension Metadata {
  /// Reads a list of ONNX's `StringStringEntryProto`.
  static func list(json reader: inout JSONReader) throws(FormatError) -> [Metadata] {
    var list: [Metadata] = []
    try reader.array { (reader) throws(FormatError) in
      var entry = Metadata(key: "", value: "")
      try reader.message { (field, reader) throws(FormatError) in
        switch field {
        case "key": entry.key = try reader.string()
        case "value": entry.value = try reader.string()
        default: try reader.skip()
        }
      }
      list.append(entry)
    }
    return list
  }
}

extension JSONReader {
  mutating func strings() throws(FormatError) -> [String] {
    var strings: [String] = []
    try array { (reader) throws(FormatError) in strings.append(try reader.string()) }
    return strings
  }
}
