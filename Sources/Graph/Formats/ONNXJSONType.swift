extension DeclaredType {
  /// Reads ONNX's `TypeProto`; nil where it says nothing that is understood.
  static func onnx(json reader: inout JSONReader) throws(FormatError) -> DeclaredType? {
    var type: DeclaredType?
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      // A sparse tensor counts as the dense one that it stands for.
      case "tensorType", "sparseTensorType": type = try tensor(&reader)
      case "sequenceType": type = try element(&reader).map { .sequence($0) }
      case "optionalType": type = try element(&reader).map { .optional($0) }
      case "mapType": type = try map(&reader)
      default: try reader.skip()
      }
    }
    return type
  }

  private static func tensor(_ reader: inout JSONReader) throws(FormatError) -> DeclaredType? {
    var type: ElementType?
    var dims: [Dimension]?
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "elemType": type = ElementType(rawValue: try reader.int())
      case "shape": dims = try shape(&reader)
      default: try reader.skip()
      }
    }
    return type.map { .tensor($0, dims: dims) }
  }

  private static func shape(_ reader: inout JSONReader) throws(FormatError) -> [Dimension] {
    var dims: [Dimension] = []
    try reader.message { (field, reader) throws(FormatError) in
      guard field == "dim" else { return try reader.skip() }
      try reader.array { (reader) throws(FormatError) in dims.append(try dimension(&reader)) }
    }
    return dims
  }

  private static func dimension(_ reader: inout JSONReader) throws(FormatError) -> Dimension {
    var dim = Dimension.unknown
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "dimValue": dim = Dimension(try reader.int())
      case "dimParam": dim = Dimension(try reader.string())
      default: try reader.skip()
      }
    }
    return dim
  }

  /// The type of what a sequence or an optional holds.
  private static func element(_ reader: inout JSONReader) throws(FormatError) -> DeclaredType? {
    var type: DeclaredType?
    try reader.message { (field, reader) throws(FormatError) in
      if field == "elemType" { type = try onnx(json: &reader) } else { try reader.skip() }
    }
    return type
  }

  private static func map(_ reader: inout JSONReader) throws(FormatError) -> DeclaredType? {
    var key: ElementType?
    var value: DeclaredType?
    try reader.message { (field, reader) throws(FormatError) in
      switch field {
      case "keyType": key = ElementType(rawValue: try reader.int())
      case "valueType": value = try onnx(json: &reader)
      default: try reader.skip()
      }
    }
    guard let key, let value else { return nil }
    return .map(key: key, value: value)
  }
}
