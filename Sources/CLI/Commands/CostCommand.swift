/// Says what running each model takes.
enum CostCommand: Command {
  static let name = "cost"
  static let summary = "estimate what running models takes, in joules and seconds"
  static let operands = "[PATH…]"
  static let groups: [Option.Group] = [
    .input, .execution, .training, .lifecycle, .reports, .output, .configuration,
  ]
  static let takesSeveralDevices = true
  static let examples: [(line: String, does: String)] = [
    ("cost model.onnx --top 20", "where the energy goes, with the twenty costliest nodes"),
    ("cost models --format json --tensors", "every figure of every model in a folder"),
    ("cost model.onnx --batch 32 --precision fp16", "the same at another batch and precision"),
    ("cost model.onnx -d t4 -d l4 -d my-gpu.json", "the same on one board after another"),
  ]

  static func run(_ arguments: Arguments, on terminal: Terminal) throws(UsageError) -> Reply {
    try Run.reply(to: arguments, linting: false, on: terminal)
  }
}
