import Cost
import Rules
import Testing

private let joules = Interval(1, low: 0.8, high: 1.3)

@Test(arguments: [
  ("1 J/inf", Budget.Verdict.pass), ("0.99 J/inf", .fail), ("1.2 J/inf", .pass),
  ("0.5 J/inf", .fail),
])
func `the central value decides`(limit: String, verdict: Budget.Verdict) throws {
  #expect(try Budget(limit).verdict(on: joules, coverage: 1) == verdict)
}

@Test func `a figure that leaves out too much never passes`() throws {
  #expect(try Budget("2 J/inf").verdict(on: joules, coverage: 0.979) == .undecided)
  #expect(try Budget("2 J/inf").verdict(on: joules, coverage: 0.98) == .pass)
}

@Test func `a figure over the limit fails even where it leaves something out`() throws {
  #expect(try Budget("0.5 J/inf").verdict(on: joules, coverage: 0.1) == .fail)
}

@Test func `without a figure nothing is decided`() throws {
  #expect(try Budget("2 J/inf").verdict(on: nil, coverage: 1) == .undecided)
  let unknown = Interval(exactly: .nan)
  #expect(try Budget("2 J/inf").verdict(on: unknown, coverage: 1) == .undecided)
}

@Test func `a careful author takes the upper end, a lenient one the lower`() throws {
  var budget = try Budget("1.2 J/inf")
  budget.decision = .pessimistic
  #expect(budget.verdict(on: joules, coverage: 1) == .fail)
  budget = try Budget("0.9 J/inf")
  budget.decision = .optimistic
  #expect(budget.verdict(on: joules, coverage: 1) == .pass)
}

@Test func `a budget that is nearly spent is worth a word`() throws {
  var budget = try Budget("1.05 J/inf")
  #expect(!budget.isNear(joules))
  budget.warningShare = 0.9
  #expect(budget.isNear(joules))
  budget.warningShare = 0.99
  #expect(!budget.isNear(joules))
  budget = try Budget("0.9 J/inf")
  budget.warningShare = 0.5
  #expect(!budget.isNear(joules), "one that is exceeded fails, which is word enough")
}

@Test func `a budget may leave more or less open`() throws {
  var budget = try Budget("2 J/inf")
  budget.minimumCoverage = 0.5
  #expect(budget.verdict(on: joules, coverage: 0.6) == .pass)
}
