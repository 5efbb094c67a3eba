import Cost

/// The findings that a model had when somebody wrote them down.
package struct Baseline: Hashable, Sendable {
  package var entries: [Entry]
  /// Whether savings were found with the device and the way of running of now, and can be compared.
  package var isComparable: Bool

  /// Places of one rule that look alike.
  package struct Entry: Hashable, Sendable {
    package var code: String
    /// Of the places: rule and structure, neither names nor numbers.
    package var fingerprint: String
    package var places: Int
    /// What mending all of them saves, in joules of one execution.
    package var joules: Double

    package init(code: String, fingerprint: String, places: Int, joules: Double) {
      self.code = code
      self.fingerprint = fingerprint
      self.places = places
      self.joules = joules
    }
  }

  package init(entries: [Entry], isComparable: Bool = true) {
    self.entries = entries
    self.isComparable = isComparable
  }

  /// The same with what `other` has beside it.
  package func adding(_ other: Baseline?) -> Baseline {
    var sum = self
    let known = Set(entries.map { [$0.code, $0.fingerprint] })
    sum.entries += (other?.entries ?? []).filter { !known.contains([$0.code, $0.fingerprint]) }
    return sum
  }

  /// A finding that saves so much more than it did is told of again.
  package static let tolerance = 1.1

  /// What to write down of the findings of a model, those at the same kind of place together.
  package static func entries(of result: LintResult) -> [Entry] {
    var entries: [Entry] = []
    var numbers: [[String]: Int] = [:]
    let known = result.suppressed.filter { $0.cause == .baseline }.map(\.finding)
    for finding in result.findings + known {
      let share = finding.saving.value / Double(max(1, finding.places.count))
      for place in finding.places {
        if let number = numbers[[finding.code, place.fingerprint]] {
          entries[number].places += 1
          entries[number].joules += share
        } else {
          numbers[[finding.code, place.fingerprint]] = entries.count
          entries.append(
            Entry(
              code: finding.code, fingerprint: place.fingerprint, places: 1, joules: share))
        }
      }
    }
    return entries.sorted { ($0.code, $0.fingerprint) < ($1.code, $1.fingerprint) }
  }
}

/// A baseline while a model is held against it: each place is known once.
struct BaselineMatch {
  private let baseline: Baseline
  private var left: [Int]

  init(_ baseline: Baseline?) {
    self.baseline = baseline ?? Baseline(entries: [])
    left = self.baseline.entries.map(\.places)
  }

  /// Takes a place for known; returns the number of the entry that it is of, or nil where it is new.
  mutating func take(_ code: String, _ fingerprint: String) -> Int? {
    let number = baseline.entries.indices.first { number in
      left[number] > 0 && baseline.entries[number].code == code
        && baseline.entries[number].fingerprint == fingerprint
    }
    guard let number else { return nil }
    left[number] -= 1
    return number
  }

  /// Whether a finding at places of some entries, that saves `joules`, saves no more than all of those did.
  ///
  /// Fewer places save more each, since they share less with one another.
  func isKept(_ joules: Double, _ entries: Set<Int>) -> Bool {
    let before = entries.sorted().reduce(0) { $0 + baseline.entries[$1].joules }
    return !baseline.isComparable || joules <= before * Baseline.tolerance
  }

  /// The entries of rules in `codes` that were not met again, with the places that are left.
  func stale(_ codes: Set<String>) -> [Baseline.Entry] {
    zip(baseline.entries, left).compactMap { entry, left in
      guard left > 0, codes.contains(entry.code) else { return nil }
      var entry = entry
      entry.places = left
      return entry
    }
  }
}
