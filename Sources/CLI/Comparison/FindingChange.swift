import Rules

/// What a model's findings have become.
struct FindingChange: Sendable {
  /// Those of the head that the base has not.
  private(set) var new: [Finding]
  /// Those of the base of which the head has fewer places, each with how many are gone.
  private(set) var gone: [(finding: Finding, places: Int)] = []
  /// Places of the head that the base has too.
  private(set) var kept: Int

  var isNothing: Bool { new.isEmpty && gone.isEmpty }

  /// `head` was linted with what `base` has for its baseline.
  init(from base: LintResult?, to head: LintResult?) {
    new = head?.findings ?? []
    kept =
      head?.suppressed.filter { $0.cause == .baseline }
      .reduce(0) { $0 + $1.finding.places.count } ?? 0
    var left: [[String]: Int] = [:]
    for entry in head?.stale ?? [] {
      left[[entry.code, entry.fingerprint], default: 0] += entry.places
    }
    for finding in base?.findings ?? [] {
      var places = 0
      for place in finding.places {
        let key = [finding.code, place.fingerprint]
        guard let count = left[key], count > 0 else { continue }
        left[key] = count - 1
        places += 1
      }
      if places > 0 { gone.append((finding, places)) }
    }
    join()
  }

  /// Takes for kept what one rule says of the same node before and after, though the node's shape is another.
  ///
  /// So is what a rule says of the model as a whole, which it shows at a node that may differ.
  private mutating func join() {
    for number in new.indices.reversed() {
      let finding = new[number]
      let names = Set(finding.nodes)
      let alike = gone.indices.filter { gone[$0].finding.code == finding.code }
      let isOnly = alike.count == 1 && new.count { $0.code == finding.code } == 1
      let partner = alike.first { index in
        gone[index].finding.nodes.contains { names.contains($0) }
          || isOnly && gone[index].finding.places.count == 1 && finding.places.count == 1
      }
      guard let partner, finding.places.count <= gone[partner].places else { continue }
      kept += finding.places.count
      gone[partner].places -= finding.places.count
      if gone[partner].places == 0 { gone.remove(at: partner) }
      new.remove(at: number)
    }
  }
}
