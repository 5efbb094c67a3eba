package import Cost
import Graph

/// The remedies of several findings, applied together as far as they go together.
///
/// Findings come dearest first, and where two change the same thing the earlier one holds. A place is taken whole
/// or not at all, since half of a rewrite would be another rewrite.
package struct Joint: Sendable {
  /// A place whose remedy is applied: the finding and the place by their numbers.
  package struct Member: Hashable, Sendable {
    package var finding: Int
    package var place: Int

    package init(finding: Int, place: Int) {
      self.finding = finding
      self.place = place
    }
  }

  package private(set) var members: [Member] = []
  /// The joules that all of them save in one execution.
  package private(set) var saving = Interval(exactly: 0)

  /// For each finding, the remedy of each of its places.
  ///
  /// All of them together save `least` joules or more, what one of them saves alone: a remedy that makes the others
  /// lose is left out. What is the same as in `other` is not priced again, nor is what a finding saves by itself, where
  /// `alone` has it.
  init(
    _ findings: [[Remedy]], _ subject: Subject, alone: [Interval] = [], like other: Joint? = nil,
    atLeast least: Double = 0
  ) {
    let valueCount = subject.scope.body.values.count
    var change = Change(subject.estimate)
    func take(_ finding: Int) {
      for (place, remedy) in findings[finding].enumerated()
      where change.add(remedy, valueCount: valueCount) {
        members.append(Member(finding: finding, place: place))
      }
    }
    for finding in findings.indices { take(finding) }
    guard !members.isEmpty else { return }
    if let other, other.members == members {
      saving = other.saving
      return
    }
    if let first = members.first?.finding, first == members.last?.finding,
      alone.indices.contains(first), alone[first].value >= least
    {
      saving = alone[first]
      return
    }
    if let after = subject.estimate(after: change) {
      saving = subject.saving(by: after)
      // The same sum in another order differs by its last bits.
      if saving.value >= least * (1 - 1e-9) { return }
    }
    // Two rewrites that touch nothing in common may still undo what the other builds on, and what saves in
    // float32 may cost in float16. That is rare, so only now is each finding looked at beside those before it.
    change = Change(subject.estimate)
    members = []
    saving = Interval(exactly: 0)
    for finding in findings.indices {
      let before = (change, members)
      take(finding)
      guard members.count > before.1.count else { continue }
      if let after = subject.estimate(after: change),
        subject.saving(by: after).value >= saving.value
      {
        saving = subject.saving(by: after)
      } else {
        (change, members) = before
      }
    }
  }
}

/// Several remedies as one: a rewrite, a scenario, and the extents of the inputs.
struct Change {
  private(set) var rewrite = Rewrite()
  private(set) var scenario: Scenario
  private(set) var request: Binding.Request
  private let given: (scenario: Scenario, request: Binding.Request)

  init(_ estimate: Estimate) {
    scenario = estimate.scenario
    request = estimate.analysis.binding.request
    given = (scenario, request)
  }

  /// Adds `remedy`, unless it is at odds with what is there; says whether it was added.
  mutating func add(_ remedy: Remedy, valueCount: Int) -> Bool {
    switch remedy {
    case .rewrite(let other):
      guard !rewrite.conflicts(with: other) else { return false }
      rewrite.join(other, valueCount: valueCount)
    case .scenario(let other):
      var changed = scenario
      if other.runtime != given.scenario.runtime {
        guard scenario.runtime == given.scenario.runtime else { return false }
        changed.runtime = other.runtime
      }
      if other.precision != given.scenario.precision {
        guard scenario.precision == given.scenario.precision else { return false }
        changed.precision = other.precision
      }
      scenario = changed
    case .binding(let other):
      guard request == given.request else { return false }
      request = other
    case .advice: return false
    }
    return true
  }
}
