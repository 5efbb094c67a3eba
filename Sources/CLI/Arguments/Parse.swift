extension Arguments {
  /// Reads the words after a command's name.
  ///
  /// Takes `--flag value`, `--flag=value`, `-f value`, `-fvalue` and bundles such as `-qv`; after `--`,
  /// every word is an operand, as is a lone `-`.
  init(_ words: some Sequence<String>, of command: any Command.Type) throws(UsageError) {
    let known = command.options
    var words = Array(words)[...]
    while let word = words.popFirst() {
      if word == "--" {
        operands += words
        words = []
      } else if word.hasPrefix("--") {
        try readLong(word, &words, known, command)
      } else if word.hasPrefix("-") && word != "-" {
        try readShort(word, &words, known)
      } else {
        operands.append(word)
      }
    }
    // What may be written once in a file may be written once here, and once more here in the place of the file's.
    if devices.count > 1, !command.takesSeveralDevices {
      throw UsageError("'--device' is given twice; '\(Program.name) cost' takes several")
    }
  }

  /// Reads an option and keeps it in mind.
  private mutating func take(_ option: Option, _ text: String) throws(UsageError) {
    try option.read(&self, text)
    given.append(.init(option: option, text: text))
  }

  private mutating func readLong(
    _ word: String, _ rest: inout ArraySlice<String>, _ known: [Option],
    _ command: any Command.Type
  ) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = known.first(where: { $0.name == name }) else {
      throw unknown(name, known, command)
    }
    guard option.value != nil else {
      guard parts.count == 1 else { throw UsageError("option '\(name)' takes no value") }
      return try take(option, "")
    }
    try take(option, parts.count == 2 ? String(parts[1]) : try value(of: option, &rest, known))
  }

  private mutating func readShort(
    _ word: String, _ rest: inout ArraySlice<String>, _ known: [Option]
  ) throws(UsageError) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = known.first(where: { $0.short == letter }) else {
        throw UsageError("unknown option '-\(letter)'")
      }
      guard option.value != nil else {
        try take(option, "")
        continue
      }
      if letters.first == "=" { letters.removeFirst() }
      return try take(
        option, letters.isEmpty ? try value(of: option, &rest, known) : String(letters))
    }
  }

  private func value(
    of option: Option, _ rest: inout ArraySlice<String>, _ known: [Option]
  ) throws(UsageError) -> String {
    guard let word = rest.first, !known.contains(where: { $0.name == word }) else {
      throw UsageError("option '\(option.name)' needs a value: \(option.usage)")
    }
    rest.removeFirst()
    return word
  }

  private func unknown(_ name: String, _ known: [Option], _ command: any Command.Type)
    -> UsageError
  {
    let others = allCommands.filter { $0.options.contains { $0.name == name } }
    if let other = others.first {
      return UsageError("'\(name)' is an option of '\(other.name)', not of '\(command.name)'")
    }
    return UsageError(unknown: "option", name, among: known.map(\.name), listAll: false)
  }
}

extension Option {
  /// The option as help shows it: `-f, --format FORMAT`.
  var usage: String {
    (short.map { "-\($0), " } ?? "") + name + (value.map { " \($0)" } ?? "")
  }
}
