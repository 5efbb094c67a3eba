import Cost

/// Lists the grids that `--region` knows.
enum RegionsCommand: Command {
  static let name = "regions"
  static let summary = "list grids with the CO2e of a kilowatt-hour"
  static let operands = "[WORD…]"
  static let groups: [Option.Group] = [.listing]
  static let examples: [(line: String, does: String)] = [
    ("regions germany", "those whose code or name has the word in it"),
    ("regions gcp:europe", "the regions of a cloud"),
  ]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    let words = arguments.operands.map { $0.lowercased() }
    let grids = Grid.all.filter { grid in
      let names = ([grid.code, grid.name] + grid.otherCodes).map { $0.lowercased() }
      return words.isEmpty || words.contains { word in names.contains { $0.contains(word) } }
    }
    guard !grids.isEmpty else {
      throw UsageError(
        "no region has '\(arguments.operands.joined(separator: "' or '"))' in its name")
    }
    return arguments.asJSON ? json(grids) : table(grids)
  }

  private static func table(_ grids: [Grid]) -> Reply {
    var table = Table([
      ("region", .left), ("g CO2e/kWh", .right), ("year", .left), ("name", .left),
      ("from", .left),
    ])
    for grid in grids {
      table.add([
        ([grid.code] + grid.otherCodes).prefix(grid.kind == .cloud ? 1 : 2).joined(separator: ", "),
        Number.text(grid.gramsPerKilowattHour), grid.year?.description ?? "", grid.name,
        grid.source,
      ])
    }
    return Reply(table.text)
  }

  private static func json(_ grids: [Grid]) -> Reply {
    var json = JSONWriter(brokenDepth: 1)
    json.array(grids) { json, grid in
      json.object { json in
        json.member("code", grid.code)
        json.member("other_codes", grid.otherCodes)
        json.member("kind", grid.kind.rawValue)
        json.member("name", grid.name)
        json.member("grams_per_kwh", grid.gramsPerKilowattHour)
        json.member("year", grid.year)
        json.member("basis", grid.basis)
        json.member("source", grid.source)
      }
    }
    json.endLine()
    return Reply(json.bytes)
  }
}
