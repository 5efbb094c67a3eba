import Cost
import Graph
import Rules

/// One option of the command line: what is parsed, what `help` prints, and what near matches are looked for in.
struct Option: Sendable {
  typealias Reader = @Sendable (inout Arguments, String) throws(UsageError) -> Void

  let name: String
  let short: Character?
  /// What the value is called in help; nil where the option takes none.
  let value: String?
  let help: String
  let group: Group
  let read: Reader

  enum Group: String, CaseIterable, Sendable {
    case input, execution, training, rules, gate, output, listing, general
  }
}

extension Option {
  /// Every option of every command, in the order in which help shows them.
  static let table: [Option] = [
    taking(.input, "--input-shape", "NAME=1x3x224x224", "extents of an input; may be repeated") {
      a, text throws(UsageError) in a.request.inputShapes.append(try inputShape(text))
    },
    taking(.input, "--dim", "NAME=N", "number for a named dimension; may be repeated") {
      a, text throws(UsageError) in a.request.symbols.append(try symbol(text))
    },
    taking(.input, "--batch", "N", "inferences made at once: leading extent of every input") {
      a, text throws(UsageError) in a.request.batch = try positive("--batch", text)
    },

    taking(.execution, "--precision", names(Precision.self), "cast arithmetic and weights") {
      a, text throws(UsageError) in a.scenario.precision = try choice("precision", text)
    },
    taking(
      .execution, "--runtime", names(Runtime.self),
      "an engine that joins operators into kernels, or one kernel per operator"
    ) {
      a, text throws(UsageError) in a.scenario.runtime = try choice("runtime", text)
    },

    taking(
      .output, "--format", short: "f", "FORMAT",
      "\(allReports.map { $0.name }.joined(separator: ", ")); full on a terminal, else concise"
    ) {
      a, text throws(UsageError) in a.format = try reportName(text)
    },
    flag(.output, "--tensors", "list the type and shape of every tensor (JSON)") {
      $0.withTensors = true
    },
    flag(.listing, "--json", "write JSON") { $0.asJSON = true },
    flag(.general, "--help", short: "h", "print this text") { $0.wantsHelp = true },
  ]

  private static func taking(
    _ group: Group, _ name: String, short: Character? = nil, _ value: String, _ help: String,
    _ read: @escaping Reader
  ) -> Option {
    Option(name: name, short: short, value: value, help: help, group: group, read: read)
  }

  private static func flag(
    _ group: Group, _ name: String, short: Character? = nil, _ help: String,
    _ set: @escaping @Sendable (inout Arguments) -> Void
  ) -> Option {
    Option(name: name, short: short, value: nil, help: help, group: group) { arguments, _ in
      set(&arguments)
    }
  }
}
