package import Cost
import Graph

/// Runs rules over a priced model, and prices what each finding would save.
///
/// A saving is always the estimate before minus the estimate after the remedy, never a guess; several
/// remedies are applied together and priced once, since their savings overlap.
package struct Linter: Sendable {
  private let rules: [any Rule.Type]
  private let settings: Settings

  package init(rules: [any Rule.Type] = allRules, settings: Settings = Settings()) {
    self.rules = rules.filter { settings.runs($0.page) }
    self.settings = settings
  }

  package func lint(_ estimate: Estimate, for purpose: Purpose = Purpose()) -> LintResult {
    var subject = Subject(estimate, for: purpose)
    let asking = [BatchOneServing.page.code, DeepNarrowLaunchBound.page.code]
    if rules.contains(where: { asking.contains($0.page.code) }) { subject.priceManyAtOnce() }
    var found: [Found] = []
    var match = BaselineMatch(settings.baseline)
    var prices = Prices(subject)
    for rule in rules {
      for reports in patterns(rule, subject) {
        found += self.found(rule.page, reports, &match, &prices)
      }
    }
    found.sort()
    if LifecyclePhasePriority.isUsed(purpose) {
      // Where inferences take nearly all, what keeps the function is worth doing before anything else.
      found = found.filter(\.finding.isExact) + found.filter { !$0.finding.isExact }
    }
    var result = LintResult()
    result.isBaselineComparable = settings.baseline?.isComparable ?? true
    result.stale = match.stale(Set(rules.map { $0.page.code }))
    var shown: [Found] = []
    for entry in found {
      if let cause = entry.cause {
        result.suppressed.append(.init(finding: entry.finding, cause: cause))
        continue
      }
      let isHint = entry.finding.benefit == nil && !entry.isError
      let isDwarfed =
        isHint && LifecyclePhasePriority.isMade(purpose)
        && entry.finding.share < LifecyclePhasePriority.dwarfedShare
      if isMaterial(entry, subject) && !isDwarfed {
        shown.append(entry)
      } else {
        result.belowFloor.append(entry.finding)
      }
    }
    nameSharedSavings(&shown)
    result.findings = shown.map(\.finding)
    let all = joint(shown, subject)
    result.jointAll = all.saving
    let exact = joint(shown, subject, like: all, where: \.isExact)
    result.jointExact = exact.saving
    result.leading = leading(shown, all, subject)
    // What gives the function that was meant is written too, though it saves what no exact fix does.
    let written = joint(
      shown, subject,
      like: shown.contains { $0.finding.isFixable && !$0.finding.isExact } ? all : exact,
      where: { $0.isExact || $0.isFixable })
    result.fixes = written.members.compactMap { member in
      let entry = shown[member.finding]
      guard entry.finding.isFixable, case .rewrite(let rewrite) = entry.remedies[member.place]
      else { return nil }
      return .init(member: member, rewrite: rewrite)
    }
    return result
  }

  /// The remedies of the findings that are wanted, which save no less together than the dearest of them alone.
  private func joint(
    _ shown: some Collection<Found>, _ subject: Subject, like other: Joint? = nil,
    where isWanted: (Finding) -> Bool = { _ in true }
  ) -> Joint {
    let wanted = shown.filter { isWanted($0.finding) }.map(\.finding.saving.value)
    return Joint(
      shown.map { isWanted($0.finding) ? $0.remedies : [] }, subject,
      alone: shown.map(\.finding.saving), like: other, atLeast: wanted.max() ?? 0)
  }

  /// Says of each finding that is mended by running the model otherwise which one before it is mended so too.
  private func nameSharedSavings(_ shown: inout [Found]) {
    var firsts: [Scenario: String] = [:]
    for index in shown.indices {
      guard shown[index].remedies.count == 1,
        case .scenario(let scenario) = shown[index].remedies[0]
      else { continue }
      shown[index].finding.sameSavingAs = firsts[scenario]
      if firsts[scenario] == nil { firsts[scenario] = shown[index].finding.code }
    }
  }

  /// How many findings, from the dearest, save most of what all of them do; nil where that takes all.
  private func leading(_ shown: [Found], _ all: Joint, _ subject: Subject) -> Int? {
    guard shown.count > 2, all.saving.value > 0 else { return nil }
    let most = Self.mostOfAll * all.saving.value
    // The first is priced already.
    if shown[0].finding.saving.value >= most { return 1 }
    // More findings never save less, as far as they go together, so halving finds the fewest.
    var range = 2..<shown.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let some = joint(shown.prefix(middle), subject, like: all)
      if some.saving.value >= most {
        range = range.lowerBound..<middle
      } else {
        range = (middle + 1)..<range.upperBound
      }
    }
    return range.lowerBound < shown.count ? range.lowerBound : nil
  }

  /// The share of the joint saving that counts as most of it.
  private static let mostOfAll = 0.8

  /// A finding with what would mend it.
  fileprivate struct Found {
    var finding: Finding
    var remedies: [Remedy]
    var order: Node.ID
    /// Whether the rule takes it for an error, whatever the user does.
    var isError = false
    /// Why it is not told of; nil where it is.
    var cause: SuppressionCause?
  }

  /// What remedies save; running the model otherwise, which several rules report, is priced once.
  private struct Prices {
    let subject: Subject
    private var scenarios: [Scenario: Interval] = [:]

    init(_ subject: Subject) { self.subject = subject }

    /// `after` is the model with the remedies, where that is priced already.
    mutating func saving(_ remedies: [Remedy], after: Estimate?) -> Interval {
      guard remedies.count == 1, case .scenario(let scenario) = remedies[0] else {
        return after.map(subject.saving(by:)) ?? subject.saving(remedies)
      }
      if let known = scenarios[scenario] { return known }
      let saving = after.map(subject.saving(by:)) ?? subject.saving(remedies)
      scenarios[scenario] = saving
      return saving
    }
  }

  /// What a rule reports, and where that is.
  private struct Placed {
    let report: Report
    let place: Place
  }

  /// What a rule reports, those of one pattern together, in the order of their first reports.
  private func patterns(_ rule: any Rule.Type, _ subject: Subject) -> [[Report]] {
    var patterns: [[Report]] = []
    var numbers: [String: Int] = [:]
    rule.init().check(subject) { report in
      if let number = numbers[report.pattern] {
        patterns[number].append(report)
      } else {
        numbers[report.pattern] = patterns.count
        patterns.append([report])
      }
    }
    return patterns
  }

  /// The findings that reports of one pattern become: the new ones, those ignored and those that were there before.
  private func found(
    _ page: Page, _ reports: [Report], _ match: inout BaselineMatch, _ prices: inout Prices
  ) -> [Found] {
    let subject = prices.subject
    var new: [Placed] = []
    var known: [Placed] = []
    var entries: Set<Int> = []
    var ignored: [(suppression: Suppression, reports: [Placed])] = []
    for report in reports {
      let place = subject.place(report.nodes, of: page.code)
      let report = Placed(report: report, place: place)
      if let suppression = settings.suppressions.first(where: { $0.covers(page, place) }) {
        if let number = ignored.firstIndex(where: { $0.suppression == suppression }) {
          ignored[number].reports.append(report)
        } else {
          ignored.append((suppression, [report]))
        }
      } else if let entry = match.take(page.code, place.fingerprint) {
        known.append(report)
        entries.insert(entry)
      } else {
        new.append(report)
      }
    }
    var found: [Found] = []
    for entry in ignored {
      guard var ignored = self.found(page, entry.reports, &prices) else { continue }
      ignored.cause = .ignored(entry.suppression)
      found.append(ignored)
    }
    if var old = self.found(page, known, &prices) {
      if match.isKept(old.finding.saving.value, entries) {
        old.cause = .baseline
        found.append(old)
      } else {
        new = known + new
      }
    }
    if let new = self.found(page, new, &prices) { found.append(new) }
    return found
  }

  /// The finding that reports of one pattern become, or nil where it is not worth saying.
  ///
  /// All of them are priced at once: a graph is analysed as often as it has patterns, not places.
  private func found(_ page: Page, _ reports: [Placed], _ prices: inout Prices) -> Found? {
    let subject = prices.subject
    guard let first = reports.first?.report, subject.totalJoules > 0 else { return nil }
    if case .advice(let benefit) = first.remedy { return advice(page, first, benefit, subject) }
    let remedies = reports.map(\.report.remedy)
    let saving = prices.saving(remedies, after: reports.count == 1 ? first.after : nil)
    guard saving.value > 0 else { return nil }
    let share = saving.value / subject.estimate.joules.value
    guard let step = Ladder.level(share, first, page) else { return nil }
    let finding = Finding(
      code: page.code, name: page.name, level: settings.level(of: page) ?? step,
      places: reports.map(\.place),
      message: reports.count == 1
        ? first.message : "\(first.message), in \(reports.count) places",
      fix: first.fix, saving: saving, share: share, isExact: first.isExact,
      isFixable: (first.isExact || first.isMeant) && remedies.allSatisfy { subject.isWritable($0) },
      fingerprint: subject.fingerprint(page.code, first.nodes))
    return Found(
      finding: finding, remedies: remedies, order: first.nodes.first ?? 0, isError: step == .error)
  }

  /// The finding that advice on the lifecycle becomes, or nil where it is not worth saying.
  private func advice(_ page: Page, _ report: Report, _ benefit: Benefit, _ subject: Subject)
    -> Found?
  {
    guard let step = Ladder.level(benefit.share, report, page) else { return nil }
    let finding = Finding(
      code: page.code, name: page.name, level: settings.level(of: page) ?? step,
      places: [subject.place(report.nodes, of: page.code)], message: report.message,
      fix: report.fix, saving: Interval(exactly: 0), share: 0, isExact: false, isFixable: false,
      benefit: benefit, fingerprint: subject.fingerprint(page.code, report.nodes))
    return Found(
      finding: finding, remedies: [report.remedy], order: report.nodes.first ?? 0)
  }

  /// Whether a saving passes both floors; what a rule takes for an error is told whatever it costs, and advice
  /// says itself what it is worth.
  private func isMaterial(_ entry: Found, _ subject: Subject) -> Bool {
    let finding = entry.finding
    guard finding.benefit == nil, !entry.isError else { return true }
    let perInference = finding.saving.value / Double(subject.estimate.analysis.binding.batch)
    return perInference >= settings.minimumJoules && finding.share >= settings.minimumShare
  }
}

extension Linter.Found: Comparable {
  /// The dearest first, and then in order of execution.
  static func < (a: Self, b: Self) -> Bool {
    (b.finding.saving.value, a.order, a.finding.code)
      < (a.finding.saving.value, b.order, b.finding.code)
  }

  static func == (a: Self, b: Self) -> Bool { !(a < b) && !(b < a) }
}
