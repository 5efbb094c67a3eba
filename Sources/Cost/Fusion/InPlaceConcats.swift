internal import Graph

/// The concatenations that cost nothing, or less, since operands are written where the result has them.
///
/// An engine plans memory before it runs, and kernels write with strides. So an operand needs no copy if a kernel
/// makes it, and if each concatenation that reads it has it at the same place behind the same neighbours: then
/// one buffer serves all of them, as in a densely connected block. Inputs, constants and operands that lie
/// elsewhere already are copied.
struct InPlaceConcats {
  private let flow: Dataflow
  /// For each concatenation, the share of its bytes that is copied.
  private let copied: [Node.ID: Double]
  /// Those that copy nothing, in order.
  let complete: [Node.ID]

  init(_ flow: Dataflow) {
    self.flow = flow
    var copied: [Node.ID: Double] = [:]
    var complete: [Node.ID] = []
    for node in flow.scope.steps.indices
    where flow.isConcat(node) && flow.launches(node) {
      let operands = flow.operands(node)
      let counts = operands.map(flow.count)
      let all = counts.reduce(0, saturatingSum)
      var lost = 0
      for (index, count) in counts.enumerated()
      where !Self.isInPlace(operands, index, of: node, flow) {
        lost = saturatingSum(lost, count)
      }
      guard all > 0 else { continue }
      copied[node] = Double(lost) / Double(all)
      if lost == 0 { complete.append(node) }
    }
    self.copied = copied
    self.complete = complete
  }

  func launchesNothing(_ node: Node.ID) -> Bool { flow.isConcat(node) && copied[node] == 0 }

  /// `work`, less the bytes that are in place.
  func work(_ work: Work, of node: Node.ID) -> Work {
    guard flow.isConcat(node), let share = copied[node] else { return work }
    var work = work
    work.bytesRead = Int(Double(work.bytesRead) * share)
    work.bytesWritten = Int(Double(work.bytesWritten) * share)
    return work
  }

  private static func isInPlace(
    _ operands: ArraySlice<Value.ID>, _ index: Int, of node: Node.ID, _ flow: Dataflow
  ) -> Bool {
    let value = operands[operands.startIndex + index]
    guard flow.maker(of: value).map(flow.launches) ?? false,
      operands.prefix(index).allSatisfy({ $0 != value })
    else { return false }
    guard
      let first = flow.readers(of: value).first(where: flow.isConcat)
    else { return false }
    return first == node || flow.operands(first).prefix(index + 1) == operands.prefix(index + 1)
  }
}
