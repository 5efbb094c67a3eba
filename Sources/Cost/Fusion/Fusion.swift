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
    for head in flow.scope.steps.indices where flow.launches(head) && !isTaken[head] {
      let members =
        scenario.runtime == .fused ? FusionGroup(head, flow, isTaken).members : [head]
      for member in members { isTaken[member] = true }
      kernels.append(kernel(members, flow, places[number]))
    }
    return kernels
  }

  private func kernel(_ members: [Node.ID], _ flow: Dataflow, _ places: [Int]) -> Kernel {
    let steps = members.map { flow.scope.steps[$0] }
    let decisive = steps.max { $0.operation.weight < $1.operation.weight } ?? steps[0]
    let contractions = steps.flatMap(\.contractions).map { contraction in
      var contraction = contraction
      contraction.type = contraction.type.cast(to: scenario.precision)
      return contraction
    }
    let type =
      contractions.first?.type
      ?? decisive.outputs.tensors.first?.type.cast(to: scenario.precision) ?? .float32
    let parts = flow.borderWork(of: members, in: scenario.precision)
    return Kernel(
      members: members.map { places[$0] }, operation: decisive.operation, type: type, parts: parts,
      contractions: contractions,
      // A lookup reads less than the whole table.
      weightBytes: min(
        flow.constantBytes(of: members, in: scenario.precision),
        parts.reduce(0) { saturatingSum($0, $1.bytesRead) }),
      launches: analysis.placements[places[members[0]]].executions)
  }
}

extension Step {
  /// The kind of kernel that the node is when launched on its own.
  var operation: Kernel.Operation {
    if let contraction = contractions.first { return contraction.operation }
    switch layer {
    case .dense, .convolution, .attention, .recurrence: return .elementwise
    case .pooling: return .pooling
    case .normalization: return .normalization
    case .padding, .reshape, .concatenate, .embedding, .movement: return .movement
    case .activation, .rescaling, .dropout, .add, .multiply, .input, .quantization, .control,
      .other:
      return .elementwise
    }
  }

  /// Whether each element of the first result needs only the elements at its own place.
  var isPointwise: Bool {
    guard isCounted, contractions.isEmpty, branches.isEmpty else { return false }
    return op is Elementwise
  }
}

extension Contraction {
  /// The kind of kernel that does the product.
  package var operation: Kernel.Operation {
    switch form {
    case .matrix: return .gemm
    case .recurrence: return .recurrence
    case .attention: return .attention
    case .convolution(let kernel, _, let groups):
      if groups == 1 { return .convolution }
      return depth == kernel.reduce(1, saturatingProduct)
        ? .depthwiseConvolution : .groupedConvolution
    }
  }
}

extension Kernel.Operation {
  /// Which of several joined operations decides the rate: the heaviest does.
  fileprivate var weight: Int {
    switch self {
    case .attention: 9
    case .recurrence: 8
    case .convolution, .depthwiseConvolution, .groupedConvolution, .gemm: 7
    case .normalization: 4
    case .softmax: 3
    case .pooling, .reduction: 2
    case .movement: 1
    case .elementwise: 0
    }
  }
}
