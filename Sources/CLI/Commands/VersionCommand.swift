/// Names the program and its version.
enum VersionCommand: Command {
  static let name = "version"
  static let summary = "print the version"
  static let groups: [Option.Group] = [.listing]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    try expectNoOperands(arguments)
    guard arguments.asJSON else { return Reply("\(Program.name) \(Program.version)\n") }
    var json = JSONWriter(brokenDepth: 0)
    json.object { json in
      json.member("name", Program.name)
      json.member("version", Program.version)
      json.member("schema", JSONReport.schema)
    }
    json.endLine()
    return Reply(json.bytes)
  }
}
