internal import Graph

/// What a board holds at the peak of a training step, in bytes.
///
/// The context of the driver, the workspaces of libraries and the gaps of an allocator come on top: often a
/// gigabyte or more.
package struct TrainingMemory: Hashable, Sendable {
  /// Parameters in FP32, with a copy in the small type that the arithmetic is done in; and running means.
  package let parameters: Int
  /// A gradient in FP32 for each parameter.
  package let gradients: Int
  /// What the optimizer keeps from one update to the next.
  package let optimizerStates: Int
  /// What the forward pass keeps for the backward pass.
  package let activations: Int
  /// The gradients of activations, and results that nobody keeps, where there are most of them.
  package let passing: Int

  package var total: Int {
    [parameters, gradients, optimizerStates, activations, passing].reduce(0, saturatingSum)
  }

  init(_ analysis: Analysis, _ plan: TrainingRun.Plan, _ loss: TrainingRun.Loss?) {
    let totals = analysis.totals
    let copy = plan.precision?.copyByteCount ?? 0
    parameters = saturatingSum(
      saturatingProduct(totals.parameters, 4 + copy), saturatingProduct(totals.buffers, 4))
    gradients = saturatingProduct(totals.parameters, 4)
    optimizerStates = saturatingProduct(
      totals.parameters, plan.optimizer.stateBytesPerParameter)
    // The logarithms of the probabilities are kept, and two gradients pass.
    var activations = loss?.bytes ?? 0
    var passing = saturatingProduct(loss?.bytes ?? 0, 2)
    var executions = [Int](repeating: 1, count: analysis.scopes.count)
    for placement in analysis.placements { executions[placement.scope] = placement.executions }
    for (number, scope) in analysis.scopes.enumerated() {
      let kept = KeptActivations(scope, isInner: number > 0, plan.precision)
      let bytes = plan.checkpoints ? kept.checkpointedBytes : kept.bytes
      activations = saturatingSum(activations, saturatingProduct(bytes, executions[number]))
      passing = max(passing, kept.passing)
    }
    self.activations = activations
    self.passing = passing
  }
}

/// What the forward pass of a body keeps for its backward pass.
private struct KeptActivations {
  /// For each node, the bytes of what it makes and a backward pass reads.
  private let made: [Int]
  private let scope: Scope
  private let precision: Precision?
  private let owners: [Value.ID]
  /// The most bytes that one node's results, operands and their gradients take.
  let passing: Int

  init(_ scope: Scope, isInner: Bool, _ precision: Precision?) {
    let owners = scope.storageOwners()
    let needsGradient = Backward.needsGradient(scope, isInner: isInner)
    func bytes(_ id: Value.ID) -> Int {
      scope.constants[id] ? 0 : scope.infos[id]?.byteCount(in: precision) ?? 0
    }
    var isKept = [Bool](repeating: false, count: scope.infos.count)
    var made = [Int](repeating: 0, count: scope.steps.count)
    var passing = 0
    for step in scope.steps where step.isCounted && step.branches.isEmpty {
      for id in step.valuesForBackward(needsGradient) { isKept[owners[id]] = true }
      let touched = (step.node.inputs + step.node.outputs).compactMap { $0 }
      passing = max(passing, touched.reduce(0) { saturatingSum($0, bytes($1)) })
    }
    for (id, isKept) in isKept.enumerated() where isKept {
      // What comes from outside is kept from the first node on.
      let maker = scope.producers[id] ?? 0
      guard made.indices.contains(maker) else { continue }
      made[maker] = saturatingSum(made[maker], bytes(id))
    }
    // A normalisation that an export has folded away kept what its convolution made.
    for id in FoldedNormalizations(scope, precision).nodes {
      guard let result = scope.steps[id].node.outputs.first, let result else { continue }
      made[id] = saturatingSum(made[id], bytes(result))
    }
    self.scope = scope
    self.precision = precision
    self.owners = owners
    self.made = made
    self.passing = passing
  }

  /// Everything that is kept.
  var bytes: Int { made.reduce(0, saturatingSum) }

