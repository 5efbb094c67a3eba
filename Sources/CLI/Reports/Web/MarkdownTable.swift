/// A table in GitHub's and GitLab's Markdown, whose cells are Markdown already.
struct MarkdownTable {
  private(set) var text: String

  init(_ titles: [String]) {
    text = Self.row(titles) + "|" + String(repeating: "---|", count: titles.count) + "\n"
  }

  mutating func add(_ cells: [String]) { text += Self.row(cells) }

  private static func row(_ cells: [String]) -> String {
    // A bar would end the cell, even within a span of code.
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
  }
}

extension String {
  /// The text as Markdown that shows as it is: nothing in it is a mark, a tag, a mention or the end of a line.
  var plain: String {
    var text = ""
    for scalar in printable.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "#", "~": text += "\\\(scalar)"
      case "&": text += "&amp;"
      // A name after it would be told of the comment.
      case "@": text += "&#64;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The text as a span of code, in more backticks than it has in a row.
  var codeSpan: String {
    let text = printable
    var longest = 0
    var run = 0
    for character in text.utf8 {
      run = character == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let blank = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    return fence + blank + text + blank + fence
  }

  /// The text without `prefix`, where it has it.
  func dropFirst(prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
