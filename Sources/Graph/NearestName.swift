/// The one of `names` that `text` was probably meant to be, the first of equals; nil where none is close.
///
/// Close is at most a third of the longer text edited, or one character of a short one, upper and lower case being the same.
package func nearestName(_ text: String, among names: [String]) -> String? {
  // Nobody mistypes a text this long, and the product of lengths must stay small.
  guard text.utf8.count <= 64 else { return nil }
  var best: (name: String, distance: Int)?
  for name in names where name.utf8.count <= 64 {
    let distance = editDistance(text.lowercased(), name.lowercased())
    let length = max(text.count, name.count)
    let isClose = distance <= max(1, length / 3) && distance < length
    if isClose, distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name
}

/// The number of insertions, deletions, changes and swaps of neighbours that turn `a` into `b`.
///
/// The restricted Damerau-Levenshtein distance: no place is edited twice. Takes `a.count * b.count` steps.
package func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.unicodeScalars)
  let b = Array(b.unicodeScalars)
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in b.indices {
      let change = last[j] + (a[i] == b[j] ? 0 : 1)
      var best = min(change, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
