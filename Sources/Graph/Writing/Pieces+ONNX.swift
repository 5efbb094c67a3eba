// What ONNX's messages are made of: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
extension Pieces {
  /// A `TensorProto` of a small constant; nil where the model does not hold its elements.
  static func tensor(_ name: String, _ literal: Literal) -> Pieces? {
    let type = literal.info.type
    guard let elements = literal.info.elements, type.isHeldExactly else { return nil }
    guard let integers = elements.integers else {
      return DenseTensor(literal.info.dims, elements.reals).flatMap { tensor(name, type, $0) }
    }
    var raw: [UInt8] = []
    for integer in integers {
      guard let held = type.wrapping(integer), held == integer else { return nil }
      raw += littleEndian(UInt64(bitPattern: Int64(held)), type.bitWidth / 8)
    }
    return tensor(name, type, dims: literal.info.dims, raw)
  }

  /// A `TensorProto` with these elements; nil where its type cannot hold them.
  static func tensor(_ name: String, _ type: ElementType, _ tensor: DenseTensor) -> Pieces? {
    tensor.rawData(type).map { Self.tensor(name, type, dims: tensor.dims, $0) }
  }

  private static func tensor(_ name: String, _ type: ElementType, dims: [Int], _ raw: [UInt8])
    -> Pieces
  {
    var message = Pieces()
    for extent in dims { message.field(1, extent) }
    message.field(2, type.rawValue)
    if !name.isEmpty { message.field(8, name) }
    message.field(9, Pieces(raw))
    return message
  }

  /// A `ValueInfoProto` of a tensor whose extents are known.
  static func valueInfo(_ name: String, _ info: TensorInfo) -> Pieces {
    var shape = Pieces()
    for extent in info.dims {
      var dimension = Pieces()
      dimension.field(1, extent)
      shape.field(1, dimension)
    }
    var tensor = Pieces()
    tensor.field(1, info.type.rawValue)
    tensor.field(2, shape)
    var type = Pieces()
    type.field(1, tensor)
    var message = Pieces()
    message.field(1, name)
    message.field(2, type)
    return message
  }

  /// An `AttributeProto`; nil where the model does not hold all of its value.
  static func attribute(_ attribute: Attribute) -> Pieces? {
    var message = Pieces()
    message.field(1, attribute.name)
    let kind: AttributeDraft.Kind
    switch attribute.value {
    case .int(let value):
      kind = .int
      message.field(3, value)
    case .float(let value):
      kind = .float
      message.field(2, Float(value))
    case .string(let value):
      kind = .string
      message.field(4, value)
    case .ints(let values):
      kind = .ints
      for value in values { message.field(8, value) }
    case .floats(let values):
      kind = .floats
      for value in values { message.field(7, Float(value)) }
    case .strings(let values):
      kind = .strings
      for value in values { message.field(9, value) }
    case .tensor(let literal):
      guard let written = Self.tensor(literal.name, literal) else { return nil }
      kind = .tensor
      message.field(5, written)
    case .graph, .graphs, .tensors, .type, .types, .sparse, .reference: return nil
    }
    message.field(20, kind.rawValue)
    return message
  }
}
