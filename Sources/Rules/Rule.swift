import Cost

/// Something worth telling the author of a model about.
package protocol Rule: Sendable, SendableMetatype {
  /// What users read about the rule, and what tests run.
  static var page: Page { get }

  init()

  /// Reports each place in the model where the rule applies.
  func check(_ subject: Subject, _ report: (Report) -> Void)
}

/// How much a finding matters.
package enum Level: String, Sendable, CaseIterable, Comparable {
  case info, warning, error

  package static func < (a: Level, b: Level) -> Bool {
    allCases.firstIndex(of: a) ?? 0 < allCases.firstIndex(of: b) ?? 0
  }
}

/// The kind of waste that a rule looks for; the first digit of its code.
package enum Group: Int, Sendable, CaseIterable {
  case redundantWork = 2
  case memoryTraffic = 3
  case precision = 4
  case architecture = 5
  case deployment = 6
  case lifecycle = 7

  package var name: String {
    switch self {
    case .redundantWork: "redundant work"
    case .memoryTraffic: "memory traffic"
    case .precision: "precision"
    case .architecture: "architecture"
    case .deployment: "deployment"
    case .lifecycle: "lifecycle"
    }
  }
}
