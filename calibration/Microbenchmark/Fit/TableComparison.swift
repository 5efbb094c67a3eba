import Cost

/// Two tables figure by figure: what measuring one board twice should leave as it was.
struct TableComparison {
  /// A figure of the two; nil in the table that does not have it measured.
  struct Figure {
    let name: String
    let first: Double?
    let second: Double?
    /// How far the second is above the first, as a share; nil where one of them is missing.
    let change: Double?
  }

  /// In the order of the first table, then those of the second alone.
  let figures: [Figure]
  /// The largest change that is none.
  let limit: Double
  private let titles: [String]

  init(_ first: Device, _ second: Device, within limit: Double) {
    let (before, after) = (Coefficient.all(of: first), Coefficient.all(of: second))
    let names = Set(before.map(\.name))
    figures =
      before.map { figure in
        let again = after.first { $0.name == figure.name }
        return Figure(
          name: figure.name, first: figure.value, second: again?.value,
          change: again?.change(from: figure))
      }
      + after.filter { !names.contains($0.name) }.map {
        Figure(name: $0.name, first: nil, second: $0.value, change: nil)
      }
    self.limit = limit
    titles = [first, second].map { "\($0.title), \($0.provenance.date)" }
  }

  /// Whether `figure` is in both tables and about the same there.
  func isKept(_ figure: Figure) -> Bool {
    // Written so that what is not a number is no agreement.
    figure.change.map { $0.magnitude <= limit } ?? false
  }

  /// Whether all are.
  var agrees: Bool { figures.allSatisfy(isKept) }

  /// A line for each figure, and one that says what they come to.
  var text: String {
    var text = "first:  \(titles[0])\nsecond: \(titles[1])\n\n"
    text += Self.line("first", "second", "change", "figure")
    for figure in figures {
      text += Self.line(
        Self.number(figure.first), Self.number(figure.second), Self.percent(figure.change),
        figure.name + (isKept(figure) ? "" : "  <"))
    }
    return text + "\n" + verdict + "\n"
  }

  private var verdict: String {
    let share = "\(oneDigit(100 * limit)) %"
    let changed = figures.filter { $0.change != nil && !isKept($0) }
    let missing = figures.filter { $0.change == nil }
    var parts = [
      changed.isEmpty
        ? "all \(figures.count - missing.count) figures of both tables agree within \(share)"
        : "\(changed.count) of \(figures.count - missing.count) figures differ by more than \(share)"
    ]
    if !missing.isEmpty {
      parts.append("\(missing.count) were measured for one of the tables only")
    }
    return parts.joined(separator: "; ")
  }

  private static func line(_ first: String, _ second: String, _ change: String, _ name: String)
    -> String
  {
    padded(first, 9) + padded(second, 10) + padded(change, 10) + "  " + name + "\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  private static func number(_ value: Double?) -> String {
    value.map { "\(threeDigits($0))" } ?? "-"
  }

  private static func percent(_ change: Double?) -> String {
    guard let change else { return "-" }
    return (change > 0 ? "+" : "") + oneDigit(100 * change) + " %"
  }
}
