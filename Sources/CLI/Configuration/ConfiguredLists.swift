import Graph
import Rules

// The entries of a configuration file that add up instead of replacing one another.

extension ConfigurationFile {
  /// What walks through folders leave out; a file that says so is not asked what the file that it extends leaves out.
  var exclusions: [Exclusion] {
    guard let file = (bases + [self]).last(where: { $0.root["exclude"] != nil }) else { return [] }
    return (file.root["exclude"]?.value.texts ?? []).map { Exclusion($0, from: file.folder) }
  }

  /// The limits that hold for `model`, those of the files extended first.
  func budgets(for model: FilePath?) throws(UsageError) -> [Budget] {
    var budgets: [Budget] = []
    for file in bases + [self] {
      for entry in file.root["budgets"]?.value.elements ?? [] {
        guard let budget = try file.budget(entry) else { continue }
        if file.means(model, by: entry["paths"]?.value) { budgets.append(budget) }
      }
    }
    return budgets
  }

  /// The limit that an entry sets; nil where it is one on an increase.
  func budget(_ entry: JSONTree) throws(UsageError) -> Budget? {
    guard let limit = entry["max"]?.value, let text = limit.text else {
      if entry["against"] != nil || entry["max_increase"] != nil { return nil }
      throw error(
        "a budget needs 'max', like \"11 mJ/inf\", or 'against' and 'max_increase'",
        at: entry.place)
    }
    if let other = entry["against"] ?? entry["max_increase"] {
      throw error("'\(other.key)' stands in the place of 'max'; give one", at: other.place)
    }
    var budget: Budget
    do throws(QuantityError) { budget = try Budget(text) } catch {
      throw self.error("\(error.message); \(Budget.forms)", at: limit.place)
    }
    if let name = entry["name"]?.value.text { budget.name = name }
    budget.warningShare = try share(entry["warn_at"])
    budget.minimumCoverage = try share(entry["coverage_min"]) ?? budget.minimumCoverage
    budget.decision =
      entry["decide"]?.value.text.flatMap(Budget.Decision.init) ?? budget.decision
    return budget
  }

  /// The limits on increases that hold for `model`, those of the files extended first.
  func increaseLimits(for model: FilePath?) throws(UsageError) -> [IncreaseLimit] {
    var limits: [IncreaseLimit] = []
    for file in bases + [self] {
      for entry in file.root["budgets"]?.value.elements ?? [] {
        guard let limit = try file.increaseLimit(entry) else { continue }
        if file.means(model, by: entry["paths"]?.value) { limits.append(limit) }
      }
    }
    return limits
  }

  func increaseLimit(_ entry: JSONTree) throws(UsageError) -> IncreaseLimit? {
    guard let given = entry["against"] ?? entry["max_increase"] else { return nil }
    guard let against = entry["against"]?.value.text, !against.isEmpty,
      let member = entry["max_increase"]
    else {
      throw error(
        "'\(given.key)' needs both: 'against', a revision like \"merge-base:origin/main\", and"
          + " 'max_increase', a limit like \"3%\"", at: given.place)
    }
    if let other = entry["warn_at"] {
      throw error("'warn_at' is a share of 'max', and does not go with 'against'", at: other.place)
    }
    let parts = member.value.text.map { _ in [member.value] } ?? member.value.members.map(\.value)
    guard !parts.isEmpty else {
      throw error("'max_increase' is empty; \(Increase.forms)", at: member.value.place)
    }
    var increase = Increase()
    for part in parts {
      do throws(QuantityError) { increase = increase.adding(try Increase(part.text ?? "")) } catch {
        throw self.error("\(error.message); \(Increase.forms)", at: part.place)
      }
    }
    return IncreaseLimit(
      name: entry["name"]?.value.text, increase: increase, against: against,
      decision: entry["decide"]?.value.text.flatMap(Budget.Decision.init) ?? .central,
      minimumCoverage: try share(entry["coverage_min"]))
  }

  /// A share written as `90%`.
  private func share(_ member: JSONTree.Member?) throws(UsageError) -> Double? {
    guard let member, let text = member.value.text else { return nil }
    let digits = text.filter { $0 != " " }
    guard digits.hasSuffix("%"), let percent = Double(digits.dropLast()),
      (0...100).contains(percent)
    else { throw error("'\(member.key)' must be a share like \"90%\"", at: member.value.place) }
    return percent / 100
  }

  /// The findings of `model` that are known and accepted.
  ///
  /// What expired before `today` is left out.
  func suppressions(for model: FilePath?, today: String) throws(UsageError) -> [Suppression] {
    var suppressions: [Suppression] = []
    for file in bases + [self] {
      for entry in try file.exceptions() where !entry.isExpired(today) {
        if file.means(model, by: entry.paths) { suppressions.append(entry.suppression) }
      }
    }
    return suppressions
  }

  /// What is over: where it is written, and since when.
  func expired(today: String) throws(UsageError) -> [String] {
    var expired: [String] = []
    for file in bases + [self] {
      for entry in try file.exceptions() where entry.isExpired(today) {
        expired.append(entry.expiryNote)
      }
    }
    return expired
  }

  private func exceptions() throws(UsageError) -> [ExceptionEntry] {
    var entries: [ExceptionEntry] = []
    for tree in root["ignore"]?.value.elements ?? [] {
      do throws(FormatError) {
        entries.append(try ExceptionEntry(tree, origin: origin(tree.place)))
      } catch {
        var place = tree.place
        if case .byte(let byte) = error.place { place = byte }
        throw self.error(error.message, at: place)
      }
    }
    return entries
  }
}
