import Cost
import Graph

package struct RedundantActivation: Rule {
  package static let page = Page(
    code: "NNC249",
    name: "redundant-activation",
    group: .redundantWork,
    level: .warning,
    summary:
      "An activation changes nothing, or runs before a pool that throws most of its results away.",
    why: """
      A ReLU after a ReLU, a sigmoid or a softmax finds nothing below zero; a clip within a narrower clip nothing
      out of bounds; rounding what is round changes nothing. Each reads and writes a whole tensor. A ReLU before a
      max pool can just as well come after it, where there are a quarter of the elements: the largest of what is
      cut at zero is the largest, cut at zero. An engine that fuses activations into the layer before has little
      to gain; a framework that runs operator by operator has.
      """,
    fix: "Drop the activation, or move it behind the pool.",
    safety: "Exact.",
    sources: [
      "https://github.com/onnx/optimizer (eliminate_consecutive_idempotent_ops)",
      "Nikanjam et al.: Automatic Fault Detection for Deep Learning Programs Using Graph Transformations, 2021 (double activation)",
    ],
    triggers: [
      """
      twice (float[8,64,112,112] x) => (y) {
        a = Relu(x)
        b = MaxPool <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (a)
      ↓ c = Relu(b)
        y = Transpose <perm = [0, 2, 3, 1]> (c)
      }
      """,
      """
      within_bounds (float[8,64,112,112] x) => (y) <float zero = {0}, float one = {1}, float six = {6}> {
        a = Sigmoid(x)
      ↓ b = Clip(a, zero, six)
        y = Transpose <perm = [0, 2, 3, 1]> (b)
      }
      """,
      """
      before_a_pool (float[8,64,112,112] x) => (y) <float[64,64,3,3] w> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ a = Relu(c)
        y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
      }
      """,
      """
      cut_again (float[8,64,112,112] x) => (y) <float zero = {0}, float six = {6}> {
      ↓ a = Relu(x)
        y = Clip(a, zero, six)
      }
      """,
    ],
    passes: [
      """
      useful (float[8,64,112,112] x) => (y) <float low = {-0.5}, float half = {0.5}> {
        a = Tanh(x)
        b = Relu(a)
        y = Clip(b, low, half)
      }
      """,
      """
      read_before_the_pool (float[8,64,112,112] x) => (y, z) {
        a = Relu(x)
        y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
        z = Sigmoid(a)
      }
      """,
      """
      means (float[8,64,112,112] x) => (y) {
        a = Relu(x)
        y = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (a)
      }
      """,
      """
      places (float[8,64,112,112] x) => (y, places) {
        a = Relu(x)
        y, places = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let ranges = ValueRanges(subject.scope)
    for (id, step) in subject.steps.enumerated() where step.isCounted {
      guard let input = step.node.inputs.first, let input else { continue }
      if step.changesNothing(
        within: ranges[input], after: subject.producer(of: id).map { subject.steps[$0] })
        || subject.isRepeated(by: subject.onlyReader(of: id), id)
      {
        var rewrite = Rewrite()
        rewrite.bypass(id, step.node, reading: input)
        report(
          Report(
            nodes: [id], message: "\(step.node.op) changes nothing here",
            fix: "drop it", remedy: .rewrite(rewrite), isExact: true))
      } else if let pool = subject.onlyReader(of: id), let rewrite = swapped(id, pool, subject) {
        report(
          Report(
            nodes: [id], message: "\(step.node.op) goes over elements that a max pool then drops",
            fix: "pool first", remedy: .rewrite(rewrite), isExact: true, cap: .info))
      }
    }
  }

  /// The pool first, and then the activation.
  private func swapped(_ id: Node.ID, _ pool: Node.ID, _ subject: Subject) -> Rewrite? {
    let (step, reader) = (subject.steps[id], subject.steps[pool])
    guard step.node.op == "Relu" || step.clipBounds != nil, reader.node.op == "MaxPool",
      reader.isCounted,
      reader.outputs.all.count(where: \.isGiven) == 1,
      let before = reader.inputs[0]?.shape.count, let after = reader.outputs[0]?.shape.count,
      after < before, let output = reader.node.outputs[0]
    else { return nil }
    var rewrite = Rewrite()
    var (activation, first) = (step.node, reader.node)
    first.inputs[0] = activation.inputs[0]
    let pooled = rewrite.add("pooled", to: subject.scope.body)
    first.outputs = [pooled]
    activation.inputs[0] = pooled
    activation.outputs = [output]
    rewrite.removed.insert(id)
    rewrite.replaced[pool] = [first, activation]
    return rewrite
  }
}

extension Subject {
  /// Whether the only reader of the node cuts its operand at least as far as the node does.
  fileprivate func isRepeated(by reader: Node.ID?, _ id: Node.ID) -> Bool {
    guard let reader, producer(of: reader) == id, steps[reader].isCounted,
      let inner = steps[id].clipBounds, let outer = steps[reader].clipBounds
    else { return false }
    // Cut twice alike, the second one changes nothing, and is told of.
    return inner.contains(outer) && inner != outer
  }
}

extension Step {
  /// What an activation holds elements between, if that is all it does.
  fileprivate var clipBounds: ClosedRange<Double>? {
    if node.op == "Relu" { return 0 ... .infinity }
    return op(as: Clip.self)?.bounds(self)
  }

  /// Whether elements `within` these bounds, made by `maker`, are left as they are.
  fileprivate func changesNothing(within range: ClosedRange<Double>, after maker: Step?) -> Bool {
    guard outputs[0]?.type.isFloatingPoint ?? false else { return false }
    if let bounds = clipBounds {
      // A clip without bounds is none of an activation's.
      return bounds.contains(range) && range != -.infinity ... .infinity
    }
    switch node.op {
    case "Abs": return range.lowerBound >= 0
    case "Ceil", "Floor", "Round": return ["Ceil", "Floor", "Round"].contains(maker?.node.op)
    case "LogSoftmax":
      guard maker?.node.op == "LogSoftmax", let own = op(as: Softmax.self),
        let other = maker?.op(as: Softmax.self)
      else { return false }
      return own.axis == other.axis && own.flattens == other.flattens
    default: return false
    }
  }
}
