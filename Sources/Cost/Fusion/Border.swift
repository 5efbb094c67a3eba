internal import Graph

/// What crosses the borders of kernels, whose inner values never reach memory.
struct Border {
  private let flow: Dataflow
  private let precision: Precision?
  /// For each node, the number of the kernel that it is in.
  private let homes: [Int?]
  /// For each value, the number of the last kernel that was found to read it.
  private var lastReader: [Int?]

  init(_ flow: Dataflow, homes: [Int?], in precision: Precision?) {
    self.flow = flow
    self.precision = precision
    self.homes = homes
    lastReader = [Int?](repeating: nil, count: flow.scope.infos.count)
  }

  /// The work of each of `members`, which are all the nodes of the kernel of this number.
  ///
  /// A value read by several members is read once. Linear in the operands of the members and the readers of their results.
  mutating func work(of members: [Node.ID], ofKernel number: Int) -> [Work] {
    members.map { member in
      if flow.isFolded(member) { return Work() }
      let step = flow.scope.steps[member]
      var work = step.work
      var (given, kept) = (0, 0)
      for (id, operand) in zip(step.node.inputs, step.inputs.all) {
        guard let id, let info = operand.info else { continue }
        given = saturatingSum(given, info.byteCount)
        if isFirstRead(id, byKernel: number, ofOne: members.count == 1) {
          kept = saturatingSum(kept, (flow.stored(id) ?? info).byteCount(in: precision))
        }
      }
      work.bytesRead = scaled(work.bytesRead, kept, given)
      (given, kept) = (0, 0)
      for (id, operand) in zip(step.node.outputs, step.outputs.all) where operand.isGiven {
        guard let id, let info = operand.info else { continue }
        given = saturatingSum(given, info.byteCount)
        if leaves(id, kernel: number) {
          kept = saturatingSum(kept, info.byteCount(in: precision))
        }
      }
      work.bytesWritten = scaled(work.bytesWritten, kept, given)
      return work
    }
  }

  /// Whether the value comes from outside, and the kernel has not read it yet.
  ///
  /// A kernel of one node reads what it squares once, and views as they are.
  private mutating func isFirstRead(_ value: Value.ID, byKernel number: Int, ofOne isOne: Bool)
    -> Bool
  {
    let owner = flow.owner(of: value)
    if let maker = flow.scope.producers[owner], homes[maker] == number { return false }
    // Parts of one tensor are read each by itself.
    let read = isOne || flow.isShared(owner) ? value : owner
    guard lastReader[read] != number else { return false }
    lastReader[read] = number
    return true
  }

  /// Whether somebody outside of the kernel needs the value.
  private func leaves(_ value: Value.ID, kernel number: Int) -> Bool {
    flow.isReturned(value) || flow.readers(of: value).contains { homes[$0] != number }
  }

  /// `bytes`, of operands that hold `given` bytes as the graph has them and `kept` as they cross the border.
  private func scaled(_ bytes: Int, _ kept: Int, _ given: Int) -> Int {
    if kept == given || given == 0 { return bytes }
    return Int(clamping: Int128(bytes) * Int128(kept) / Int128(given))
  }
}
