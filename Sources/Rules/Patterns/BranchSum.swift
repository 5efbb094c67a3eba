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
      let branches = group.branches.map(\.branch)
      var rewrite = Rewrite()
      guard let layer = MergedConvolution(branches, subject)?.node(&rewrite, subject) else {
        continue
      }
      let isMerged = Set(group.branches.map(\.term))
      let rest = terms.indices.filter { !isMerged.contains($0) }.map { terms[$0] }
      finish(&rewrite, layer, adding: rest, subject)
      let gone = branches.flatMap(\.nodes)
      rewrite.removed.formUnion(gone + inner)
      return (rewrite, gone.sorted())
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

/// A tensor, or a convolution of it, with a batch normalisation or without.
struct LinearBranch {
  /// What the branch is of.
  let source: Value.ID
  let convolution: Node.ID?
  let norm: Node.ID?

  /// Nil where nothing is between the sum and a tensor that other nodes read too, but the tensor itself is given.
  init?(_ term: Value.ID, _ subject: Subject) {
    let scope = subject.scope
    guard scope.infos[term]?.tensor?.type.isFloatingPoint ?? false else { return nil }
    var value = term
    var norm: Node.ID?
    if let maker = scope.producers[value], ChannelFactors(subject.steps[maker]) != nil,
      subject.onlyReader(of: maker) != nil, let input = subject.steps[maker].node.inputs[0]
    {
      norm = maker
      value = input
    }
    self.norm = norm
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

  var nodes: [Node.ID] { [convolution, norm].compactMap { $0 } }
}