  /// What is held where only a few cuts are kept, and everything between two of them is made again.
  ///
  /// Of n nodes that keep something there are about √n segments, as many cuts as balance what a cut and a segment
  /// hold; each is where least is alive, no further than half a segment from where all would be alike.
  var checkpointedBytes: Int {
    let all = bytes
    let segments = max(1, Int(Double(made.count { $0 > 0 }).squareRoot().rounded()))
    let live = liveBytes
    var sums: [Int] = []
    for bytes in made { sums.append(saturatingSum(sums.last ?? 0, bytes)) }
    var (held, largest, start) = (0, 0, 0)
    for number in 1..<max(2, segments) where number < segments {
      let length = Double(all) / Double(segments)
      let window = ((Double(number) - 0.5) * length)..<((Double(number) + 0.5) * length)
      let places = sums.indices.filter { window.contains(Double(sums[$0])) }
      guard let cut = places.min(by: { live[$0] < live[$1] }) else { continue }
      held = saturatingSum(held, live[cut])
      largest = max(largest, sums[cut] - start)
      start = sums[cut]
    }
    return min(all, saturatingSum(held, max(largest, all - start)))
  }

  /// For each node, the bytes of what was made up to it and is read after it.
  private var liveBytes: [Int] {
    var last = [Int](repeating: -1, count: scope.infos.count)
    for (id, readers) in scope.readers.enumerated() {
      last[owners[id]] = max(last[owners[id]], readers.last ?? -1)
    }
    var change = [Int](repeating: 0, count: scope.steps.count + 1)
    for (id, end) in last.enumerated() where owners[id] == id && !scope.constants[id] {
      let start = scope.producers[id] ?? 0
      guard end > start, change.indices.contains(start), change.indices.contains(end) else {
        continue
      }
      let bytes = scope.infos[id]?.byteCount(in: precision) ?? 0
      change[start] = saturatingSum(change[start], bytes)
      change[end] = saturatingSum(change[end], -bytes)
    }
    var live = 0
    return scope.steps.indices.map { index in
      live = max(0, saturatingSum(live, change[index]))
      return live
    }
  }
}

extension Step {
  /// The values that the gradients to the operands of the node are computed from.
  func valuesForBackward(_ needsGradient: [Bool]) -> [Value.ID] {
    let inputs = node.inputs
    let isLearning = inputs.contains { id in id.map { needsGradient[$0] } ?? false }
    guard isLearning else { return [] }
    guard contractions.isEmpty else {
      // The gradient to one operand of a product is computed from the other.
      let pair = inputs.prefix(2).compactMap { $0 }
      guard pair.count == 2, op?.role(0, self.inputs) == .data else {
        return inputs.compactMap { $0 }
      }
      return [(0, 1), (1, 0)].compactMap { of, from in
        needsGradient[pair[of]] ? pair[from] : nil
      }
    }
    switch layer {
    // Gradients that are copies, sums or parts of the result's need no numbers of the forward pass.
    case .add, .concatenate, .reshape, .movement, .padding, .embedding, .control, .input: return []
    default: break
    }
    switch (node.op.name, inputs.count) {
    case ("Mul", 2), ("Div", 2):
      // The gradient to one operand is computed from the other; that to a divisor from both.
      guard let left = inputs[0], let right = inputs[1] else { return [] }
      let isDivisor = node.op.name == "Div" && needsGradient[right]
      return [
        needsGradient[right] ? left : nil, needsGradient[left] || isDivisor ? right : nil,
      ].compactMap { $0 }
    case ("Where", 3): return inputs[0].map { [$0] } ?? []
    default: break
    }
    if Self.knownFromResult.contains(node.op.name) {
      return node.outputs.first.flatMap { $0 }.map { [$0] } ?? []
    }
    return Self.knownFromShape.contains(node.op.name) ? [] : inputs.compactMap { $0 }
  }

  /// Operators whose derivative is told by the result.
  private static let knownFromResult: Set<String> = [
    "Relu", "LeakyRelu", "Elu", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Exp", "Sqrt",
    "Reciprocal",
  ]

  /// Operators whose derivative is the same whatever the numbers.
  private static let knownFromShape: Set<String> = [
    "AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum", "Neg", "Sub", "Sum", "Mean",
    "Transpose",
  ]
}
