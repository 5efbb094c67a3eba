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

  /// Colour is for terminals that can show it; `NO_COLOR` forbids it, `FORCE_COLOR` demands it.
  init(isInteractive: Bool, environment: (String) -> String?) {
    self.isInteractive = isInteractive
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
    Terminal(isInteractive: isatty(1) == 1) { name in
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }
  }

  func usesColor(_ choice: Arguments.ColorChoice) -> Bool {
    switch choice {
    case .auto: hasColor
    case .always: true
    case .never: false
    }
  }
}
