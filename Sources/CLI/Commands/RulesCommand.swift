import Rules

/// Lists what the linter looks for.
enum RulesCommand: Command {
  static let name = "rules"
  static let summary = "list the rules"
  static let groups: [Option.Group] = [.listing]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    try expectNoOperands(arguments)
    let pages = allRules.map { $0.page }
    guard arguments.asJSON else {
      var table = Table([
        ("code", .left), ("level", .left), ("group", .left), ("name", .left), ("", .left),
      ])
      for page in pages {
        table.add([page.code, page.level.rawValue, page.group.name, page.name, page.summary])
      }
      return Reply(table.text)
    }
    var json = JSONWriter(brokenDepth: 1)
    json.array(pages) { json, page in
      json.object { json in
        json.member("code", page.code)
        json.member("name", page.name)
        json.member("group", page.group.name)
        json.member("level", page.level.rawValue)
        json.member("summary", page.summary)
      }
    }
    json.endLine()
    return Reply(json.bytes)
  }
}
