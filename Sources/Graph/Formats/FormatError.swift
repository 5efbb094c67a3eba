/// Why a file could not be read as a graph, and where in it.
package struct FormatError: Error, Hashable, Sendable {
  /// A place in a file, as its format counts.
  package enum Place: Hashable, Sendable {
    /// The distance from the start of the file, in bytes.
    case byte(Int)
    /// Both counted from 1; columns count bytes.
    case lineColumn(Int, Int)
    /// The file as a whole.
    case none
  }

  package let message: String
  package let place: Place

  package init(_ message: String, at place: Place = .none) {
    self.message = message
    self.place = place
  }
}

extension FormatError {
  /// The same with line and column for the byte of `text` where it is; takes time linear in the text.
  package func located(in text: Span<UInt8>) -> FormatError {
    guard case .byte(let offset) = place else { return self }
    var (line, column) = (1, 1)
    for index in 0..<min(offset, text.count) {
      if text[index] == 0x0A { (line, column) = (line + 1, 1) } else { column += 1 }
    }
    return FormatError(message, at: .lineColumn(line, column))
  }
}

extension FormatError: CustomStringConvertible {
  /// The sentence for the user, without the path, which the caller knows.
  package var description: String {
    switch place {
    case .byte(let offset): "byte \(offset): \(message)"
    case .lineColumn(let line, let column): "line \(line), column \(column): \(message)"
    case .none: message
    }
  }
}
