import Rules

/// Colour for terminals, where it is wanted.
struct Paint: Sendable {
  let isOn: Bool

  func bold(_ text: String) -> String { coded(text, "1") }
  func faint(_ text: String) -> String { coded(text, "2") }
  func red(_ text: String) -> String { coded(text, "1;31") }
  func green(_ text: String) -> String { coded(text, "1;32") }
  func yellow(_ text: String) -> String { coded(text, "1;33") }
  func blue(_ text: String) -> String { coded(text, "1;34") }

  func level(_ level: Level) -> String {
    switch level {
    case .error: red("error")
    case .warning: yellow("warning")
    case .info: blue("info")
    }
  }

  func verdict(_ verdict: Budget.Verdict) -> String {
    switch verdict {
    case .pass: green("PASS")
    case .fail: red("FAIL")
    case .undecided: yellow("UNDECIDED")
    }
  }

  private func coded(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
