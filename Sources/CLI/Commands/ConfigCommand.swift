import Cost
import Graph
import Rules

/// Shows, checks and describes configuration files.
enum ConfigCommand: Command {
  static let name = "config"
  static let summary = "show the settings that hold for a model, or check a configuration file"
  static let operands = "[show PATH | check [FILE] | init | schema]"
  static let groups: [Option.Group] = [
    .input, .execution, .training, .lifecycle, .rules, .gate, .comparison, .record, .baseline,
    .configuration,
  ]
  static let examples: [(line: String, does: String)] = [
    ("config show models/det.onnx", "each setting, and where it comes from"),
    ("config check", "whether the nearest \(ConfigurationFile.name) is right"),
    ("config init > \(ConfigurationFile.name)", "a file to start from"),
    ("config schema > schema.json", "the schema, for editors"),
  ]

  private static let actions = ["show", "check", "init", "schema"]

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    let words = arguments.operands
    switch (words.first ?? "show", words.count) {
    case ("show", 0...2):
      return try show(arguments, words.count == 2 ? words[1] : ".", on: terminal)
    case ("check", 1...2): return try check(arguments, words.dropFirst().first, on: terminal)
    case ("init", 1): return Reply(ConfigurationForm.example)
    case ("schema", 1): return Reply(ConfigurationForm.schema)
    case (let word, _):
      guard actions.contains(word) else {
        throw UsageError(unknown: "action", word, among: actions)
      }
      throw UsageError("expected \(name) \(operands)")
    }
  }

  /// Every setting that somebody has given, with where it comes from, and every entry that holds for `path`.
  private static func show(_ arguments: Arguments, _ path: String, on terminal: Terminal)
    throws(UsageError) -> Reply
  {
    var given = arguments
    given.operands = []
    let file = try given.configurationFile(for: path).map { name throws(UsageError) in
      try ConfigurationFile(name)
    }
    // What is wrong is said before anything is shown.
    let configuration = try Configuration(given, file, for: path, on: terminal)
    var text = file.map { "settings for \(path) from \($0.path)\n" } ?? "settings for \(path)\n"
    text = text.printable(keepingLines: true)
    let settings = Origins(given, file, for: path, on: terminal)
    if !settings.rows.isEmpty {
      var table = Table([("setting", .left), ("value", .left), ("from", .left)])
      for row in settings.rows { table.add([row.key, row.value.printable, row.origin.printable]) }
      text += table.text
    }
    for budget in configuration.arguments.budgets {
      text += "  budget \(budget.name): at most \(budget.text)\n".printable(keepingLines: true)
    }
    for limit in configuration.arguments.increaseLimits {
      let words = "\(limit.increase.text) over \(limit.against)"
      text += "  budget \(limit.name ?? words): at most \(words)\n".printable(keepingLines: true)
    }
    for suppression in configuration.arguments.settings.suppressions {
      text += "  ignore \(suppression.rules.joined(separator: ", "))"
      let nodes = suppression.nodes.map(\.text)
      if !nodes.isEmpty { text += " at \(nodes.joined(separator: ", "))".printable }
      text += ": \(suppression.reason) (\(suppression.origin))".printable + "\n"
    }
    return Reply(text)
  }

  /// Whether a file can be used, with every entry that is meant for some models alone.
  private static func check(_ arguments: Arguments, _ path: String?, on terminal: Terminal)
    throws(UsageError) -> Reply
  {
    guard let path = path ?? arguments.configuration ?? ConfigurationFile.nearest(to: ".") else {
      throw UsageError(
        "there is no \(ConfigurationFile.name) from here up to the root of the repository")
    }
    let file = try ConfigurationFile(path)
    for file in file.bases + [file] {
      var blocks = [Layer(file: file, tree: file.root)]
      blocks += (file.root["overrides"]?.value.elements ?? []).map { Layer(file: file, tree: $0) }
      for block in blocks {
        var arguments = Arguments()
        try block.apply(to: &arguments)
        if let place = block.tree["device"]?.value.place {
          do throws(UsageError) { _ = try Device.chosen(by: arguments.device) } catch {
            throw file.error(error.message, at: place)
          }
        }
      }
    }
    _ = try file.budgets(for: nil)
    _ = try file.increaseLimits(for: nil)
    _ = try file.suppressions(for: nil, today: terminal.today)
    var reply = Reply("\(path): usable\n".printable(keepingLines: true))
    reply.messages = try file.expired(today: terminal.today).map { "\(Program.name): \($0)" }
    return reply
  }
}
