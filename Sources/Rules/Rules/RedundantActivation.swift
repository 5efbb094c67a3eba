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
      A ReLU after a ReLU, a sigmoid or a softmax finds nothing below zero, nor does a leaky one; a clip within a narrower clip nothing
      out of bounds; rounding what is round changes nothing. Each reads and writes a whole tensor. A ReLU before a
      max pool can just as well come after it, where there are a quarter of the elements: the largest of what is
      cut at zero is the largest, cut at zero. So it is with every function that never falls. An engine that fuses activations into the layer before has little
      to gain; a framework that runs operator by operator has.
      """,
    fix: "Drop the activation, or move it behind the pool.",
    safety: "Exact; up to rounding for curves such as tanh behind a pool.",
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
      leaky_before_a_pool (float[8,64,112,112] x) => (y) <float[64,64,3,3] w> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ a = LeakyRelu <alpha = 0.1> (c)
        y = MaxPool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 1, 1]> (a)
      }
      """,
      """
      leaky_and_positive (float[8,64,112,112] x) => (y) <float zero = {0}> {
        a = Mul(x, x)
      ↓ b = Max(zero, a)
      ↓ c = LeakyRelu(b)
        y = Transpose <perm = [0, 2, 3, 1]> (c)
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
      falls_and_rises (float[8,64,112,112] x) => (y) {
        a = Sigmoid(x)
        s = Mul(x, a)
        y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (s)
      }
      """,
      """
      steeper_below_zero (float[8,64,112,112] x) => (y) {
        a = LeakyRelu <alpha = -0.5> (x)
        y = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a)
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
      guard let operand = step.activatedOperand, let input = step.node.inputs[operand] else {
        continue
      }
      if step.changesNothing(
        within: ranges[input], after: subject.scope.producers[input].map { subject.steps[$0] })
        || subject.isRepeated(by: subject.onlyReader(of: id), id)
      {
        var rewrite = Rewrite()
        rewrite.bypass(id, step.node, reading: input)
        report(
          Report(
            nodes: [id], message: "\(step.node.op) changes nothing here",
            fix: "drop it", remedy: .rewrite(rewrite), isExact: true))
      } else if let pool = subject.onlyReader(of: id),
        let rewrite = swapped(id, operand, pool, subject)
      {
        report(
          Report(
            nodes: [id], message: "\(step.node.op) goes over elements that a max pool then drops",
            fix: "pool first", remedy: .rewrite(rewrite), isExact: true, cap: .info))
      }
    }
  }

  /// The pool first, and then the activation.
  private func swapped(_ id: Node.ID, _ operand: Int, _ pool: Node.ID, _ subject: Subject)
    -> Rewrite?
  {
    let (step, reader) = (subject.steps[id], subject.steps[pool])
    guard step.neverFalls, reader.picksLargest,
      let before = reader.inputs[0]?.shape.count, let after = reader.outputs[0]?.shape.count,
      after < before, let output = reader.node.outputs[0]
    else { return nil }
    var rewrite = Rewrite()
    var (activation, first) = (step.node, reader.node)
    first.inputs[0] = activation.inputs[operand]
    let pooled = rewrite.add("pooled", to: subject.scope.body)
    first.outputs = [pooled]
    activation.inputs[operand] = pooled
    activation.outputs = [output]
    rewrite.removed.insert(id)
    rewrite.replaced[pool] = [first, activation]
    return rewrite
  }
}

extension Subject {
  /// Whether the only reader of the node cuts its operand at least as far as the node does.
  fileprivate func isRepeated(by reader: Node.ID?, _ id: Node.ID) -> Bool {
    guard let reader, steps[reader].isCounted, let operand = steps[reader].activatedOperand,
      producer(of: reader, operand) == id,
      let inner = steps[id].clipBounds, let outer = steps[reader].clipBounds
    else { return false }
    // Cut twice alike, the second one changes nothing, and is told of.
    return inner.contains(outer) && inner != outer
  }
}

extension Step {
  /// The operand that the node works on element by element; nil where there are several such.
  fileprivate var activatedOperand: Int? {
    guard node.op == "Max" || node.op == "Min" else {
      return node.inputs.first.flatMap { $0 }.map { _ in 0 }
    }
    guard inputs.count == 2, node.inputs.count == 2 else { return nil }
    return [0, 1].first { index in
      !inputs.isConstant(index) && inputs.isConstant(1 - index)
        && inputs[1 - index]?.value?.reals.count == 1
        && inputs[index]?.shape == outputs[0]?.shape
    }
  }

  /// What an activation holds elements between, if that is all it does.
  fileprivate var clipBounds: ClosedRange<Double>? {
    switch node.op {
    case "Relu": return 0 ... .infinity
    case "Max", "Min":
      guard let operand = activatedOperand, let number = inputs[1 - operand]?.value?.reals.first,
        !number.isNaN
      else { return nil }
      return node.op == "Max" ? number ... .infinity : -.infinity...number
    default: return op(as: Clip.self)?.bounds(self)
    }
  }

  /// Whether a larger element never becomes a smaller one.
  fileprivate var neverFalls: Bool {
    guard outputs[0]?.type.isFloatingPoint ?? false else { return false }
    if clipBounds != nil { return true }
    switch node.op {
    case "Sigmoid", "Tanh", "Softplus", "Softsign", "Erf", "Exp", "Selu": return true
    case "LeakyRelu", "Elu", "Celu", "HardSigmoid":
      return ((try? node.float("alpha")) ?? nil).map { $0 >= 0 } ?? true
    default: return false
    }
  }

  /// Whether the node gives the largest elements of parts of its operand, and nothing else.
  fileprivate var picksLargest: Bool {
    guard isCounted, outputs.all.count(where: \.isGiven) == 1 else { return false }
    return node.op == "MaxPool" || node.op == "GlobalMaxPool" || node.op == "ReduceMax"
  }

  /// Whether elements `within` these bounds, made by `maker`, are left as they are.
  fileprivate func changesNothing(within range: ClosedRange<Double>, after maker: Step?) -> Bool {
    guard outputs[0]?.type.isFloatingPoint ?? false else { return false }
    if let bounds = clipBounds {
      // A clip without bounds is none of an activation's.
      return bounds.contains(range) && range != -.infinity ... .infinity
    }
    switch node.op {
    case "Abs", "LeakyRelu", "PRelu", "Elu", "Celu":
      return range.lowerBound >= 0 && inputs[0]?.shape == outputs[0]?.shape
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
