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
    var kernels: [Kernel] = []
    for number in analysis.scopes.indices { kernels += fusion.kernels(ofScope: number) }
    return kernels.sorted { $0.members[0] < $1.members[0] }
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
    let flow = Dataflow(analysis.scopes[number])
    var isTaken = [Bool](repeating: false, count: flow.scope.steps.count)
    var kernels: [Kernel] = []
    func take(_ members: [Node.ID], as operation: Kernel.Operation) {
      for member in members { isTaken[member] = true }
      kernels.append(kernel(members, operation, flow, places[number]))
    }
    if scenario.runtime == .fused {
      for members in AttentionGroups(flow).all { take(members, as: .attention) }
    }
    for head in flow.scope.steps.indices where flow.launches(head) && !isTaken[head] {
      switch scenario.runtime {
      case .eager: take([head], as: flow.scope.steps[head].operation)
      case .fused:
        let group = FusionGroup(head, flow, isTaken)
        take(group.members, as: group.operation(flow))
      }
    }
    return kernels
  }

  private func kernel(
    _ members: [Node.ID], _ operation: Kernel.Operation, _ flow: Dataflow, _ places: [Int]
  ) -> Kernel {
    let steps = members.map { flow.scope.steps[$0] }
    let contractions = steps.flatMap(\.contractions).map { contraction in
      var contraction = contraction
      contraction.type = contraction.type.cast(to: scenario.precision)
      return contraction
    }
    let type =
      contractions.first?.type
      ?? steps[steps.count - 1].outputs.tensors.first?.type.cast(to: scenario.precision) ?? .float32
    let parts = flow.borderWork(of: members, in: scenario.precision)
    return Kernel(
      members: members.map { places[$0] }, operation: operation, type: type, parts: parts,
      contractions: contractions,
      // A lookup reads less than the whole table.
      weightBytes: min(
        flow.constantBytes(of: members, in: scenario.precision),
        parts.reduce(0) { saturatingSum($0, $1.bytesRead) }),
      launches: analysis.placements[places[members[0]]].executions)
  }
}
