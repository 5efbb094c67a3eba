/// Copies messages of an ONNX file with other names for some values.
enum ONNXRenaming {
  /// Names of values, and what they are called instead.
  typealias Names = [String: String]

  /// A `NodeProto` with these operands and results, and other names in its subgraphs.
  static func node(_ wire: Wire, inputs: [String], outputs: [String], captured: Names)
    throws(FormatError) -> Pieces
  {
    var pieces = Pieces()
    var fields = wire
    var (input, output) = (0, 0)
    while let field = try fields.field() {
      switch field.number {
      case 1 where input < inputs.count:
        try fields.skip(field)
        pieces.field(1, inputs[input])
        input += 1
      case 2 where output < outputs.count:
        try fields.skip(field)
        pieces.field(2, outputs[output])
        output += 1
      case 5 where !captured.isEmpty:
        pieces.field(5, try attribute(try fields.message(field), captured))
      default:
        try fields.skip(field)
        pieces.append(field.offset..<fields.offset)
      }
    }
    return pieces
  }

  /// An `AttributeProto` with other names in its subgraphs.
  static func attribute(_ wire: Wire, _ names: Names) throws(FormatError) -> Pieces {
    var pieces = Pieces()
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 6, 11: pieces.field(field.number, try graph(try fields.message(field), names))
      default:
        try fields.skip(field)
        pieces.append(field.offset..<fields.offset)
      }
    }
    return pieces
  }

  /// A `GraphProto` that reads values of the graph around it by other names.
  private static func graph(_ wire: Wire, _ names: Names) throws(FormatError) -> Pieces {
    let own = try definedNames(wire)
    let names = names.filter { !own.contains($0.key) }
    var pieces = Pieces()
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1: pieces.field(1, try innerNode(try fields.message(field), names))
      case 12: pieces.field(12, try valueInfo(try fields.message(field), names))
      default:
        try fields.skip(field)
        pieces.append(field.offset..<fields.offset)
      }
    }
    return pieces
  }

  /// The names that a graph gives to values of its own.
  private static func definedNames(_ wire: Wire) throws(FormatError) -> Set<String> {
    var draft = GraphDraft()
    var repairs = Repairs()
    var names: Set<String> = []
    var fields = wire
    while let field = try fields.field() {
      switch field.number {
      case 1:
        let node = try draft.node(try fields.message(field), &repairs)
        for case .some(let id) in node.outputs { names.insert(draft.names[id]) }
      case 5: names.insert(try Literal(onnx: try fields.message(field)).name)
      case 11: names.insert(try GraphDraft.valueInfo(try fields.message(field)).name)
      default: try fields.skip(field)
      }
    }
    return names
  }

  private static func innerNode(_ wire: Wire, _ names: Names) throws(FormatError) -> Pieces {
    var inputs: [String] = []
    var fields = wire
    while let field = try fields.field() {
      if field.number == 1 {
        let name = try fields.string(field)
        inputs.append(names[name] ?? name)
      } else {
        try fields.skip(field)
      }
    }
    return try node(wire, inputs: inputs, outputs: [], captured: names)
  }

  private static func valueInfo(_ wire: Wire, _ names: Names) throws(FormatError) -> Pieces {
    var pieces = Pieces()
    var fields = wire
    while let field = try fields.field() {
      if field.number == 1 {
        let name = try fields.string(field)
        pieces.field(1, names[name] ?? name)
      } else {
        try fields.skip(field)
        pieces.append(field.offset..<fields.offset)
      }
    }
    return pieces
  }
}
