/// The text that `help` and `--help` print, made from the tables that the program works from.
enum Help {
  static var overview: String {
    var text = "Estimates and lints the energy that running a neural network takes.\n\nusage: "
    text += "\(Program.name) COMMAND [OPTIONS] …\n\n"
    text += aligned(allCommands.map { ("\($0.name) \($0.operands)", $0.summary) })
    text += "\nSee '\(Program.name) help COMMAND' for a command's options."
    return text
  }

  static func text(of command: any Command.Type) -> String {
    var text = "\(sentence(command.summary))\n\nusage: \(Program.name) \(command.name) [OPTIONS]"
    text += command.operands.isEmpty ? "\n" : " \(command.operands)\n"
    var titles: [String] = []
    for title in Option.Group.allCases.map(\.title) where !titles.contains(title) {
      titles.append(title)
    }
    for title in titles {
      let options = command.options.filter { $0.group.title == title }
      guard !options.isEmpty else { continue }
      text += "\n\(title)\n" + aligned(options.map { ($0.usage, $0.help) })
    }
    if !command.examples.isEmpty { text += "\nExamples\n" }
    for example in command.examples {
      text += "  \(Program.name) \(example.line)\n      \(example.does)\n"
    }
    return text
  }

  /// Rows of a term and what it means; a long term has a line of its own.
  private static func aligned(_ rows: [(String, String)]) -> String {
    let width = 26
    var text = ""
    for (term, meaning) in rows {
      text += "  \(term)"
      text +=
        term.count < width
        ? String(repeating: " ", count: width - term.count)
        : "\n" + String(repeating: " ", count: width + 2)
      text += "\(meaning)\n"
    }
    return text
  }

  private static func sentence(_ clause: String) -> String {
    clause.prefix(1).uppercased() + clause.dropFirst() + "."
  }
}
