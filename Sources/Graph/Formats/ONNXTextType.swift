extension ONNXTextParser {
  /// Whether a type comes next.
  func isType(_ text: inout TextReader) -> Bool {
    guard let word = text.peekWord() else { return false }
    return ["seq", "optional", "map", "sparse_tensor", "opaque"].contains(word)
      || ElementType(textName: word) != nil
  }

  /// Reads a type: `float[1,N,?]`, `seq(float[2])`; nil where it says nothing that is understood.
  func type(_ text: inout TextReader, depth: Int = 0) throws(FormatError) -> DeclaredType? {
    guard depth < 32 else {
      throw FormatError("types are nested more than 32 deep", at: .byte(text.offset))
    }
    let start = text.offset
    let keyword = try text.word()
    if let element = ElementType(textName: keyword) {
      return .tensor(element, dims: try dimensions(&text))
    }
    try text.expect("(")
    let type: DeclaredType?
    switch keyword {
    case "seq": type = try self.type(&text, depth: depth + 1).map { .sequence($0) }
    case "optional": type = try self.type(&text, depth: depth + 1).map { .optional($0) }
    // A sparse tensor counts as the dense one that it stands for.
    case "sparse_tensor": type = try self.type(&text, depth: depth + 1)
    case "map":
      guard let key = ElementType(textName: try text.word()) else {
        throw text.failure("an element type")
      }
      try text.expect(",")
      type = try self.type(&text, depth: depth + 1).map { .map(key: key, value: $0) }
    case "opaque":
      while !text.peek(")") {
        _ = try text.word()
        if !text.accept(","), !text.accept(".") { break }
      }
      type = nil
    default: throw FormatError("expected a type", at: .byte(start))
    }
    try text.expect(")")
    return type
  }

  /// Reads `[1,N,?]`; nothing at all is a scalar, and `[]` a tensor of unknown rank.
  private func dimensions(_ text: inout TextReader) throws(FormatError) -> [DeclaredType.Dimension]?
  {
    guard text.peek("[") else { return [] }
    var dims: [DeclaredType.Dimension] = []
    try text.list("[", "]") { (text) throws(FormatError) in
      if text.accept("?") {
        dims.append(.unknown)
      } else if text.startsName() {
        dims.append(.init(try text.name()))
      } else {
        dims.append(.init(try text.int()))
      }
    }
    return dims.isEmpty ? nil : dims
  }
}

extension ElementType {
  /// The type that the syntax calls `textName`: ONNX's name in lower case.
  init?(textName: String) {
    guard let type = Self.named[textName] else { return nil }
    self = type
  }

  /// What the syntax calls the type.
  var textName: String {
    switch self {
    case .float32: "float"
    case .float64: "double"
    default: name
    }
  }

  private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.textName, $0) })
}
