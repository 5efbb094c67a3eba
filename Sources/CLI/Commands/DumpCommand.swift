import Graph

/// Prints a model as text, one node on each line.
enum DumpCommand: Command {
  static let name = "dump"
  static let summary = "print a model as text, one node on each line"
  static let operands = "MODEL"
  static let groups: [Option.Group] = [.dump]
  static let examples: [(line: String, does: String)] = [
    ("dump model.onnx", "the graph in ONNX's textual syntax, without its weights"),
    (
      "dump model.onnx --metadata > model.onnxtxt",
      "with modules and lines of source too, which is as good as the model for every other command"
    ),
  ]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    guard let path = arguments.operands.first, arguments.operands.count == 1 else {
      throw UsageError("'dump' needs one model")
    }
    do throws(InputError) {
      return Reply(
        ONNXTextWriter.text(try readModel(path), withMetadata: arguments.withMetadata))
    } catch {
      var reply = Reply()
      reply.messages = [error.line(for: path)]
      reply.exit = .input
      return reply
    }
  }
}
