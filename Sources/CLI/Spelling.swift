/// The number of insertions, deletions, changes and swaps of neighbours that turn `a` into `b`.
///
/// The restricted Damerau-Levenshtein distance: no place is edited twice. Takes `a.count * b.count` steps.
func editDistance(_ a: String, _ b: String) -> Int {
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

/// The candidate that `word` is most likely a misspelling of, or nil where none is near; the first of equals.
func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  // A longer word is a file that was put in the wrong place, and costs time to compare.
  guard word.utf8.count <= 64 else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(word.lowercased(), candidate.lowercased())
    let allowed = max(1, min(word.count, candidate.count) / 3)
    if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}
