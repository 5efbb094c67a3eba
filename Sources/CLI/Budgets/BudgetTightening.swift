import Graph
import Rules

/// Lowers the limits of a configuration file to what models take now, with room to spare; it raises none.
///
/// Only the numbers change: comments, order and units stay as their author wrote them.
struct BudgetTightening {
  /// A budget of the file, with the largest figure that was held against it.
  private struct Entry {
    let budget: Budget
    let globs: JSONTree?
    /// The byte of the limit's opening quote.
    let place: Int
    let origin: String
    var largest: Double?
    /// Why the limit is better left alone; nil where nothing speaks against it.
    var doubt: String?
  }

  let file: ConfigurationFile
  private let headroom: Double
  private var entries: [Entry] = []

  init(_ file: ConfigurationFile, headroom: Double) throws(UsageError) {
    self.file = file
    self.headroom = headroom
    for entry in file.root["budgets"]?.value.elements ?? [] {
      guard let budget = try file.budget(entry), let limit = entry["max"]?.value else { continue }
      entries.append(
        Entry(
          budget: budget, globs: entry["paths"]?.value, place: limit.place,
          origin: file.origin(limit.place)))
    }
  }

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ costed: Costed, at path: String) {
    for index in entries.indices where file.means(FilePath(path), by: entries[index].globs) {
      let result = costed.result(of: entries[index].budget)
      guard let value = result.value.map(entries[index].budget.decision.figure), value.isFinite
      else {
        entries[index].doubt = "\(path) has no figure for it"
        continue
      }
      if result.coverage < entries[index].budget.minimumCoverage {
        entries[index].doubt =
          "only \(Number.percent(result.coverage)) of the nodes of \(path) are priced"
      }
      entries[index].largest = max(entries[index].largest ?? 0, value)
    }
  }

  mutating func addFailure(at path: String) {
    for index in entries.indices where file.means(FilePath(path), by: entries[index].globs) {
      entries[index].doubt = "\(path) could not be costed"
    }
  }

  /// The file as it should be, and a line for each budget; nil bytes where nothing changes.
  func result(_ bytes: [UInt8]) -> (bytes: [UInt8]?, lines: [String]) {
    var lines: [String] = []
    var edits: [(range: Range<Int>, text: String)] = []
    for entry in entries {
      let name = entry.budget.name == entry.budget.text ? "" : " \(entry.budget.name)"
      let head = "\(entry.origin): budget\(name): "
      guard let largest = entry.largest else {
        lines.append(head + "fits no model, left as it is")
        continue
      }
      if let doubt = entry.doubt {
        lines.append(head + "\(entry.budget.text) stays, since \(doubt)")
        continue
      }
      guard let edit = edit(of: entry, largest, bytes) else {
        lines.append(head + "\(entry.budget.text) stays")
        continue
      }
      edits.append(edit)
      let old = String(decoding: bytes[edit.range], as: UTF8.self)
      let unit = entry.budget.text.drop { $0 == " " }.dropFirst(old.count)
      lines.append(head + "\(old) -> \(edit.text)\(unit)")
    }
    guard !edits.isEmpty else { return (nil, lines) }
    var changed = bytes
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      changed.replaceSubrange(edit.range, with: Array(edit.text.utf8))
    }
    return (changed, lines)
  }

  /// The number to put in the place of the limit's; nil where the limit is as low, or lower.
  private func edit(of entry: Entry, _ largest: Double, _ bytes: [UInt8])
    -> (range: Range<Int>, text: String)?
  {
    let limit = entry.budget.limit
    guard limit > 0, bytes.indices.contains(entry.place) else { return nil }
    // The number stands right after the quote, but for blanks.
    let start = bytes[(entry.place + 1)...].firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.count
    let digits = bytes[start...].prefix { "0123456789.+-e".utf8.contains($0) }
    guard let number = Double(String(decoding: digits, as: UTF8.self)), number > 0 else {
      return nil
    }
    let text = LimitText.roundedUp(largest * (1 + headroom) * number / limit)
    guard let new = Double(text), new > 0, new < number else { return nil }
    return (digits.startIndex..<digits.endIndex, text)
  }
}
