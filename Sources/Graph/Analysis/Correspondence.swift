/// Which nodes of two analyses are the same node, before and after a change.
///
/// A node is first looked for under its own name and in its own form, then by its form alone, since exporters
/// number nodes anew, and at last by its name alone, which finds what was changed. Linear in the number of nodes.
package struct Correspondence: Sendable {
  /// For each placement of the head, the one of the base; nil for a node that is new.
  package let bases: [Int?]
  /// For each placement of the base, the one of the head; nil for a node that is gone.
  package let heads: [Int?]
  /// For each placement of the head, whether the node of the base has the same form.
  package let isUnchanged: [Bool]

  package init(from base: Analysis, to head: Analysis) {
    let before = base.placements.map { base.form(at: $0) }
    let after = head.placements.map { head.form(at: $0) }
    let oldNames = base.placements.map { base[$0].node.name }
    let newNames = head.placements.map { head[$0].node.name }
    var match = Match(bases: after.count, heads: before.count)
    match.pair(
      zip(oldNames, before).map { $0.isEmpty ? nil : "\($0)\u{0}\($1)" },
      zip(newNames, after).map { $0.isEmpty ? nil : "\($0)\u{0}\($1)" })
    match.pair(before, after)
    var unchanged = match.bases.map { $0 != nil }
    match.pair(oldNames.map { $0.isEmpty ? nil : $0 }, newNames.map { $0.isEmpty ? nil : $0 })
    for index in unchanged.indices where match.bases[index] == nil { unchanged[index] = false }
    (bases, heads, isUnchanged) = (match.bases, match.heads, unchanged)
  }
}

/// Pairs while they are looked for: each node has one partner at most.
private struct Match {
  var bases: [Int?]
  var heads: [Int?]

  init(bases: Int, heads: Int) {
    self.bases = Array(repeating: nil, count: bases)
    self.heads = Array(repeating: nil, count: heads)
  }

  /// Pairs what has no partner yet and has the same key, in order; nil is no key.
  mutating func pair(_ before: [String?], _ after: [String?]) {
    var waiting: [String: [Int]] = [:]
    for index in before.indices.reversed() where heads[index] == nil {
      if let key = before[index] { waiting[key, default: []].append(index) }
    }
    for index in after.indices where bases[index] == nil {
      guard let key = after[index], let partner = waiting[key]?.popLast() else { continue }
      bases[index] = partner
      heads[partner] = index
    }
  }
}

extension Analysis {
  /// What a node does and on what, as text that only equal nodes share: neither names nor places are in it.
  fileprivate func form(at placement: Placement) -> String {
    let step = self[placement]
    let attributes = step.node.attributes.map { "\($0.name)=\($0.value.comparable ?? "?")" }
    let operands = [step.inputs, step.outputs].map { operands in
      operands.tensors.map { "\($0.type.name)[\($0.shape)]" }.joined(separator: ",")
    }
    return ([step.node.op.description, "\(placement.executions)"] + operands + attributes.sorted())
      .joined(separator: " ")
  }
}
