internal import Graph

/// Which nodes really hand data to which, with views looked through.
struct Dataflow {
  let scope: Scope
  /// For each value, the one whose elements it shares; itself where it has its own.
  private let owners: [Value.ID]
  /// For each value that has elements of its own, the nodes that read them or a view of them, in order.
  private let readers: [[Node.ID]]
  /// Which values are returned, themselves or a view of them.
  private let isReturned: [Bool]
  /// For each node, what is asked again and again while groups grow.
  private let nodes: [NodeFacts]

  private struct NodeFacts {
    let operands: [Value.ID]
    let results: [Value.ID]
    let launches: Bool
    let isPointwise: Bool
    let isRowwise: Bool
  }

  init(_ scope: Scope) {
    self.scope = scope
    let owners = scope.storageOwners()
    var readers = [[Node.ID]](repeating: [], count: owners.count)
    for (value, nodes) in scope.readers.enumerated() {
      readers[owners[value]] += nodes.filter { scope.steps[$0].readsElements }
    }
    var isReturned = [Bool](repeating: false, count: owners.count)
    for id in scope.body.outputs { isReturned[owners[id]] = true }
    self.owners = owners
    self.readers = readers
    self.isReturned = isReturned
    nodes = scope.steps.map { step in
      let isPointwise = step.isPointwise
      return NodeFacts(
        operands: step.node.inputs.compactMap { id in id.map { owners[$0] } },
        results: zip(step.node.outputs, step.outputs.all)
          .compactMap { id, operand in operand.isGiven ? id : nil },
        launches: step.isCounted && step.branches.isEmpty,
        isPointwise: isPointwise, isRowwise: isPointwise || step.op is Reduction)
    }
  }

  /// Whether the node is a kernel when nothing is joined.
  func launches(_ node: Node.ID) -> Bool { nodes[node].launches }
  /// The values that the node reads, without views.
  func operands(_ node: Node.ID) -> [Value.ID] { nodes[node].operands }
  /// The values that the node writes and somebody wants.
  func results(_ node: Node.ID) -> [Value.ID] { nodes[node].results }
  /// Whether each element of the node's only result needs just the elements at its own place.
  func isPointwise(_ node: Node.ID) -> Bool { nodes[node].isPointwise }
  /// Whether the node can be part of a kernel that goes over a tensor row by row.
  func isRowwise(_ node: Node.ID) -> Bool { nodes[node].isRowwise }

  func readers(of value: Value.ID) -> [Node.ID] { readers[value] }

  /// The node that makes the value when the model runs; nil for inputs and for what is known before.
  func maker(of value: Value.ID) -> Node.ID? {
    guard !scope.constants[value], let node = scope.producers[value] else { return nil }
    switch scope.steps[node].state {
    case .free(.constant), .free(.shape): return nil
    default: return node
    }
  }

  /// Whether somebody outside of `members` needs the value.
  func isNeeded(_ value: Value.ID, outside members: [Node.ID]) -> Bool {
    isReturned[value] || readers[value].contains { !members.contains($0) }
  }

  /// The elements of the value, 0 where that is not known.
  func count(_ value: Value.ID) -> Int { scope.infos[value]?.tensor?.shape.count ?? 0 }

  /// The work of each of `members` when they are one kernel, whose inner values never reach memory.
  ///
  /// A value read by several members is read once. Linear in the operands of the members.
  func borderWork(of members: [Node.ID], in precision: Precision?) -> [Work] {
    let inner = Set(members.flatMap(results))
    var read: Set<Value.ID> = []
    return members.map { member in
      let step = scope.steps[member]
      var work = step.work
      var (given, kept) = (0, 0)
      for (id, operand) in zip(step.node.inputs, step.inputs.all) {
        guard let id, let info = operand.info else { continue }
        let bytes = info.byteCount(in: precision)
        given = saturatingSum(given, info.byteCount)
        if members.count == 1 || !inner.contains(owners[id]) && read.insert(owners[id]).inserted {
          kept = saturatingSum(kept, bytes)
        }
      }
      work.bytesRead = scaled(work.bytesRead, kept, given)
      (given, kept) = (0, 0)
      for (id, operand) in zip(step.node.outputs, step.outputs.all) where operand.isGiven {
        guard let id, let info = operand.info else { continue }
        given = saturatingSum(given, info.byteCount)
        if isNeeded(id, outside: members) {
          kept = saturatingSum(kept, info.byteCount(in: precision))
        }
      }
      work.bytesWritten = scaled(work.bytesWritten, kept, given)
      return work
    }
  }

  /// The bytes of all constants that `members` read.
  func constantBytes(of members: [Node.ID], in precision: Precision?) -> Int {
    var total = 0
    for member in members {
      for (id, operand) in zip(scope.steps[member].node.inputs, scope.steps[member].inputs.all) {
        guard let id, scope.constants[id], let info = operand.info else { continue }
        total = saturatingSum(total, info.byteCount(in: precision))
      }
    }
    return total
  }

  /// `bytes`, of operands that hold `given` bytes as the graph has them and `kept` as they cross the border.
  private func scaled(_ bytes: Int, _ kept: Int, _ given: Int) -> Int {
    if kept == given || given == 0 { return bytes }
    return Int(clamping: Int128(bytes) * Int128(kept) / Int128(given))
  }
}

extension Step {
  /// Whether running the node reads its operands' elements; one that is not understood may.
  fileprivate var readsElements: Bool {
    switch state {
    case .counted, .uncounted: true
    case .free: false
    }
  }
}
