import Cost
import Graph

/// Nodes that hang together and make only the parts of their results that are used.
struct Narrowing {
  let demand: Demand
  /// The nodes, in order of execution: those that make less, and the readers that select.
  let nodes: [Node.ID]
  /// The layers with matrix products among those that make less.
  let layers: [Node.ID]

  /// The parts of a network that make more than is used, each by itself.
  static func all(in subject: Subject, _ selecting: Selecting) -> [(Narrowing, Rewrite)] {
    // Most networks leave nothing out, which is seen without asking what each reader wants.
    let isFixed = subject.estimate.analysis.binding.symbols.isEmpty
    guard subject.steps.contains(where: { $0.leavesOut(selecting, isFixed: isFixed) }) else {
      return []
    }
    var kept: Set<Value.ID> = []
    // Each round keeps at least one value more whole, where its shape is asked for. Most need none.
    for _ in 0..<8 {
      let demand = Demand(subject, selecting, keeping: kept)
      let found = groups(demand)
      var rewrites: [(Narrowing, Rewrite)] = []
      var unmet: Set<Value.ID> = []
      for narrowing in found {
        var writer = NarrowingWriter(narrowing)
        guard let rewrite = writer.written() else { continue }
        let missing = narrowing.asked(after: rewrite)
        if missing.isEmpty { rewrites.append((narrowing, rewrite)) }
        unmet.formUnion(missing)
      }
      if unmet.isSubset(of: kept) { return rewrites.filter { subject.holdsForOtherExtents($0.1) } }
      kept.formUnion(unmet)
    }
    return []
  }

  /// The nodes joined by values that are made in part; only groups with layers are worth a change.
  private static func groups(_ demand: Demand) -> [Narrowing] {
    let scope = demand.subject.scope
    var groups = Groups(count: scope.steps.count)
    for (id, step) in scope.steps.enumerated() {
      for case let output? in step.node.outputs where !demand.made[output].isEmpty {
        for reader in scope.readers[output] where !scope.steps[reader].readsExtentsAlone {
          groups.join(id, reader)
        }
      }
    }
    var members: [Int: [Node.ID]] = [:]
    var order: [Int] = []
    for id in scope.steps.indices {
      let group = groups.leader(of: id)
      if members[group] == nil { order.append(group) }
      members[group, default: []].append(id)
    }
    return order.compactMap { group in
      let nodes = members[group] ?? []
      let layers = nodes.filter { id in
        let step = scope.steps[id]
        return !step.contractions.isEmpty
          && step.node.outputs.contains { $0.map { !demand.made[$0].isEmpty } ?? false }
      }
      return layers.isEmpty ? nil : Narrowing(demand: demand, nodes: nodes, layers: layers)
    }
  }

  /// The values made in part whose whole shape something that remains asks for.
  private func asked(after rewrite: Rewrite) -> Set<Value.ID> {
    let scope = demand.subject.scope
    let model = demand.subject.estimate.analysis.model.applying(rewrite)
    let isLive = model.body.liveNodes()
    var asked: Set<Value.ID> = []
    for (node, isLive) in zip(model.body.nodes, isLive) where isLive {
      for case let input? in node.inputs
      where demand.made.indices.contains(input) && !demand.made[input].isEmpty {
        if let maker = scope.producers[input], nodes.contains(maker) { asked.insert(input) }
      }
    }
    return asked
  }
}

/// Numbers in groups, of which two can be joined.
private struct Groups {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func leader(of element: Int) -> Int {
    var leader = element
    while parents[leader] != leader {
      parents[leader] = parents[parents[leader]]
      leader = parents[leader]
    }
    return leader
  }

  /// The lower number leads, so that groups are in the order of their first members.
  mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (leader(of: a), leader(of: b))
    parents[max(a, b)] = min(a, b)
  }
}

extension Subject {
  /// Whether `rewrite` fits the model just as well where extents that are 1 for now are 2.
  ///
  /// An axis of one element hides how others lie around it: `1×T×C` read as `T×C` looks as if the first axis
  /// of the matrix was always the sequence.
  func holdsForOtherExtents(_ rewrite: Rewrite) -> Bool {
    let binding = estimate.analysis.binding
    let single = binding.symbols.filter { $0.value == 1 }
    guard !single.isEmpty else { return true }
    let request = Binding.Request(
      symbols: binding.symbols.map {
        Binding.Symbol(name: $0.name, value: $0.value == 1 ? 2 : $0.value)
      })
    let model = estimate.analysis.model
    guard let before = try? Analysis(model, binding: request),
      let after = try? Analysis(model.applying(rewrite), binding: request)
    else { return false }
    return after.totals.coverage.uncountedNodes <= before.totals.coverage.uncountedNodes
      && after.scope.outputs.map { $0?.tensor?.shape }
        == before.scope.outputs.map { $0?.tensor?.shape }
  }
}
