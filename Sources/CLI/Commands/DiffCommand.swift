/// Compares models before and after a change, in joules.
enum DiffCommand: Command {
  static let name = "diff"
  static let summary = "say what a change of models costs or saves, and why"
  static let operands = "BASE HEAD | --base REV [PATH…]"
  static let groups: [Option.Group] = [
    .input, .execution, .training, .lifecycle, .rules, .comparison, .gate, .changes, .output,
    .configuration,
  ]
  static let examples: [(line: String, does: String)] = [
    ("diff old.onnx new.onnx", "what the new file takes more or less, layer by layer"),
    ("diff --base origin/main", "what has changed in this folder since the branch left main"),
    (
      "diff --base origin/main models -f markdown --max-increase 3%",
      "a comment for a pull request, and a status that fails it"
    ),
    ("diff v1 v2 --batch 8 --precision fp16", "two folders, models matched by their paths within"),
  ]

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    try Run.changes(arguments, on: terminal)
  }
}
