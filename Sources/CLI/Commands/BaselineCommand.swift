import Graph
import Rules

/// Keeps the record of the findings that were there before.
enum BaselineCommand: Command {
  static let name = "baseline"
  static let summary = "write, show, compare or prune the record of findings that were there before"
  static let operands = "[write [PATH…] | show [FILE] | compare [PATH…] | prune [PATH…]]"
  static let groups: [Option.Group] = [
    .input, .execution, .training, .lifecycle, .rules, .gate, .record, .writing,
    .configuration,
  ]
  static let examples: [(line: String, does: String)] = [
    ("baseline write models", "take down what is found, so that only what is new fails"),
    ("baseline show", "the findings that are on record"),
    ("baseline compare models", "what is new, what is gone, and how energies have changed"),
    ("baseline prune", "forget what is mended, and models that are gone; nothing is added"),
  ]

  private static let actions = ["write", "show", "compare", "prune"]

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    var arguments = arguments
    let action = arguments.operands.first ?? "show"
    arguments.operands = Array(arguments.operands.dropFirst())
    switch action {
    case "write": return try write(arguments, on: terminal)
    case "show": return try show(arguments, on: terminal)
    case "compare": return try compare(arguments, on: terminal)
    case "prune": return try prune(arguments, on: terminal)
    default: throw UsageError(unknown: "action", action, among: actions)
    }
  }

  /// The file that the command line names, or the configuration, or that of the usual name.
  private static func file(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> String
  {
    if let path = arguments.baseline { return path }
    let model = arguments.operands.first ?? "."
    let file = try arguments.configurationFile(for: model).map { name throws(UsageError) in
      try ConfigurationFile(name)
    }
    return try Configuration(arguments, file, for: model, on: terminal).arguments.baseline
      ?? BaselineFile.name
  }

  private static func write(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    let path = try file(arguments, on: terminal)
    var fresh = BaselineFile(new: path)
    // Where the settings name the file, it may be about to be made.
    let given = try arguments.giving("--write-baseline", path).giving("--baseline", path)
    let outcome = try Run.each(of: arguments.operands, given, applyingRules: true, on: terminal) {
      entry, _ in
      if case .costed(let costed) = entry.outcome { fresh.add(costed, at: entry.path) }
    }
    var reply = Reply(
      "\(path): \(counted(fresh.findings.count, "finding")) in \(counted(fresh.models.count, "model"))\n"
        .printable(keepingLines: true))
    reply.messages = outcome.messages
    if !arguments.isDryRun { reply.files = [.init(path: path, bytes: fresh.bytes)] }
    reply.exit = outcome.reason.exit(exitZero: arguments.exitZero)
    return reply
  }

  private static func show(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    guard arguments.operands.count < 2 else {
      throw UsageError("'\(name) show' takes one file")
    }
    if let path = arguments.operands.first { return Reply(try BaselineFile(path).text) }
    return Reply(try BaselineFile(try file(arguments, on: terminal)).text)
  }

  private static func compare(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    let record = try BaselineFile(try file(arguments, on: terminal))
    let given = try arguments.giving("--baseline", record.path)
    var text = ""
    var reason = ExitReason.clean
    let outcome = try Run.each(of: arguments.operands, given, applyingRules: true, on: terminal) {
      entry, _ in
      guard case .costed(let costed) = entry.outcome else { return }
      reason = max(reason, costed.reason)
      text += record.comparison(costed, at: entry.path)
    }
    var reply = Reply(text.printable(keepingLines: true))
    reply.messages = outcome.messages
    reply.exit = max(reason, outcome.reason).exit(exitZero: arguments.exitZero)
    return reply
  }

  private static func prune(_ arguments: Arguments, on terminal: Terminal) throws(UsageError)
    -> Reply
  {
    var record = try BaselineFile(try file(arguments, on: terminal))
    let given = try arguments.giving("--baseline", record.path)
    let before = record.findings.reduce(0) { $0 + $1.entry.places }
    let missing = record.forgetMissing()
    var lines = missing.map { "\($0): gone, forgotten" }
    let outcome = try Run.each(of: arguments.operands, given, applyingRules: true, on: terminal) {
      entry, _ in
      guard case .costed(let costed) = entry.outcome, let lint = costed.lint,
        !lint.stale.isEmpty
      else { return }
      guard lint.isBaselineComparable else {
        lines.append(
          "\(entry.path): recorded on another device or in another way of running, left as it is")
        return
      }
      record.forget(lint.stale, of: entry.path)
      let places = lint.stale.reduce(0) { $0 + $1.places }
      lines.append("\(entry.path): \(counted(places, "place")) mended, forgotten")
    }
    let after = record.findings.reduce(0) { $0 + $1.entry.places }
    lines.append("\(record.path): \(before) -> \(counted(after, "place"))")
    var reply = Reply(lines.map { "\($0)\n" }.joined().printable(keepingLines: true))
    reply.messages = outcome.messages
    if after < before || !missing.isEmpty, !arguments.isDryRun {
      reply.files = [.init(path: record.path, bytes: record.bytes)]
    }
    reply.exit = outcome.reason.exit(exitZero: arguments.exitZero)
    return reply
  }
}
