import Cost
import Graph

extension Subject {
  /// One kernel that the runtime launches, and the node of the model's own body that it stands for.
  struct Launch {
    var kernel: Kernel
    /// What one launch costs, idle time shared out.
    var cost: KernelCost
    /// The first of the kernel's nodes; a kernel of a body of control flow stands for the node that runs it.
    var node: Node.ID

    /// The joules of all launches.
    var joules: Double { cost.joules * Double(kernel.launches) }
  }

  /// Every kernel that is priced, in order.
  var launches: [Launch] {
    var roots: [Node.ID] = []
    var node = 0
    for placement in estimate.analysis.placements {
      if placement.scope == 0 { node = placement.node }
      roots.append(node)
    }
    return zip(estimate.kernels, estimate.costs).compactMap { kernel, cost in
      kernel.members.first.map { Launch(kernel: kernel, cost: cost, node: roots[$0]) }
    }
  }

  /// The value at `index` of a node's operands; nil where it is left out.
  func input(_ node: Node.ID, _ index: Int = 0) -> Value.ID? {
    let inputs = steps[node].node.inputs
    return index < inputs.count ? inputs[index] : nil
  }

  /// The first result of a node; nil where nobody wants it.
  func output(_ node: Node.ID) -> Value.ID? { steps[node].node.outputs.first.flatMap { $0 } }

  /// What is known of a value, where it is a tensor.
  func tensor(_ value: Value.ID) -> TensorInfo? { scope.infos[value]?.tensor }
}

extension Node {
  /// The same with an attribute of another value, or without it.
  func setting(_ name: String, _ payload: Attribute.Payload?) -> Node {
    var node = self
    node.attributes.removeAll { $0.name == name }
    if let payload { node.attributes.append(Attribute(name, payload)) }
    return node
  }
}
