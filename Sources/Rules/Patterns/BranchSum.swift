import Graph

/// A sum of several terms, some of which are linear branches of the same tensor.
struct BranchSum {
  private let root: Node.ID
  /// The sums that are part of this one.
  private var inner: [Node.ID] = []
  private var terms: [Value.ID] = []

  /// More terms than this are no block of a network.
  private static let maximumTerms = 64

  /// Nil unless the node is a sum that is not itself part of a larger one.
  init?(_ root: Node.ID, _ subject: Subject) {
    guard subject.isSum(root) else { return nil }
    if let reader = subject.onlyReader(of: root), subject.isSum(reader) { return nil }
    self.root = root
    var pending: [Node.ID] = [root]
    while let id = pending.popLast() {
      for case let input? in subject.steps[id].node.inputs {
        if let maker = subject.scope.producers[input], subject.isSum(maker),
          subject.onlyReader(of: maker) == id
        {
          inner.append(maker)
          pending.append(maker)
        } else {
          terms.append(input)
        }
      }
      guard terms.count <= Self.maximumTerms else { return nil }
    }
  }

  /// The sum with the branches of one tensor merged, and the layers that this leaves out.
  ///
  /// Nil where nothing can be merged.
  func merged(_ subject: Subject) -> (rewrite: Rewrite, layers: [Node.ID])? {
    var groups: [(source: Value.ID, branches: [(term: Int, branch: LinearBranch)])] = []
    for (term, value) in terms.enumerated() {
      guard let branch = LinearBranch(value, subject) else { continue }
      if let index = groups.firstIndex(where: { $0.source == branch.source }) {
        groups[index].branches.append((term, branch))
      } else {
        groups.append((branch.source, [(term, branch)]))
      }
    }
    for group in groups where group.branches.count > 1 {
      // Where kernels with gaps would fill too large a one, the others are merged without them.
      let dense = group.branches.filter { !$0.branch.isDilated(subject) }
      for some in [group.branches, dense] where some.count > 1 {
        let branches = some.map(\.branch)
        var rewrite = Rewrite()
        guard let layer = MergedConvolution(branches, subject)?.node(&rewrite, subject) else {
          continue
        }
        let isMerged = Set(some.map(\.term))
        let rest = terms.indices.filter { !isMerged.contains($0) }.map { terms[$0] }
        finish(&rewrite, layer, adding: rest, subject)
        let gone = branches.flatMap(\.nodes)
        rewrite.removed.formUnion(gone + inner)
        return (rewrite, gone.sorted())
      }
    }
    return nil
  }

  /// Puts the merged layer in the place of the sum, with what remains to be added to it.
  private func finish(
    _ rewrite: inout Rewrite, _ layer: Node, adding rest: [Value.ID], _ subject: Subject
  ) {
    let outputs = subject.steps[root].node.outputs
    var nodes = [layer]
    for term in rest {
      let carried = rewrite.add("merged", to: subject.scope.body)
      nodes[nodes.count - 1].outputs = [carried]
      nodes.append(Node("Add", opset: subject.opset, inputs: [carried, term], outputs: []))
    }
    nodes[nodes.count - 1].outputs = outputs
    rewrite.replaced[root] = nodes
  }
}

extension Subject {
  /// Whether the node adds tensors of the same shape.
  fileprivate func isSum(_ id: Node.ID) -> Bool {
    let step = steps[id]
    guard step.isCounted, step.node.op == "Add" || step.node.op == "Sum", step.inputs.count > 1,
      let shape = step.outputs[0]?.shape
    else { return false }
    return step.inputs.all.indices.allSatisfy { step.inputs[$0]?.shape == shape }
  }
}

/// A tensor, or a convolution of it, with nodes behind it that scale and shift each channel, or without.
struct LinearBranch {
  /// What the branch is of.
  let source: Value.ID
  let convolution: Node.ID?
  /// Batch normalisations, and constants multiplied and added, in order.
  let scalings: [Node.ID]

  /// Longer chains are none of a branch's.
  private static let reach = 8

  /// Nil where the term holds no floating-point numbers; nodes that others read too belong to no branch.
  init?(_ term: Value.ID, _ subject: Subject) {
    let scope = subject.scope
    guard scope.infos[term]?.tensor?.type.isFloatingPoint ?? false else { return nil }
    var value = term
    var scalings: [Node.ID] = []
    while scalings.count < Self.reach, let maker = scope.producers[value],
      subject.onlyReader(of: maker) != nil, let operand = subject.steps[maker].scaledOperand,
      let input = subject.steps[maker].node.inputs[operand]
    {
      scalings.insert(maker, at: 0)
      value = input
    }
    self.scalings = scalings
    if let maker = scope.producers[value], subject.steps[maker].isPlainConvolution,
      subject.steps[maker].isCounted, subject.onlyReader(of: maker) != nil,
      let input = subject.steps[maker].node.inputs[0]
    {
      convolution = maker
      source = input
    } else {
      convolution = nil
      source = value
    }
  }

  var nodes: [Node.ID] { (convolution.map { [$0] } ?? []) + scalings }

  /// Whether something is added to each channel.
  func shifts(_ subject: Subject) -> Bool {
    convolution.map { subject.steps[$0].inputs.isGiven(2) } ?? false
      || scalings.contains { !["Mul", "Div"].contains(subject.steps[$0].node.op) }
  }

  /// Whether the kernel has gaps.
  func isDilated(_ subject: Subject) -> Bool {
    guard let (window, kernel) = convolution.flatMap({ subject.steps[$0].slidingWindow }) else {
      return false
    }
    return kernel.indices.contains { kernel[$0] > 1 && window.dilation($0) > 1 }
  }
}

extension Step {
  /// The operand that the node scales and shifts by constants, channel by channel; nil for other nodes.
  fileprivate var scaledOperand: Int? {
    ChannelFactors(self) == nil ? channelFactor(axis: 1)?.operand : 0
  }
}
