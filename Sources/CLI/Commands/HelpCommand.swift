/// Prints what there is to say.
enum HelpCommand: Command {
  static let name = "help"
  static let summary = "print what a command does and takes"
  static let operands = "[COMMAND]"
  static var words: [String] { allCommands.map { $0.name } }

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    guard let word = arguments.operands.first else { return Reply(Help.overview + "\n") }
    return Reply(Help.text(of: try Program.command(word)))
  }
}
