import Graph

// Stands in for the choice of formats until it is merged.
enum ModelFile {
  static func read(_ path: String) throws(FormatError) -> Model {
    let file = try MappedFile(path)
    return try ONNXFormat.read(file.bytes)
  }

  static func read(_ bytes: Span<UInt8>) throws(FormatError) -> Model {
    try ONNXFormat.read(bytes)
  }
}
