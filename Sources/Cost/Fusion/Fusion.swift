package import Graph

/// Turns a graph into the kernels that a runtime would launch for it.
///
/// Views, constants, shape arithmetic and results that nobody reads launch nothing. Every other node that is
/// understood is in exactly one kernel.
package struct Fusion {
  private let analysis: Analysis
  private let scenario: Scenario
  /// For each scope, the placements of its nodes.
  private let places: [[Int]]

  /// The kernels of `analysis` in order of their first members.
  ///
  /// Linear in the number of nodes.
  package static func kernels(of analysis: Analysis, under scenario: Scenario) -> [Kernel] {
    let fusion = Fusion(analysis, scenario)
    var kernels = fusion.kernels(ofScope: 0)
    for number in analysis.scopes.indices.dropFirst() {
      kernels += fusion.kernels(ofScope: number)
    }
    // Those of one scope are in order.
    if analysis.scopes.count > 1 { kernels.sort { $0.members[0] < $1.members[0] } }
    return kernels
  }

  private init(_ analysis: Analysis, _ scenario: Scenario) {
    self.analysis = analysis
    self.scenario = scenario
    var places = analysis.scopes.map { _ in [Int]() }
    // Nodes of one scope are placed in order, though those of others may stand between them.
    for (index, placement) in analysis.placements.enumerated() {
      places[placement.scope].append(index)
    }
    self.places = places
  }

  private func kernels(ofScope number: Int) -> [Kernel] {
    let isFused = scenario.runtime == .fused
    let flow = Dataflow(
      analysis.scopes[number], foldsQuantization: isFused, sharesViews: !isFused)
    let placement = isFused ? InPlaceConcats(flow) : nil
    var isTaken = [Bool](repeating: false, count: flow.scope.steps.count)
    var groups: [(members: [Node.ID], operation: Kernel.Operation)] = []
    /// For each node, the group that it is in.
    var homes = [Int?](repeating: nil, count: flow.scope.steps.count)
    func take(_ members: [Node.ID], as operation: Kernel.Operation) {
      for member in members {
        isTaken[member] = true
        homes[member] = groups.count
      }
      groups.append((members, operation))
    }
    if isFused {
      for members in AttentionGroups(flow).all { take(members, as: .attention) }
    }
    for head in flow.scope.steps.indices where flow.launches(head) && !isTaken[head] {
      if let placement, placement.launchesNothing(head) { continue }
      let group = FusionGroup(head, flow, isTaken, isFused ? .engine : .framework)
      take(group.members, as: group.operation(flow))
    }
    // What launches nothing goes with the kernel whose result it passes on.
    let passive = flow.folded + (placement?.complete ?? [])
    for node in passive.sorted() {
      guard
        let home = flow.operands(node).reversed().lazy
          .compactMap({ flow.maker(of: $0).flatMap { homes[$0] } }).first
      else { continue }
      homes[node] = home
      groups[home].members.append(node)
    }
    var border = Border(flow, homes: homes, in: scenario.precision)
    let order = groups.indices.sorted { groups[$0].members[0] < groups[$1].members[0] }
    return order.map { group in
      let (members, operation) = groups[group]
      let parts = border.work(of: members, ofKernel: group)
      return kernel(members, operation, parts, flow, placement, places[number])
    }
  }

  private func kernel(
    _ members: [Node.ID], _ operation: Kernel.Operation, _ parts: [Work], _ flow: Dataflow,
    _ placement: InPlaceConcats?, _ places: [Int]
  ) -> Kernel {
    let steps = members.map { flow.scope.steps[$0] }
    var contractions: [Contraction] = []
    for member in members {
      for var contraction in flow.scope.steps[member].contractions {
        contraction.type =
          flow.quantizedType(member) ?? contraction.type.cast(to: scenario.precision)
        contractions.append(contraction)
      }
    }
    let type =
      contractions.first?.type
      ?? steps[steps.count - 1].outputs.tensors.first?.type.cast(to: scenario.precision) ?? .float32
    let format = NumberFormat(type, for: operation, in: scenario.precision)
    var parts = parts
    if let placement {
      for (index, member) in members.enumerated() {
        parts[index] = placement.work(parts[index], of: member)
      }
    }
    var kernel = Kernel(
      members: members.map { places[$0] }, operation: operation, type: format, parts: parts,
      contractions: contractions,
      // A lookup reads less than the whole table.
      weightBytes: min(
        flow.constantBytes(of: members, in: scenario.precision),
        parts.reduce(0) { saturatingSum($0, $1.bytesRead) }),
      rowBytes: rowBytes(steps, operation),
      launches: analysis.placements[places[members[0]]].executions)
    let hasLayer = steps.contains { !$0.contractions.isEmpty || $0.layer == .normalization }
    kernel.isLayer = kernel.weightBytes > 0 && (hasLayer || operation == .normalization)
    kernel.isUnpadded = scenario.runtime == .eager && kernel.weightBytes == 0
    if scenario.runtime == .eager, operation == .movement {
      kernel.copiedElements = zip(members, steps).reduce(0) { sum, entry in
        flow.launches(entry.0) ? saturatingSum(sum, entry.1.resultElements) : sum
      }
    }
    kernel.hasPreparedWeights = scenario.runtime == .fused && kernel.weightBytes > 0
    return kernel
  }

  /// The length of the rows that a softmax or a normalisation goes over, spelled out or not.
  private func rowBytes(_ steps: [Step], _ operation: Kernel.Operation) -> Int {
    guard operation == .softmax || operation == .normalization,
      let step = steps.first(where: { $0.rowLength != nil }), let length = step.rowLength,
      let type = step.inputs[0]?.type.cast(to: scenario.precision)
    else { return 0 }
    return type.byteCount(length)
  }
}
