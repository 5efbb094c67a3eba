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
