import Graph

/// A recurrent layer with the products of all its steps done at once, so that only an elementwise recurrence goes on
/// from step to step.
///
/// It is the quasi-recurrent layer with a window of one: from the input alone a candidate, a forget gate and an output
/// gate, a running mean of the candidates, and the output gate's share of that. The running mean stands as a product
/// and a running sum, which move no less than the one kernel that such layers have.
struct ParallelRecurrence {
  /// Extents of the layer: steps, sequences at once, width of the input, directions, hidden elements.
  let steps: Int
  let batch: Int
  private let width: Int
  private let directions: Int
  private let hidden: Int
  private let isBatchFirst: Bool
  private let id: Node.ID

  /// Candidates, forget gates and output gates.
  private static let gates = 3

  /// Nil unless the node is a recurrent layer of ONNX's own with weights.
  init?(_ id: Node.ID, _ subject: Subject) {
    let step = subject.steps[id]
    guard step.isCounted, step.node.op.domain.isEmpty,
      let recurrence = step.op(as: Recurrence.self),
      let input = step.inputs[0], input.rank == 3, let weights = step.inputs[2],
      step.inputs.isConstant(2), weights.rank == 3
    else { return nil }
    self.id = id
    isBatchFirst = recurrence.isBatchFirst
    steps = input.shape[isBatchFirst ? 1 : 0]
    batch = input.shape[isBatchFirst ? 0 : 1]
    width = input.shape[2]
    directions = weights.shape[0]
    hidden = weights.shape[2]
  }

  /// Adds the layer without its hidden products to `rewrite`; whether the extents allow it.
  func replace(_ rewrite: inout Rewrite, _ subject: Subject) -> Bool {
    guard let input = subject.input(id), let type = subject.tensor(input)?.type,
      let columns = try? Shape([saturatingProduct(directions, hidden)]),
      let weights = try? TensorInfo(
        type, [width, saturatingProduct(Self.gates, columns.count)]),
      let bias = try? TensorInfo(type, [saturatingProduct(Self.gates, columns.count)])
    else { return false }
    let body = subject.scope.body
    let old = subject.steps[id].node
    let opset = max(13, old.opset)
    var nodes: [Node] = []
    func add(
      _ op: OperatorName, _ inputs: [Value.ID?], _ attributes: [Attribute] = [],
      into result: Value.ID? = nil
    ) -> Value.ID {
      let result = result ?? rewrite.add("parallel", to: body)
      nodes.append(
        Node(op, opset: opset, inputs: inputs, outputs: [result], attributes: attributes))
      return result
    }
    let product = add(
      "MatMul", [input, rewrite.addConstant("parallel.weight", weights, to: body)])
    let sum = add("Add", [product, rewrite.addConstant("parallel.bias", bias, to: body)])
    guard let axis = rewrite.integers([isBatchFirst ? 1 : 0], "axis", body) else { return false }
    func split(_ value: Value.ID, _ shares: [Int]) -> [Value.ID] {
      let parts = shares.map { _ in rewrite.add("parallel", to: body) }
      let extents = shares.map { saturatingProduct($0, columns.count) }
      nodes.append(
        Node(
          "Split", opset: opset, inputs: [value, rewrite.integers(extents, "extents", body)],
          outputs: parts, attributes: [Attribute("axis", .int(-1))]))
      return parts
    }
    let parts = split(sum, [1, Self.gates - 1])
    let gates = split(add("Sigmoid", [parts[1]]), [1, 1])
    let kept = add("Mul", [add("Tanh", [parts[0]]), gates[0]])
    let cells = add("CumSum", [kept, axis])
    let states = add("Mul", [cells, gates[1]])
    let results = old.outputs
    if let all = results.first.flatMap({ $0 }) {
      guard apart(states, all: true, into: all, &rewrite, &nodes, opset, body) else { return false }
    }
    for (index, source) in [(1, states), (2, cells)] where index < results.count {
      guard let result = results[index] else { continue }
      let last = rewrite.add("parallel", to: body)
      let time = isBatchFirst ? 1 : 0
      guard
        let slice = rewrite.slice(
          source, [steps - 1], [steps], [time], [1], opset, into: last, body)
      else { return false }
      nodes.append(slice)
      guard apart(last, all: false, into: result, &rewrite, &nodes, opset, body) else {
        return false
      }
    }
    rewrite.replaced[id] = nodes
    return true
  }

  /// Gives directions an axis of their own, as the layer's results have it: of all steps, or of the last one.
  private func apart(
    _ value: Value.ID, all: Bool, into result: Value.ID, _ rewrite: inout Rewrite,
    _ nodes: inout [Node], _ opset: Int, _ body: Body
  ) -> Bool {
    // With one direction or one sequence, elements stay where they are.
    let isView = isBatchFirst || directions == 1 || batch == 1
    let positions = isBatchFirst ? [batch, steps] : [steps, batch]
    let apart = (all ? positions : [batch]) + [directions, hidden]
    var turned = apart
    if !isBatchFirst { turned.swapAt(turned.count - 3, turned.count - 2) }
    guard let extents = rewrite.integers(isView ? turned : apart, "extents", body) else {
      return false
    }
    let reshaped = isView ? result : rewrite.add("parallel", to: body)
    nodes.append(Node("Reshape", opset: opset, inputs: [value, extents], outputs: [reshaped]))
    guard !isView else { return true }
    var order = Array(apart.indices)
    order.swapAt(order.count - 3, order.count - 2)
    nodes.append(
      Node(
        "Transpose", opset: opset, inputs: [reshaped], outputs: [result],
        attributes: [Attribute("perm", .ints(order))]))
    return true
  }
}
