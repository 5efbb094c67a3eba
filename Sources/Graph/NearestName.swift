/// The one of `names` that `text` was probably meant to be; nil where none is close.
///
/// Close is at most a third of the longer text changed, counted in characters inserted, left out or replaced.
package func nearestName(_ text: String, among names: [String]) -> String? {
  let scored = names.map { (name: $0, distance: editDistance(Array(text.utf8), Array($0.utf8))) }
  guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance * 3 <= max(text.utf8.count, best.name.utf8.count) ? best.name : nil
}

/// Levenshtein's distance, in time proportional to the product of the lengths.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  // Nobody mistypes a text this long, and the product of lengths must stay small.
  guard a.count <= 64, b.count <= 64 else { return .max / 4 }
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let replaced = diagonal + (left == right ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
