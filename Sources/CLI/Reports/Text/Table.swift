/// Rows of cells under a header, in columns that line up.
struct Table {
  enum Alignment {
    case left, right
    /// Numbers stand with their points under one another.
    case point
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ columns: [(title: String, alignment: Alignment)]) {
    alignments = columns.map { $0.alignment }
    rows = [columns.map { $0.title }]
  }

  /// Adds a row, which has a cell for each column.
  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines of the table, indented by two.
  var text: String {
    var columns: [[String]] = []
    for (index, alignment) in alignments.enumerated() {
      columns.append(Self.lined(rows.map { $0[index] }, alignment))
    }
    var text = ""
    for row in rows.indices {
      var line = "  " + columns.map { $0[row] }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }

  /// The cells of a column, the first of which is its title, all of one width.
  private static func lined(_ cells: [String], _ alignment: Alignment) -> [String] {
    var cells = cells
    if alignment == .point {
      let tails = cells.map { $0.drop { $0 != "." }.count }
      let longest = tails.dropFirst().max() ?? 0
      for index in cells.indices.dropFirst() {
        cells[index] += String(repeating: " ", count: longest - tails[index])
      }
    }
    let width = cells.map(\.count).max() ?? 0
    return cells.map { cell in
      let blanks = String(repeating: " ", count: width - cell.count)
      return alignment == .left ? cell + blanks : blanks + cell
    }
  }
}
