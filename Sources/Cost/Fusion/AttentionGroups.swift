internal import Graph

/// The places where a graph spells out scaled dot-product attention, which an engine does as one kernel.
///
/// A matrix product, a softmax of it, perhaps scaled and masked, and a second product; and the transposes that
/// bring heads to the front and back again. No scores ever reach memory.
struct AttentionGroups {
  /// The nodes of each, in order.
  let all: [[Node.ID]]

  /// More nodes than this between a product and the softmax are not looked at.
  private static let reach = 6

  init(_ flow: Dataflow) {
    all = flow.scope.steps.indices.compactMap { node in
      flow.launches(node) && flow.operation(node) == .softmax ? Self.group(node, flow) : nil
    }
  }

  private static func group(_ softmax: Node.ID, _ flow: Dataflow) -> [Node.ID]? {
    guard let before = upstream(softmax, flow), let after = downstream(softmax, flow) else {
      return nil
    }
    var members = before + [softmax] + after
    for product in [before[before.count - 1], after[after.count - 1]] {
      members += transposes(into: product, flow).filter { !members.contains($0) }
    }
    if let last = onlyReader(of: after[after.count - 1], flow),
      flow.scope.steps[last].op(is: Transpose.self)
    {
      members.append(last)
    }
    return members.sorted()
  }

  /// The nodes from the softmax back to the product of its scores.
  private static func upstream(_ softmax: Node.ID, _ flow: Dataflow) -> [Node.ID]? {
    var nodes: [Node.ID] = []
    var current = softmax
    while nodes.count < reach {
      // Scores are what is made for this reader alone; masks and scales are not.
      let makers = flow.operands(current).compactMap { flow.maker(of: $0) }
        .filter { onlyReader(of: $0, flow) == current }
      guard
        let next = makers.first(where: { flow.isProduct($0) })
          ?? makers.first(where: { flow.scope.steps[$0].isPointwise })
      else { return nil }
      nodes.append(next)
      if flow.isProduct(next) { return nodes }
      current = next
    }
    return nil
  }

  /// The nodes from the softmax on to the product with the values.
  private static func downstream(_ softmax: Node.ID, _ flow: Dataflow) -> [Node.ID]? {
    var nodes: [Node.ID] = []
    var current = softmax
    while nodes.count < reach, let next = onlyReader(of: current, flow) {
      nodes.append(next)
      if flow.isProduct(next) { return nodes }
      guard flow.scope.steps[next].isPointwise else { return nil }
      current = next
    }
    return nil
  }

  private static func transposes(into product: Node.ID, _ flow: Dataflow) -> [Node.ID] {
    flow.operands(product).compactMap { flow.maker(of: $0) }
      .filter { flow.scope.steps[$0].op(is: Transpose.self) && onlyReader(of: $0, flow) == product }
  }

  /// The one node that reads the one result of `node`; nil where there are others, or it is returned.
  private static func onlyReader(of node: Node.ID, _ flow: Dataflow) -> Node.ID? {
    let results = flow.results(node)
    guard let result = results.first, results.count == 1, flow.launches(node) else { return nil }
    let readers = Set(flow.readers(of: result))
    guard let reader = readers.first, readers.count == 1,
      !flow.isNeeded(result, outside: [reader]), flow.launches(reader)
    else { return nil }
    return reader
  }
}

extension Dataflow {
  /// Whether the node is one matrix product over a stack of matrices made when the model runs.
  fileprivate func isProduct(_ node: Node.ID) -> Bool {
    let contractions = scope.steps[node].contractions
    guard contractions.count == 1, contractions[0].form == .matrix, launches(node) else {
      return false
    }
    return operands(node).allSatisfy { !scope.constants[$0] }
  }
}
