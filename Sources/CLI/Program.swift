import Cost

/// `nncost` as a function from words to an answer.
enum Program {
  static let name = "nncost"
  static let version = Version.current

  static func run(_ words: [String], on terminal: Terminal) -> Reply {
    do throws(UsageError) {
      return try reply(to: words, on: terminal)
    } catch {
      var reply = Reply()
      reply.messages = ["\(name): \(error.message)"]
      reply.exit = error.exit
      return reply
    }
  }

  private static func reply(to words: [String], on terminal: Terminal) throws(UsageError) -> Reply {
    guard let word = words.first else {
      var reply = Reply()
      reply.messages = [Help.overview]
      reply.exit = .usage
      return reply
    }
    let aliases = ["--help": "help", "-h": "help", "--version": "version", "-V": "version"]
    let command = try command(aliases[word] ?? word)
    let arguments = try Arguments(words.dropFirst(), of: command)
    if arguments.wantsHelp { return Reply(Help.text(of: command)) }
    return try command.run(arguments, on: terminal)
  }

  static func command(_ word: String) throws(UsageError) -> any Command.Type {
    if let command = allCommands.first(where: { $0.name == word }) { return command }
    if word.contains("/") || word.contains(".") {
      throw UsageError("'\(word)' is no command; did you mean '\(name) lint \(word)'?")
    }
    throw UsageError(unknown: "command", word, among: allCommands.map { $0.name })
  }
}
