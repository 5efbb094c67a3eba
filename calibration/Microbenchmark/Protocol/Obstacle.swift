/// Why a measurement cannot go on, as one sentence for the user.
enum Obstacle: Error, CustomStringConvertible {
  case driver(DriverFailure)
  /// The user asked to stop.
  case interrupted
  /// The same, with what to do next.
  case stopped(String)
  /// A file cannot be read, written, or continued.
  case file(String)
  /// A kernel's result is wrong on this board.
  case wrongResult(String)
  /// The board is not what it was when it was first measured.
  case drift(String)
  /// What was measured does not make a table.
  case insufficient(String)
  /// The board cannot be measured.
  case unsuitable(String)

  var description: String {
    switch self {
    case .driver(let failure): failure.description
    case .interrupted: "stopped"
    case .file(let text), .wrongResult(let text), .drift(let text), .insufficient(let text),
      .unsuitable(let text), .stopped(let text):
      text
    }
  }

  /// Runs `body`, whose failure is the driver's.
  static func driving<Value: ~Copyable>(_ body: () throws(DriverFailure) -> Value)
    throws(Obstacle) -> Value
  {
    do throws(DriverFailure) { return try body() } catch { throw .driver(error) }
  }
}
