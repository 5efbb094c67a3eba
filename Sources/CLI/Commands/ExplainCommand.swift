import Rules

/// Prints the page of a rule.
enum ExplainCommand: Command {
  static let name = "explain"
  static let summary = "print what a rule looks for, why, and what to do about it"
  static let operands = "RULE"
  static var words: [String] { allRules.map { $0.page.code } }
  static let examples: [(line: String, does: String)] = [
    ("explain NNC501", "by code"), ("explain oversized-dense-head", "by name"),
  ]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    guard let word = arguments.operands.first else {
      throw UsageError("'explain' needs a rule; '\(Program.name) rules' lists them")
    }
    let pages = allRules.map { $0.page }
    let isMatch = { (page: Page) in page.code == word.uppercased() || page.name == word.lowercased()
    }
    guard let page = pages.first(where: isMatch) else {
      throw UsageError(
        unknown: "rule", word, among: pages.flatMap { [$0.code, $0.name] }, listAll: false)
    }
    return Reply(page.text)
  }
}

extension Page {
  /// The page as a terminal shows it.
  fileprivate var text: String {
    var text = "\(code) \(name)   \(group.name), \(level.rawValue)\n\n\(wrapped(summary))"
    for (title, paragraph) in [("Why", why), ("Fix", fix), ("Safety of the fix", safety)] {
      text += "\n\(title)\n\(wrapped(paragraph))"
    }
    for (title, examples) in [
      (triggers.contains { $0.text.contains("↓") } ? "Reported, at ↓" : "Reported", triggers),
      ("Not reported", passes),
    ] {
      for example in examples {
        text += "\n\(title)\n"
        for line in example.text.split(separator: "\n") { text += "  \(line)\n" }
        if let configuration = example.configuration { text += "  with \(configuration)\n" }
      }
    }
    if !options.isEmpty { text += "\nOptions, keys of \(ConfigurationFile.name)\n" }
    for option in options {
      text += wrapped("\(option.key): \(option.meaning); if not given, \(option.standard)")
    }
    text += "\nSources\n" + sources.map { wrapped($0) }.joined()
    text += "\nLeave it out with --ignore \(code).\n"
    return text
  }
}

/// A paragraph broken into lines of at most 92 characters, indented by two.
func wrapped(_ paragraph: String) -> String {
  var lines: [String] = []
  var line = ""
  for word in paragraph.split(whereSeparator: \.isWhitespace) {
    if !line.isEmpty && line.count + 1 + word.count > 92 {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  if !line.isEmpty { lines.append(line) }
  return lines.map { "  \($0)\n" }.joined()
}
