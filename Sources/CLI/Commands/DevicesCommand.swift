import Cost
import Rules

/// Lists, shows and checks device tables.
enum DevicesCommand: Command {
  static let name = "devices"
  static let summary = "list devices, show one, or check a table's file"
  static let operands = "[list | show NAME | check FILE]"
  static let groups: [Option.Group] = [.listing]
  static let examples: [(line: String, does: String)] = [
    ("devices show t4", "rates, power, and where they come from"),
    ("devices check board.json", "whether a table can be, by physics and the data sheet"),
  ]

  static func run(_ arguments: Arguments, on _: Terminal) throws(UsageError) -> Reply {
    let words = arguments.operands
    switch (words.first ?? "list", words.count) {
    case ("list", 0...1): return try list(arguments)
    case ("show", 2): return Reply(DeviceSheet(try .chosen(by: words[1])).text)
    case ("check", 2): return check(try Device.read(from: words[1]), words[1])
    case ("list", _), ("show", _), ("check", _):
      throw UsageError("expected \(name) \(operands)")
    case (let word, _):
      throw UsageError(unknown: "action", word, among: ["list", "show", "check"])
    }
  }

  /// A sentence for each thing that cannot be or hardly can, and what that comes to.
  private static func check(_ device: Device, _ path: String) -> Reply {
    let check = DeviceCheck(device)
    let lines = check.problems.map {
      "\(path): \($0.severity.rawValue): \($0.path): \($0.message)\n"
    }
    let warnings = check.problems.count { $0.severity == .warning }
    let verdict =
      check.hasErrors
      ? "\(counted(check.problems.count - warnings, "error")), not to be used"
      : "usable" + (warnings == 0 ? "" : ", \(counted(warnings, "warning"))")
    var reply = Reply(
      lines.joined()
        + "\(path): \(device.title), \(counted(device.rates.count, "rate")), \(verdict)\n")
    if check.hasErrors { reply.exit = .usage }
    return reply
  }

  private static func list(_ arguments: Arguments) throws(UsageError) -> Reply {
    var devices: [Device] = []
    for name in DeviceList.names { devices.append(try .chosen(by: name)) }
    guard arguments.asJSON else {
      var table = Table([
        ("name", .left), ("board", .left), ("cap", .right), ("made", .left), ("from", .left),
      ])
      for device in devices {
        table.add([
          device.name, device.title, Number.text(device.power.capWatts, unit: "W"),
          device.provenance.date, device.provenance.kind.words,
        ])
      }
      return Reply(table.text)
    }
    var json = JSONWriter(brokenDepth: 1)
    json.array(devices) { json, device in
      json.object { json in
        json.member("name", device.name)
        json.member("title", device.title)
        json.member("provenance", device.provenance.kind.rawValue)
        json.member("calibration_date", device.provenance.date)
        json.member("calibration_sha256", device.sha256)
      }
    }
    json.endLine()
    return Reply(json.bytes)
  }
}
