/// How loud a finding is, by the share of energy that it would save.
package enum Ladder {
  /// An exact remedy that saves this share is worth a warning; less is worth a note.
  package static let exactWarning = 0.01
  /// A remedy that changes the function must save this share to be worth a warning.
  package static let tradeOffWarning = 0.2
  /// A remedy that changes the function must save this share to be worth a note.
  package static let tradeOffInfo = 0.05

  /// The level of a finding, or nil where it is not worth saying.
  static func level(_ share: Double, _ report: Report, _ page: Page) -> Level? {
    if report.isExact {
      return max(report.floor, min(share >= exactWarning ? page.level : .info, report.cap))
    }
    guard share >= tradeOffInfo || report.isNote else { return nil }
    return max(report.floor, min(share >= tradeOffWarning ? page.level : .info, report.cap))
  }
}
