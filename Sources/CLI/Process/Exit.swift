/// What the process says to the one that started it.
enum Exit: Int32, Comparable, Sendable {
  /// Nothing at or above `--fail-on`, and all budgets pass.
  case clean = 0
  /// Findings at or above `--fail-on`, or a budget failed.
  case findings = 1
  case usage = 2
  /// An input could not be costed; the others were still reported.
  case input = 3
  /// The program itself failed, or its report could not be written.
  case `internal` = 4

  static func < (a: Exit, b: Exit) -> Bool { a.rawValue < b.rawValue }
}

/// Why a run ends as it does, in order of weight; JSON's `exit_reason`.
enum ExitReason: Int, Comparable, Sendable {
  case clean, findings, budget, input

  static func < (a: ExitReason, b: ExitReason) -> Bool { a.rawValue < b.rawValue }

  var name: String {
    switch self {
    case .clean: "clean"
    case .findings: "findings"
    case .budget: "budget"
    case .input: "input_error"
    }
  }

  /// The status for this reason; `exitZero` lets findings and budgets pass, nothing else.
  func exit(exitZero: Bool) -> Exit {
    switch self {
    case .clean: .clean
    case .findings, .budget: exitZero ? .clean : .findings
    case .input: .input
    }
  }
}
