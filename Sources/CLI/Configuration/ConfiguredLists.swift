import Graph
import Rules

// The entries of a configuration file that add up instead of replacing one another.

extension ConfigurationFile {
  /// The limits that hold for `model`, those of the files extended first.
  func budgets(for model: FilePath?) throws(UsageError) -> [Budget] {
    var budgets: [Budget] = []
    for file in bases + [self] {
      for entry in file.root["budgets"]?.value.elements ?? [] {
        let budget = try file.budget(entry)
        if file.means(model, by: entry["paths"]?.value) { budgets.append(budget) }
      }
    }
    return budgets
  }

  private func budget(_ entry: JSONTree) throws(UsageError) -> Budget {
    guard let limit = entry["max"]?.value, let text = limit.text else {
      throw error("a budget needs 'max', like \"11 mJ/inf\"", at: entry.place)
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
