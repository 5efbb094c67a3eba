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
      for entry in file.root["ignore"]?.value.elements ?? [] {
        let suppression = try file.suppression(entry)
        if let day = try file.expiry(entry), day < today { continue }
        if file.means(model, by: entry["paths"]?.value) { suppressions.append(suppression) }
      }
    }
    return suppressions
  }

  /// What is over: where it is written, and since when.
  func expired(today: String) throws(UsageError) -> [String] {
    var expired: [String] = []
    for file in bases + [self] {
      for entry in file.root["ignore"]?.value.elements ?? [] {
        guard let day = try file.expiry(entry), day < today else { continue }
        expired.append(
          "\(file.origin(entry.place)): this entry of 'ignore' expired on \(day), and holds no more"
        )
      }
    }
    return expired
  }

  private func suppression(_ entry: JSONTree) throws(UsageError) -> Suppression {
    guard let reason = entry["reason"]?.value.text,
      reason.contains(where: { !$0.isWhitespace })
    else { throw error("an entry of 'ignore' needs a 'reason'", at: entry.place) }
    let rules = entry["rules"]?.value
    var names: [String] = []
    for rule in rules?.elements ?? [] {
      do throws(UsageError) { names += try ruleNames(rule.text ?? "") } catch {
        throw self.error(error.message, at: rule.place)
      }
    }
    guard !names.isEmpty else {
      throw error("an entry of 'ignore' needs 'rules', like [\"NNC402\"]", at: entry.place)
    }
    return Suppression(
      rules: names, nodes: (entry["nodes"]?.value.texts ?? []).map(Glob.init), reason: reason,
      origin: origin(entry.place))
  }

  /// The last day on which an entry holds; nil where it always does.
  private func expiry(_ entry: JSONTree) throws(UsageError) -> String? {
    guard let member = entry["expires"], let text = member.value.text else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.map { $0.allSatisfy(\.isASCII) ? Int($0) ?? -1 : -1 }
    guard parts.map(\.count) == [4, 2, 2], numbers[0] >= 0, (1...12).contains(numbers[1]),
      (1...31).contains(numbers[2])
    else { throw error("'expires' must be a day like \"2027-03-31\"", at: member.value.place) }
    return text
  }
}
