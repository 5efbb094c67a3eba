/// Reads models from files of any known format.
package enum ModelFile {
  /// How much of a file is looked at to tell what it is.
  private static let headLength = 4096

  /// Reads the model at `path`; its content says of which format it is, or else its name.
  package static func read(_ path: String) throws(FormatError) -> Model {
    let file = try MappedFile(path)
    return try read(file.contents, path: path)
  }

  /// Reads a model from `bytes`, which came from no file or from one at `path`.
  package static func read(_ bytes: Span<UInt8>, path: String = "") throws(FormatError) -> Model {
    try read(FileBytes(bytes), path: path)
  }

  private static func read(_ file: FileBytes, path: String) throws(FormatError) -> Model {
    let head = file.span.extracting(first: headLength)
    let name = String(
      path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    if let sentence = ForeignFile.sentence(for: head, name: name) {
      throw FormatError(sentence, at: head.isEmpty ? .none : .byte(0))
    }
    for format in FormatList.all where format.recognises(head) { return try format.read(file) }
    let lowercased = name.lowercased()
    for format in FormatList.all where format.isText && head.isText {
      guard format.extensions.contains(where: { lowercased.hasSuffix(".\($0)") }) else { continue }
      return try format.read(file)
    }
    throw FormatError(ForeignFile.unknown(head), at: .byte(0))
  }
}
