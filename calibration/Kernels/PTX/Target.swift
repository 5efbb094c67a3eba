/// The least generation of boards that a kernel's text is written for; the driver compiles it for later ones too.
package enum Target: Int, Comparable, CaseIterable, Sendable {
  case sm70 = 70
  case sm75 = 75
  case sm80 = 80

  /// The name that the assembler knows it by.
  package var name: String { "sm_\(rawValue)" }

  /// The first version of PTX with what the kernels use of this generation.
  var version: String {
    switch self {
    case .sm70: "6.0"
    case .sm75: "6.5"
    case .sm80: "7.0"
    }
  }

  /// The latest generation that a board of compute capability `major.minor` runs; nil before Volta.
  package static func latest(major: Int, minor: Int) -> Target? {
    allCases.last { ($0.rawValue / 10, $0.rawValue % 10) <= (major, minor) }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
