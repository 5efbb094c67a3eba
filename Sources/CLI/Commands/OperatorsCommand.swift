import Graph

/// Lists the operators that are known.
enum OperatorsCommand: Command {
  static let name = "operators"
  static let summary = "list the operators that are known"
  static let groups: [Option.Group] = [.listing]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    try expectNoOperands(arguments)
    let names = OperatorTable.standard.names
    guard arguments.asJSON else {
      return Reply(names.map { "\($0)\n" }.joined())
    }
    var json = JSONWriter(brokenDepth: 1)
    json.array(names) { json, name in
      json.object { json in
        json.member("domain", name.domain)
        json.member("op", name.name)
      }
    }
    json.endLine()
    return Reply(json.bytes)
  }
}
