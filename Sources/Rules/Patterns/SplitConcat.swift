import Cost
import Graph

/// A 1×1 convolution over channels put side by side, some of which were just enlarged.
///
/// The convolution is the sum of one over each part, and a part that was enlarged can be convolved before: a
/// convolution works on each pixel, and an enlargement on each channel.
struct SplitConcat {
  private let layer: Node.ID
  private let concat: Node.ID
  private let parts: [Part]

  private struct Part {
    var value: Value.ID
    /// The channels of the concatenation that the part is.
    var channels: Range<Int>
    /// What enlarged it; nil where it is read as it is.
    var upsampling: Upsampling?
  }

  /// Nil unless nobody else reads the concatenation, and at least one part was enlarged for it alone.
  init?(_ layer: Node.ID, over concat: Node.ID, _ subject: Subject) {
    let step = subject.steps[concat]
    guard step.isCounted, let op = step.op(as: Concat.self), let whole = step.outputs[0],
      !whole.isEstimated, (try? whole.shape.axis(op.axis)) == 1,
      subject.onlyReader(of: concat) == layer, step.inputs.count > 1
    else { return nil }
    var parts: [Part] = []
    var start = 0
    for (index, value) in step.node.inputs.enumerated() {
      guard let value, let width = step.inputs[index]?.shape[1] else { return nil }
      let maker = subject.producer(of: concat, index)
      let upsampling = maker.flatMap { maker in
        subject.onlyReader(of: maker) == concat ? Upsampling(maker, subject) : nil
      }
      parts.append(
        Part(value: value, channels: start..<(start + width), upsampling: upsampling))
      start = saturatingSum(start, width)
    }
    guard start == whole.shape[1], parts.contains(where: { $0.upsampling != nil }) else {
      return nil
    }
    self.layer = layer
    self.concat = concat
    self.parts = parts
  }

  /// The parts convolved one by one, those that are enlarged before they are, and added up.
  func rewrite(_ subject: Subject) -> Rewrite? {
    let body = subject.scope.body
    let step = subject.steps[layer]
    guard let weights = step.inputs[1], let own = step.node.inputs[1],
      let output = subject.output(layer)
    else { return nil }
    var rewrite = Rewrite()
    var nodes: [Node] = []
    var sums: [Value.ID] = []

    /// The convolution of some channels, with a bias only once.
    func convolution(_ input: Value.ID, _ channels: [Range<Int>]) -> (node: Node, result: Value.ID)?
    {
      let slices = channels.map {
        Recipe.sliced(.constant(own), axis: 1, from: $0.lowerBound, to: $0.upperBound, step: 1)
      }
      let width = channels.reduce(0) { saturatingSum($0, $1.count) }
      var dims = weights.dims
      dims[1] = width
      guard let first = slices.first, let info = try? TensorInfo(weights.type, dims) else {
        return nil
      }
      var node = step.node
      let recipe = slices.count == 1 ? first : .concatenated(slices, axis: 1)
      let result = rewrite.add("partial", to: body)
      node.inputs = [input, rewrite.addConstant("part.weight", info, recipe, to: body)]
      node.outputs = [result]
      return (node, result)
    }

    for part in parts {
      guard let upsampling = part.upsampling else { continue }
      guard let small = subject.input(upsampling.id),
        let convolved = convolution(small, [part.channels]),
        var enlarged = upsampling.node(channels: weights.dims[0], &rewrite, subject)
      else { return nil }
      let result = rewrite.add("enlarged", to: body)
      enlarged.inputs[0] = convolved.result
      enlarged.outputs = [result]
      var narrow = convolved.node
      // The name stays with one of the convolutions; runtimes want each name once.
      if !sums.isEmpty { narrow.name = "" }
      nodes += [narrow, enlarged]
      rewrite.removed.insert(upsampling.id)
      sums.append(result)
    }
    let others = parts.filter { $0.upsampling == nil }
    rewrite.removed.insert(concat)
    if let first = others.first {
      var input = first.value
      if others.count > 1 {
        input = rewrite.add("others", to: body)
        var node = subject.steps[concat].node
        node.inputs = others.map(\.value)
        node.outputs = [input]
        nodes.append(node)
      }
      guard let convolved = convolution(input, others.map(\.channels)) else { return nil }
      var rest = convolved.node
      if !sums.isEmpty { rest.name = "" }
      nodes.append(rest)
      sums.append(convolved.result)
    }
    // The bias belongs to one of the convolutions: an enlargement keeps it, for its weights add up to 1.
    if step.inputs.isGiven(2), let bias = step.node.inputs[2],
      let last = nodes.lastIndex(where: { $0.op == step.node.op })
    {
      nodes[last].inputs.append(bias)
    }
    var total = sums[0]
    for (index, term) in sums.enumerated().dropFirst() {
      let isLast = index == sums.count - 1
      let sum = isLast ? output : rewrite.add("sum", to: body)
      nodes.append(
        Node("Add", opset: step.node.opset, inputs: [total, term], outputs: [sum]))
      total = sum
    }
    guard sums.count > 1 else { return nil }
    rewrite.replaced[layer] = nodes
    return rewrite
  }
}
