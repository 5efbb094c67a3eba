/// The fields of ONNX's `AttributeProto`, of which one holds the value.
struct AttributeDraft {
  var name = ""
  /// Which field holds the value, as ONNX numbers the kinds; absent in files of the first version.
  var kind: Int?
  var reference = ""
  var int: Int?
  var float: Double?
  var string: String?
  var tensor: Literal?
  var graph: Body?
  var type: DeclaredType?
  var sparse: Literal?
  var ints: [Int] = []
  var floats: [Double] = []
  var strings: [String] = []
  var tensors: [Literal] = []
  var graphs: [Body] = []
  var types: [DeclaredType] = []
  var sparses: [Literal] = []

  /// The kinds of attribute, numbered as ONNX's `AttributeProto.AttributeType` numbers them.
  enum Kind: Int {
    case float = 1
    case int, string, tensor, graph, floats, ints, strings, tensors, graphs
    case sparseTensor, sparseTensors, type, types

    /// The name in ONNX's JSON form.
    init?(name: String) {
      switch name {
      case "FLOAT": self = .float
      case "INT": self = .int
      case "STRING": self = .string
      case "TENSOR": self = .tensor
      case "GRAPH": self = .graph
      case "FLOATS": self = .floats
      case "INTS": self = .ints
      case "STRINGS": self = .strings
      case "TENSORS": self = .tensors
      case "GRAPHS": self = .graphs
      case "SPARSE_TENSOR": self = .sparseTensor
      case "SPARSE_TENSORS": self = .sparseTensors
      case "TYPE_PROTO": self = .type
      case "TYPE_PROTOS": self = .types
      default: return nil
      }
    }
  }

  /// The attribute, or an error at `place` where it has no value that can be read.
  func finished(at place: FormatError.Place) throws(FormatError) -> Attribute {
    guard reference.isEmpty else { return Attribute(name, .reference(reference)) }
    guard let kind, kind != 0 else { return Attribute(name, inferred) }
    guard let known = Kind(rawValue: kind) else {
      throw FormatError(
        "attribute '\(name)' is of kind \(kind), which ONNX does not have", at: place)
    }
    guard let payload = payload(known) else {
      throw FormatError("attribute '\(name)' has no value", at: place)
    }
    return Attribute(name, payload)
  }

  /// The value of the field that `kind` names; zeros and empty texts need not be written.
  private func payload(_ kind: Kind) -> Attribute.Payload? {
    switch kind {
    case .float: .float(float ?? 0)
    case .int: .int(int ?? 0)
    case .string: .string(string ?? "")
    case .tensor: tensor.map { .tensor($0) }
    case .graph: graph.map { .graph($0) }
    case .floats: .floats(floats)
    case .ints: .ints(ints)
    case .strings: .strings(strings)
    case .tensors: .tensors(tensors)
    case .graphs: .graphs(graphs)
    case .sparseTensor: sparse.map { .sparse($0) }
    case .sparseTensors: .tensors(sparses)
    case .type: type.map { .type($0) }
    case .types: .types(types)
    }
  }

  /// The value of the one field that is there, for files that do not say its kind.
  private var inferred: Attribute.Payload {
    if let float { return .float(float) }
    if let int { return .int(int) }
    if let string { return .string(string) }
    if let tensor { return .tensor(tensor) }
    if let graph { return .graph(graph) }
    if let sparse { return .sparse(sparse) }
    if let type { return .type(type) }
    if !floats.isEmpty { return .floats(floats) }
    if !strings.isEmpty { return .strings(strings) }
    if !tensors.isEmpty { return .tensors(tensors) }
    if !graphs.isEmpty { return .graphs(graphs) }
    if !types.isEmpty { return .types(types) }
    if !sparses.isEmpty { return .tensors(sparses) }
    return .ints(ints)
  }
}
