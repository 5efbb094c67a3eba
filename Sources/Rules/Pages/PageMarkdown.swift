extension Page {
  /// The page as a Markdown document, which `docs/rules` holds.
  package var markdown: String {
    var text = """
      # \(code) `\(name)`

      \(summary)

      | group | level | safety of the fix |
      |---|---|---|
      | \(group.name) | \(level.rawValue) | \(safety.joinedLines) |

      ## Why

      \(why.joinedLines)

      ## Instead

      \(fix.joinedLines)

      ## Examples

      """
    let isPlaced = triggers.contains { $0.text.contains("↓") }
    text += examples(isPlaced ? "Reported, at the line marked ↓:" : "Reported:", triggers)
    text += examples("Not reported:", passes)
    if !options.isEmpty {
      text +=
        "\n## Options\n\nKeys of `nncost.json`.\n\n| key | says | if not given |\n|---|---|---|\n"
      for option in options {
        text += "| `\(option.key)` | \(option.meaning) | \(option.standard) |\n"
      }
    }
    text += "\n## Sources\n\n"
    for source in sources { text += "* \(source)\n" }
    return text
  }

  private func examples(_ title: String, _ examples: [Example]) -> String {
    var text = ""
    for example in examples {
      text += "\n\(title)\n\n```text\n\(example.text)\n```\n"
      if let configuration = example.configuration {
        text += "\nwith\n\n```json\n\(configuration)\n```\n"
      }
    }
    return text
  }
}

extension String {
  /// Lines of a paragraph as one line, so that whoever prints it breaks it where they need to.
  package var joinedLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map(String.init).joined(separator: " ")
  }
}
