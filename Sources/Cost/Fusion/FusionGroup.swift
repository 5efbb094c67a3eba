internal import Graph

/// The nodes that a compiled engine joins into one kernel, found by growing from the first of them.
///
/// A product, a normalisation or an elementwise operation takes up the pointwise operations that follow,
/// as long as only one value has to leave: bias, batch normalisation, activation, residual addition, and
/// those activations that an exporter spells out, such as `x·sigmoid(x)`. A convolution takes up only what the
/// libraries' kernels end with, and pooling only what brings its results back into few bits. Reductions take part where no product does, which finds layer normalisation spelled
/// out in its nine pieces.
struct FusionGroup {
  private(set) var members: [Node.ID]

  /// The kind of kernel that the group is: that of its first node, unless others change what it does.
  func operation(_ flow: Dataflow) -> Kernel.Operation {
    let operations = members.map(flow.operation)
    guard operations[0] == .elementwise || operations[0] == .reduction,
      operations.contains(.reduction)
    else { return operations[0] }
    // Going back from moments to elements is what normalising means.
    return operations.last == .reduction ? .reduction : .normalization
  }

  /// More nodes than this are not looked at: the longest activation spelled out has about ten.
  private static let reach = 16

  /// Who joins the nodes.
  enum Joiner {
    /// A compiled engine, wherever it can.
    case engine
    /// A framework, where one operator of its own has been exported as several: layer normalisation, GELU, SiLU.
    case framework
  }

  /// Grows from `head` over nodes that are not taken.
  init(_ head: Node.ID, _ flow: Dataflow, _ isTaken: [Bool], _ joiner: Joiner) {
    members = [head]
    guard Self.canLead(head, flow) else { return }
    switch joiner {
    case .engine: grow(head, flow, isTaken)
    case .framework: members = Composite(head, flow)?.members ?? [head]
    }
  }

  /// Whether the node's kernel can go on with pointwise operations on its result.
  private static func canLead(_ node: Node.ID, _ flow: Dataflow) -> Bool {
    guard flow.results(node).count == 1 else { return false }
    switch flow.operation(node) {
    case .gemm, .convolution, .depthwiseConvolution, .groupedConvolution, .attention, .elementwise,
      .normalization, .softmax, .reduction, .pooling:
      return true
    case .recurrence, .movement: return false
    }
  }

  private mutating func grow(_ head: Node.ID, _ flow: Dataflow, _ isTaken: [Bool]) {
    var trial = Trial(head, flow)
    while trial.members.count < Self.reach, let next = trial.follower(flow, isTaken) {
      trial.add(next, flow)
      if trial.leaving(flow) == 1 { members = trial.members }
    }
  }

  /// Nodes that might become a group, and what is asked of all of them together.
  private struct Trial {
    private(set) var members: [Node.ID] = []
    private var isRowwise = true
    /// The elements of the largest operand or result.
    private var largest = 0

    init(_ head: Node.ID, _ flow: Dataflow) { add(head, flow) }

    mutating func add(_ node: Node.ID, _ flow: Dataflow) {
      members.append(node)
      isRowwise = isRowwise && flow.isRowwise(node)
      // Only rows are compared with it.
      guard isRowwise else { return }
      for value in flow.operands(node) { largest = max(largest, flow.count(value)) }
      for value in flow.results(node) { largest = max(largest, flow.count(value)) }
    }

    /// The results that somebody else needs.
    func leaving(_ flow: Dataflow) -> Int {
      members.reduce(0) { count, member in
        count + flow.results(member).count { flow.isNeeded($0, outside: members) }
      }
    }

    /// The first pointwise node that reads a result of these and could run together with them.
    func follower(_ flow: Dataflow, _ isTaken: [Bool]) -> Node.ID? {
      var first: Node.ID?
      for member in members {
        for value in flow.results(member) {
          let readers = flow.readers(of: value)
          // A value that many read has to be written anyway.
          guard readers.count <= reach else { continue }
          for node in readers
          where !isTaken[node] && node < first ?? .max && !members.contains(node) {
            if isJoined(by: node, over: value, flow) { first = node }
          }
        }
      }
      return first
    }

    private func isJoined(by node: Node.ID, over value: Value.ID, _ flow: Dataflow) -> Bool {
      guard let result = flow.results(node).first, flow.launches(node) else { return false }
      if flow.isConvolution(members[0]), !flow.endsConvolutions(node) { return false }
      if flow.operation(members[0]) == .pooling, !flow.isQuantization(node) { return false }
      if isRowwise, flow.isRowwise(node) {
        // Moments are stretched over the elements again, or the elements reduced.
        guard flow.count(result) <= largest else { return false }
      } else {
        guard flow.isPointwise(node), flow.count(result) == flow.count(value) else { return false }
      }
      let operands = flow.operands(node)
      // Looking at a join of thousands once for each of them would take for ever.
      guard operands.count <= reach else { return false }
      return operands.allSatisfy { operand in
        // Other operands must be there before the kernel starts.
        flow.maker(of: operand).map { $0 < members[0] || members.contains($0) } ?? true
      }
    }
  }
}
