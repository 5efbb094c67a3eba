extension DeclaredType {
  /// Reads ONNX's `TypeProto`; nil where it says nothing that is understood.
  static func onnx(_ wire: Wire) throws(FormatError) -> DeclaredType? {
    var fields = wire
    var type: DeclaredType?
    while let field = try fields.field() {
      switch field.number {
      // A sparse tensor counts as the dense one that it stands for.
      case 1, 8: type = try tensor(try fields.message(field))
      case 4: type = try element(try fields.message(field)).map { .sequence($0) }
      case 5: type = try map(try fields.message(field))
      case 9: type = try element(try fields.message(field)).map { .optional($0) }
      default: try fields.skip(field)
      }
    }
    return type
  }

  private static func tensor(_ wire: Wire) throws(FormatError) -> DeclaredType? {
    var fields = wire
    var type: ElementType?
    var dims: [Dimension]?
    while let field = try fields.field() {
      switch field.number {
      case 1: type = ElementType(rawValue: try fields.int(field))
      case 2: dims = try shape(try fields.message(field))
      default: try fields.skip(field)
      }
    }
    return type.map { .tensor($0, dims: dims) }
  }

  private static func shape(_ wire: Wire) throws(FormatError) -> [Dimension] {
    var fields = wire
    var dims: [Dimension] = []
    while let field = try fields.field() {
      switch field.number {
      case 1: dims.append(try dimension(try fields.message(field)))
      default: try fields.skip(field)
      }
    }
    return dims
  }

  private static func dimension(_ wire: Wire) throws(FormatError) -> Dimension {
    var fields = wire
    var dim = Dimension.unknown
    while let field = try fields.field() {
      switch field.number {
      case 1: dim = Dimension(try fields.int(field))
      case 2: dim = Dimension(try fields.string(field))
      default: try fields.skip(field)
      }
    }
    return dim
  }

  /// The first field of a message: the type of what a sequence or an optional holds.
  private static func element(_ wire: Wire) throws(FormatError) -> DeclaredType? {
    var fields = wire
    var type: DeclaredType?
    while let field = try fields.field() {
      switch field.number {
      case 1: type = try onnx(try fields.message(field))
      default: try fields.skip(field)
      }
    }
    return type
  }

  private static func map(_ wire: Wire) throws(FormatError) -> DeclaredType? {
    var fields = wire
    var key: ElementType?
    var value: DeclaredType?
    while let field = try fields.field() {
      switch field.number {
      case 1: key = ElementType(rawValue: try fields.int(field))
      case 2: value = try onnx(try fields.message(field))
      default: try fields.skip(field)
      }
    }
    guard let key, let value else { return nil }
    return .map(key: key, value: value)
  }
}

extension DeclaredType.Dimension {
  /// A negative extent is how some exporters say that they do not know.
  init(_ extent: Int) { self = extent < 0 ? .unknown : .fixed(extent) }

  init(_ symbol: String) { self = symbol.isEmpty ? .unknown : .symbol(symbol) }
}
