import Graph
import Rules

/// Suggests budgets, holds models against them, and lowers them after a win.
enum BudgetCommand: Command {
  static let name = "budget"
  static let summary = "suggest budgets, check them, or lower them to what models take now"
  static let operands = "[suggest [PATH…] | check [PATH…] | tighten [FILE]]"
  static let groups: [Option.Group] = [
    .input, .execution, .training, .lifecycle, .gate, .comparison, .budget, .writing, .listing,
    .configuration,
  ]
  static let examples: [(line: String, does: String)] = [
    (
      "budget suggest",
      "budgets for the models of this folder, as \(ConfigurationFile.name) has them"
    ),
    ("budget check models", "every budget of these models; no rules are run"),
    (
      "budget tighten --headroom 5%",
      "lower limits in the nearest \(ConfigurationFile.name), never raise one"
    ),
  ]

  private static let actions = ["suggest", "check", "tighten"]
  private static let assumedHeadroom = 0.1

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    var arguments = arguments
    let action = arguments.operands.first ?? "check"
    arguments.operands = Array(arguments.operands.dropFirst())
    switch action {
    case "suggest": return try suggest(arguments, on: terminal)
    case "check": return try check(arguments, on: terminal)
    case "tighten": return try tighten(arguments, on: terminal)
    default: throw UsageError(unknown: "action", action, among: actions)
    }
  }

  private static func suggest(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    var suggestion = BudgetSuggestion(headroom: arguments.headroom ?? assumedHeadroom)
    let outcome = try Run.each(
      of: arguments.operands, arguments, applyingRules: false, on: terminal
    ) { entry, _ in
      if case .costed(let costed) = entry.outcome { suggestion.add(costed, at: entry.path) }
    }
    var reply = Reply(suggestion.text)
    reply.messages = outcome.messages
    reply.messages += suggestion.covered.map { "\($0): has a budget already".printable }
    reply.exit = outcome.reason.exit(exitZero: arguments.exitZero)
    return reply
  }

  private static func check(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    var check = BudgetCheck(Paint(isOn: terminal.usesColor(arguments.color)), isQuiet: false)
    let outcome = try Run.each(
      of: arguments.operands, arguments, applyingRules: false, on: terminal
    ) { entry, _ in
      if case .costed(let costed) = entry.outcome { check.add(costed, at: entry.path) }
    }
    let reason = max(outcome.reason, check.reason)
    var reply = arguments.asJSON ? Reply(check.json(reason)) : Reply(check.report)
    reply.messages = outcome.messages
    reply.exit = reason.exit(exitZero: arguments.exitZero)
    return reply
  }

  /// Lowers the limits of one file, held against every model that the file holds for.
  private static func tighten(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    guard arguments.operands.count < 2 else {
      throw UsageError("'\(name) tighten' takes one configuration file")
    }
    guard !arguments.isIsolated else {
      throw UsageError("'--no-config' leaves no budget to lower; '\(name) tighten' takes a file")
    }
    let named = arguments.operands.first ?? arguments.configuration
    guard let path = named ?? ConfigurationFile.nearest(to: ".") else {
      throw UsageError(
        "there is no \(ConfigurationFile.name) from here up to the root of the repository;"
          + " '\(Program.name) budget suggest' makes one")
    }
    let file = try ConfigurationFile(path)
    var tightening = try BudgetTightening(file, headroom: arguments.headroom ?? assumedHeadroom)
    guard !tightening.isEmpty else {
      throw UsageError("\(path): there is no budget with 'max' in it")
    }
    // A file of the usual name holds for the models near it, another one where it is asked for.
    let isUsual = FilePath(path).parts.last == ConfigurationFile.name
    let given =
      isUsual || arguments.configuration != nil ? arguments : try arguments.giving("--config", path)
    // A limit may be for several models: all of them count, not those that somebody names.
    let all = [file.folder.relative(to: .current)]
    let own = FilePath(path)
    let outcome = try Run.each(
      of: all, given, applyingRules: false, on: terminal
    ) { entry, run in
      // A nearer file holds for the models beside it.
      guard run.configuration.map({ FilePath($0) }) == own else { return }
      switch entry.outcome {
      case .costed(let costed): tightening.add(costed, at: entry.path)
      case .failed: tightening.addFailure(at: entry.path)
      }
    }
    let (bytes, lines) = tightening.result(file.bytes)
    var reply = Reply(lines.map { "\($0)\n".printable(keepingLines: true) }.joined())
    reply.messages = outcome.messages
    if let bytes, !arguments.isDryRun { reply.files = [.init(path: path, bytes: bytes)] }
    reply.exit = outcome.reason.exit(exitZero: arguments.exitZero)
    return reply
  }
}
