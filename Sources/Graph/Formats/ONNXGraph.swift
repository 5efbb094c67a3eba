extension GraphDraft {
  /// Reads ONNX's `GraphProto`.
  init(onnx wire: Wire, _ repairs: inout Repairs) throws(FormatError) {
    self.init()
    nodes.reserveCapacity(try wire.count(of: 1))
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: nodes.append(try node(try fields.message(field), &repairs))
      case 2: name = try fields.string(field)
      case 5: addInitializer(try Literal(onnx: try fields.message(field)), &repairs)
      case 11:
        let (name, type) = try Self.valueInfo(try fields.message(field))
        addInput(name, type)
      case 12:
        let (name, type) = try Self.valueInfo(try fields.message(field))
        addOutput(name, type)
      case 13:
        let (name, type) = try Self.valueInfo(try fields.message(field))
        declare(name, type)
      case 15: addInitializer(try Literal(onnxSparse: try fields.message(field)), &repairs)
      default: try fields.skip(field)
      }
    }
  }

  /// Reads ONNX's `NodeProto`.
  mutating func node(_ wire: Wire, _ repairs: inout Repairs) throws(FormatError) -> Node {
    let place = FormatError.Place.byte(wire.offset)
    var op = ""
    var domain = ""
    var node = Node(OperatorName("", domain: ""), opset: 0, inputs: [], outputs: [])
    node.inputs.reserveCapacity(try wire.count(of: 1))
    node.outputs.reserveCapacity(try wire.count(of: 2))
    node.offset = wire.offset
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: node.inputs.append(try operand(field, &fields))
      case 2: node.outputs.append(try operand(field, &fields))
      case 3: node.name = try fields.string(field)
      case 4: op = try fields.string(field)
      case 5:
        node.attributes.append(try attribute(try fields.message(field), &repairs))
      case 7: domain = try fields.string(field)
      case 8: node.overload = try fields.string(field)
      case 9: node.metadata.append(try Metadata(onnx: try fields.message(field)))
      default: try fields.skip(field)
      }
    }
    guard !op.isEmpty else { throw FormatError("a node without an operator", at: place) }
    node.op = OperatorName(op, domain: domain)
    return node
  }

  private mutating func operand(_ field: Wire.Field, _ fields: inout Wire) throws(FormatError)
    -> Value.ID?
  {
    let name = try fields.content(field)
    guard !name.isEmpty else { return nil }
    guard let id = id(name) else {
      throw FormatError("a name that is not UTF-8", at: .byte(field.offset))
    }
    return id
  }

  /// Reads ONNX's `ValueInfoProto`.
  static func valueInfo(_ wire: Wire) throws(FormatError) -> (name: String, type: DeclaredType?) {
    var fields = wire
    var name = ""
    var type: DeclaredType?
    while let field = try fields.field() {
      switch field.number {
      case 1: name = try fields.string(field)
      case 2: type = try .onnx(try fields.message(field))
      default: try fields.skip(field)
      }
    }
    return (name, type)
  }
}

extension Metadata {
  /// Reads ONNX's `StringStringEntryProto`.
  init(onnx wire: Wire) throws(FormatError) {
    self.init(key: "", value: "")
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: key = try fields.string(field)
      case 2: value = try fields.string(field)
      default: try fields.skip(field)
      }
    }
  }
}
