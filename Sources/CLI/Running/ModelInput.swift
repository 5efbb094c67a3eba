import Graph

/// Reads the model at `path`, or from standard input where that is `-`.
func readModel(_ path: String) throws(InputError) -> Model {
  do throws(FormatError) {
    return path == "-" ? try readModelFromStandardInput() : try ModelFile.read(path)
  } catch {
    if path.contains(unreadableCharacter), FileStatus(path) == nil {
      throw InputError(
        code: "format",
        message: "its name is not UTF-8, and it cannot be opened by another; rename it")
    }
    throw InputError(code: "format", message: error.message, place: error.place.text)
  }
}

private func readModelFromStandardInput() throws(FormatError) -> Model {
  let bytes: [UInt8]
  do throws(StreamError) { bytes = try readStandardInput() } catch {
    throw FormatError("standard input cannot be read: \(error.message)")
  }
  return try ModelFile.read(bytes.span)
}

extension FormatError.Place {
  /// `byte 1042`; nil for the file as a whole.
  fileprivate var text: String? {
    switch self {
    case .byte(let offset): "byte \(offset)"
    case .lineColumn(let line, let column): "line \(line), column \(column)"
    case .none: nil
    }
  }
}
