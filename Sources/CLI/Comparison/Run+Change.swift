import Cost
import Graph
import Rules

extension Run {
  /// Costs a model before and after, as this run says, and compares the two.
  ///
  /// Throws where either cannot be costed, or the two cannot be compared.
  mutating func change(_ pair: Pair, against name: String) throws(InputError) -> ModelChange {
    let base = try costedBase(of: pair)
    guard pair.fate != .removed else {
      return ModelChange(pair: pair, base: base, head: nil, comparison: nil)
    }
    if let lint = base?.lint { known = Baseline(entries: Baseline.entries(of: lint)) }
    let head = try costed(pair.path, try readModel(pair.path))
    let comparison: ModelChange.Comparison? =
      if let base { try ModelChange.Comparison(from: base, to: head) } else { nil }
    var change = ModelChange(
      pair: pair, base: base, head: head, comparison: comparison, budgets: head.budgets)
    for limit in increaseLimits(against: name) {
      if let base, let comparison {
        change.budgets.append(head.result(of: limit, over: base.estimate, comparison.inference))
      } else {
        change.budgets.append(head.result(of: limit, over: nil))
      }
    }
    if let base { change.notes = Self.notes(from: base, to: head) }
    return change
  }

  /// The limits of the configuration, whatever base they name, and that of the command line.
  private func increaseLimits(against name: String) -> [IncreaseLimit] {
    var limits = arguments.increaseLimits
    if let increase = arguments.maximumIncrease {
      limits.append(IncreaseLimit(increase: increase, against: name))
    }
    return limits.map { limit in
      var limit = limit
      limit.against = name
      return limit
    }
  }

  private mutating func costedBase(of pair: Pair) throws(InputError) -> Costed? {
    do throws(InputError) {
      guard let model = try pair.readBase() else { return nil }
      var past = self
      past.holdsBudgets = false
      let base = try past.costed(pair.basePath ?? pair.path, model)
      extents = past.extents
      return base
    } catch {
      var error = error
      error.message = "the base: \(error.message)"
      throw error
    }
  }

  /// What keeps two models from being compared to the last joule.
  private static func notes(from base: Costed, to head: Costed) -> [String] {
    var notes: [String] = []
    let inputs = (base.inputs, head.inputs)
    if inputs.0 != inputs.1 {
      notes.append(
        "inputs differ: \(inputs.0.joined(separator: ", ")) -> \(inputs.1.joined(separator: ", "))")
    }
    let left = (base.leftOut, head.leftOut)
    if left.0 != left.1 {
      notes.append(
        "the difference leaves out \(counted(left.0, "node")) of the base and \(left.1) of the head, which are not"
          + " understood or not priced")
    } else if left.0 > 0 {
      notes.append(
        "the difference leaves out \(counted(left.0, "node")) on either side, not understood or not priced"
      )
    }
    if base.conditions != head.conditions {
      notes.append(
        "run as \(base.conditions.joined(separator: ", ")) -> \(head.conditions.joined(separator: ", "))"
      )
    }
    return notes
  }
}

extension Costed {
  /// The nodes that no figure has in it.
  fileprivate var leftOut: Int { totals.coverage.uncountedNodes + unpricedNodes }

  /// Each input with its type and extents: `ids int64[1x128]`.
  fileprivate var inputs: [String] {
    let body = analysis.scope.body
    return body.inputs.filter { body.values[$0].initializer == nil }.map { id in
      let info = analysis.binding.inputs[id]
      let shape = info?.tensor.map { "[\($0.shape)]" } ?? ""
      return "\(body.values[id].name) \(info?.typeName ?? "of no type")\(shape)"
    }
  }
}
