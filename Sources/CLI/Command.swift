/// Something that `nncost` can be told to do.
protocol Command: SendableMetatype {
  static var name: String { get }
  /// What the command does, in one line.
  static var summary: String { get }
  /// What may follow the options: `[PATH…]`.
  static var operands: String { get }
  /// What may follow it, where that can be listed; for completions.
  static var words: [String] { get }
  /// The kinds of option that the command takes beside the general ones.
  static var groups: [Option.Group] { get }
  /// Whether `--device` may be repeated: each model is then run on each device.
  static var takesSeveralDevices: Bool { get }
  /// Command lines worth knowing, each with what it does.
  static var examples: [(line: String, does: String)] { get }

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply
}

/// Every command, one line each, in the order in which help shows them.
let allCommands: [any Command.Type] = [
  LintCommand.self,
  CostCommand.self,
  DiffCommand.self,
  BudgetCommand.self,
  BaselineCommand.self,
  ExplainCommand.self,
  RulesCommand.self,
  DevicesCommand.self,
  ConfigCommand.self,
  RegionsCommand.self,
  DumpCommand.self,
  OperatorsCommand.self,
  CompletionsCommand.self,
  VersionCommand.self,
  HelpCommand.self,
]

extension Command {
  static var operands: String { "" }
  static var words: [String] { operands.alternatives }
  static var groups: [Option.Group] { [] }
  static var takesSeveralDevices: Bool { false }
  static var examples: [(line: String, does: String)] { [] }

  /// The options that the command takes.
  static var options: [Option] {
    Option.table.filter { $0.group == .general || groups.contains($0.group) }
  }

  /// Throws where words follow the options of a command that takes none.
  static func expectNoOperands(_ arguments: Arguments) throws(UsageError) {
    if let word = arguments.operands.first {
      throw UsageError("'\(name)' takes no argument '\(word)'")
    }
  }
}

/// What a command answers.
struct Reply: Sendable {
  /// For standard output.
  var output: [UInt8] = []
  /// For standard error, a line each.
  var messages: [String] = []
  var files: [File] = []
  var exit = Exit.clean

  struct File: Sendable {
    var path: String
    var bytes: [UInt8]
  }

  init() {}
  init(_ text: String) { output = Array(text.utf8) }
  init(_ bytes: [UInt8]) { output = bytes }
}
