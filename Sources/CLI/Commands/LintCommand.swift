/// Costs each model, applies the rules and holds it against budgets.
enum LintCommand: Command {
  static let name = "lint"
  static let summary = "find what wastes energy in models, and hold them against budgets"
  static let operands = "[PATH…]"
  static let groups: [Option.Group] = [
    .input, .execution, .training, .lifecycle, .rules, .gate, .comparison, .record, .baseline, .fix,
    .reports, .output, .configuration,
  ]
  static let examples: [(line: String, does: String)] = [
    ("lint", "every model in this folder"),
    ("lint model.onnx --budget \"11 mJ/inf\"", "fail when an inference takes more"),
    ("lint model.onnx --fix -o fixed.onnx", "write the model without what is redundant"),
    ("lint models --fail-on warning --ignore NNC402", "for continuous integration"),
  ]

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    try Run.reply(to: arguments, linting: true, on: terminal)
  }
}
