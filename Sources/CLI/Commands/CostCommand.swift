/// Says what running each model takes.
enum CostCommand: Command {
  static let name = "cost"
  static let summary = "estimate what running a model takes, in joules and seconds"
  static let operands = "[PATH…]"
  static let groups: [Option.Group] = [.input, .execution, .training, .output]

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    try report(arguments, on: terminal)
  }
}
