#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where standard output goes, and what may be written there.
struct Terminal: Sendable {
  /// Whether a person watches: reports are then written out in full.
  var isInteractive = false
  /// Whether colour is wanted where the command line leaves it open.
  var hasColor = false
  /// The variables of the environment that settings may come from.
  var variables: [String: String] = [:]
  /// The day, as `2026-11-21`; no report says it, but an exception may end on one.
  var today = "0000-00-00"

  /// Colour is for terminals that can show it; `NO_COLOR` forbids it, `FORCE_COLOR` demands it.
  init(isInteractive: Bool, environment: (String) -> String?) {
    self.isInteractive = isInteractive
    for (name, _) in ConfigurationForm.variables { variables[name] = environment(name) }
    if let seconds = environment("SOURCE_DATE_EPOCH").flatMap(Int.init) {
      today = day(secondsSince1970: seconds)
    }
    func isSet(_ name: String) -> Bool { !(environment(name) ?? "").isEmpty }
    if isSet("NO_COLOR") {
      hasColor = false
    } else if isSet("FORCE_COLOR") {
      hasColor = environment("FORCE_COLOR") != "0"
    } else {
      hasColor = isInteractive && environment("TERM") != "dumb"
    }
  }

  /// The terminal of this process.
  static var current: Terminal {
    var terminal = Terminal(isInteractive: isatty(1) == 1) { name in
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }
    if unsafe getenv("SOURCE_DATE_EPOCH") == nil {
      terminal.today = day(secondsSince1970: Int(time(nil)))
    }
    return terminal
  }

  func usesColor(_ choice: Arguments.ColorChoice) -> Bool {
    switch choice {
    case .auto: hasColor
    case .always: true
    case .never: false
    }
  }
}

/// The day in Greenwich, as `2026-11-21`.
///
/// Days are counted from a first of March, so that a leap day ends its year: four centuries have 146,097 days.
func day(secondsSince1970 seconds: Int) -> String {
  let days = max(0, min(seconds, 250_000_000_000)) / 86400 + 719_468
  let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)
  let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
  let month = (5 * dayOfYear + 2) / 153
  let parts = [
    (era * 400 + year + (month >= 10 ? 1 : 0), 4), (month < 10 ? month + 3 : month - 9, 2),
    (dayOfYear - (153 * month + 2) / 5 + 1, 2),
  ]
  return parts.map { number, width in
    String(repeating: "0", count: max(0, width - number.description.count)) + number.description
  }.joined(separator: "-")
}
