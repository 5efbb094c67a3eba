/// A pattern for paths and for names of nodes: `*` and `?` stay within a part between slashes, `**` does not.
///
/// A pattern without a slash fits any part at the end: `*.onnx` fits `models/a.onnx`. Matching takes time in proportion
/// to the pattern times the text, whatever they are.
package struct Glob: Hashable, Sendable {
  package let text: String
  private let tokens: [Token]

  private enum Token: Hashable, Sendable {
    case scalar(Unicode.Scalar)
    /// One character that is no slash.
    case any
    /// Any number of characters that are no slash.
    case some
    /// Any number of characters.
    case all
    /// Before a folder, or after the last one: nothing is read here.
    case folders
    /// Within a folder, whose slash leads back to before the next.
    case folder
  }

  package init(_ text: String) {
    self.text = text
    var tokens: [Token] = text.contains("/") ? [] : [.folders, .folder]
    var rest = Array(text.unicodeScalars)[...]
    // A path written from here is the path itself.
    if rest.starts(with: "./".unicodeScalars) { rest = rest.dropFirst(2) }
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*" where rest.first == "*":
        rest.removeFirst()
        if rest.first == "/" {
          rest.removeFirst()
          tokens += [.folders, .folder]
        } else {
          tokens.append(.all)
        }
      case "*": tokens.append(.some)
      case "?": tokens.append(.any)
      default: tokens.append(.scalar(scalar))
      }
    }
    self.tokens = tokens
  }

  /// Whether all of `text` fits.
  package func matches(_ text: String) -> Bool {
    // For each token, whether it may be what comes next.
    var states = [Bool](repeating: false, count: tokens.count + 1)
    states[0] = true
    close(&states)
    for scalar in text.unicodeScalars {
      var next = [Bool](repeating: false, count: states.count)
      let isSlash = scalar == "/"
      for (index, token) in tokens.enumerated() where states[index] {
        switch token {
        case .scalar(let expected): if scalar == expected { next[index + 1] = true }
        case .any: if !isSlash { next[index + 1] = true }
        case .some: if !isSlash { next[index] = true }
        case .all: next[index] = true
        case .folders: continue
        case .folder: next[isSlash ? index - 1 : index] = true
        }
      }
      close(&next)
      states = next
    }
    return states[tokens.count]
  }

  /// Adds what is reached without reading anything.
  private func close(_ states: inout [Bool]) {
    for (index, token) in tokens.enumerated() where states[index] {
      switch token {
      case .some, .all: states[index + 1] = true
      case .folders: (states[index + 1], states[index + 2]) = (true, true)
      case .scalar, .any, .folder: continue
      }
    }
  }
}
