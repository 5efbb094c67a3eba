extension String {
  /// The text with control characters as `\\u{1b}`, so that no name in a file can steer a terminal or break a line.
  var printable: String { printable(keepingLines: false) }

  /// The same, of a text whose lines may stay lines.
  func printable(keepingLines: Bool) -> String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isControl && !(keepingLines && scalar == "\n") {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether terminals take the character as a command.
  fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
