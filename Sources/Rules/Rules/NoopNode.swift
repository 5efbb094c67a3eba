import Cost
import Graph

package struct NoopNode: Rule {
  package static let page = Page(
    code: "NNC244",
    name: "noop-node",
    group: .redundantWork,
    level: .warning,
    summary: "A node gives back what it was given.",
    why: """
      Exporters leave nodes that give back what they were given: a transpose into the same order, a padding
      by nothing, a pool over single elements, an interpolation to the size that is there, an addition of 0, a
      multiplication by 1, a slice of everything, parts put together again as they were.
      Each reads and writes its whole operand, and stands in the way of fusing its neighbours. An engine drops
      sums with 0, products with 1 and expansions when it is built, so that they are reported for a framework alone;
      ONNX Runtime 1.31 leaves the others: paddings, transposes, slices up to an extent that is spelled out.
      """,
    fix:
      "Run a graph optimiser on the exported file: onnxsim, or onnxoptimizer's eliminate_* passes.",
    safety: "Exact.",
    sources: ["https://github.com/onnx/optimizer (the list of eliminate_* passes)"],
    triggers: [
      """
      padding_by_nothing (float[1,64,112,112] x) => (y) <float[64,64,3,3] w, int64[8] p = {0,0,0,0,0,0,0,0}> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ z = Pad(c, p)
        y = Relu(z)
      }
      """,
      """
      times_one (float[1,64,112,112] x) => (y) <float one = {1}> {
      ↓ m = Mul(x, one)
        t = Transpose <perm = [0, 2, 3, 1]> (m)
        y = Relu(t)
      }
      """,
      """
      to_its_own_size (float[1,64,56,56] x) => (y) <int64[4] size = {1, 64, 56, 56}, float one = {1}> {
      ↓ r = Resize <mode = "linear"> (x, , , size)
      ↓ p = Pow(r, one)
      ↓ d = DepthToSpace <blocksize = 1> (p)
        y = Sigmoid(d)
      }
      """,
      """
      apart_and_together (float[1,64,56,56] x) => (y) <int64[2] s = {32, 32}> {
        a, b = Split <axis = 1> (x, s)
      ↓ c = Concat <axis = 1> (a, b)
        y = Sigmoid(c)
      }
      """,
    ],
    passes: [
      """
      untrained (float[1,4,256,256] x) => (y) <float[4,1,1] zeros = {0,0,0,0}> {
        y = Add(x, zeros)
      }
      """,
      """
      open_batch (float[batch,64,112,112] x, float[64,112,112] c) => (y) <int64[4] one = {1,64,112,112}> {
        e = Expand(x, one)
        y = Add(e, c)
      }
      """,
      """
      other_way_round (float[1,64,56,56] x) => (y) <int64[2] s = {32, 32}> {
        a, b = Split <axis = 1> (x, s)
        y = Concat <axis = 1> (b, a)
      }
      """,
      """
      slightly_larger (float[1,64,56,56] x) => (y) <float[4] scales = {1, 1, 1.01, 1.01}> {
        y = Resize <mode = "linear"> (x, , scales)
      }
      """,
      """
      useful (float[1,64,112,112] x) => (y) <int64[8] p = {0,0,1,1,0,0,1,1}, float half = {0.5}> {
        z = Pad(x, p)
        m = Mul(z, half)
        y = Transpose <perm = [0, 2, 3, 1]> (m)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let isFixed = subject.estimate.analysis.binding.symbols.isEmpty
    let isEngine = subject.estimate.scenario.runtime == .fused
    for (id, step) in subject.steps.enumerated() {
      if let whole = subject.putTogetherAgain(id) {
        var rewrite = Rewrite()
        rewrite.bypass(id, step.node, reading: whole)
        report(
          Report(
            nodes: [id], message: "\(step.node.op) puts together what was just taken apart",
            fix: "remove both", remedy: .rewrite(rewrite), isExact: true))
        continue
      }
      guard let kept = step.unchangedInput, let input = step.node.inputs[kept],
        isFixed || !step.followsExtents, !(isEngine && step.isDroppedByEngines)
      else { continue }
      var rewrite = Rewrite()
      rewrite.bypass(id, step.node, reading: input)
      report(
        Report(
          nodes: [id], message: "\(step.node.op) gives back what it was given",
          fix: "remove it: --fix, or onnxsim", remedy: .rewrite(rewrite), isExact: true))
    }
  }
}

extension Subject {
  /// What was split into the parts that the node puts together, all of them in their order; nil for other nodes.
  fileprivate func putTogetherAgain(_ id: Node.ID) -> Value.ID? {
    let step = steps[id]
    guard step.isCounted, let concat = step.op(as: Concat.self), step.node.inputs.count > 1,
      let parts = producer(of: id), steps[parts].node.outputs == step.node.inputs,
      let split = steps[parts].op(as: Split.self), let whole = input(parts),
      let shape = tensor(whole)?.shape, shape == step.outputs[0]?.shape,
      let axis = try? shape.axis(split.axis), axis == (try? shape.axis(concat.axis))
    else { return nil }
    return whole
  }
}

extension Step {
  /// The input that the node's only result equals in all its elements, where the node moves bytes to make it.
  fileprivate var unchangedInput: Int? {
    guard isCounted, let result = outputs[0], outputs.all.count(where: \.isGiven) == 1 else {
      return nil
    }
    func isKept(_ index: Int) -> Bool {
      inputs[index]?.type == result.type && inputs[index]?.shape == result.shape
        && !result.isEstimated
    }
    if op(is: Elementwise.self) { return neutralPair.flatMap { isKept($0) ? $0 : nil } }
    guard isKept(0) else { return nil }
    let isNoop: Bool? =
      switch family {
      case Transpose.self: op(as: Transpose.self)?.keepsOrder(result.shape)
      case Expansion.self, Tiling.self: true
      case Concat.self, Extremum.self: inputs.all.count(where: \.isGiven) == 1
      case Pooling.self:
        op(as: Pooling.self).map { $0.kind != .norm && $0.takesSingleElements }
      case Resampling.self: op(as: Resampling.self)?.keepsSize(of: self)
      case DepthToSpace.self: op(as: DepthToSpace.self)?.block == 1
      case Power.self: inputs.isConstant(1) && inputs[1]?.value?.reals == [1]
      case Pad.self: op(as: Pad.self)?.addsNothing(inputs, result.shape)
      case Slicing.self:
        (try? op(as: Slicing.self)?.cuts(inputs, result.shape))?.allSatisfy {
          $0.step.map { $0 > 0 } ?? false
        }
      default: false
      }
    return isNoop ?? false ? 0 : nil
  }

  /// Whether engines leave the node out when they are built, as ONNX Runtime's basic optimisations do.
  ///
  /// Found by running them (1.31) over one node of each kind.
  fileprivate var isDroppedByEngines: Bool {
    switch op {
    case is Elementwise, is Expansion: return true
    case let slice as Slicing:
      // An extent that is spelled out stays; only "to the end" is known to be everything.
      guard let shape = inputs[0]?.shape, let cuts = try? slice.cuts(inputs, shape) else {
        return false
      }
      return cuts.allSatisfy { $0.start == 0 && $0.end == .max }
    default: return false
    }
  }

  /// Whether the node may change something after all where an open extent is given another number.
  fileprivate var followsExtents: Bool {
    op(is: Expansion.self) || op(is: Tiling.self) || op(is: Slicing.self)
      || op(is: Resampling.self) && inputs.isGiven(3)
  }

  /// The operand that a neutral number leaves as it is: `x + 0`, `x · 1`, `x / 1`, `x - 0`.
  private var neutralPair: Int? {
    guard inputs.count == 2 else { return nil }
    // A whole vector of them is a parameter that has not been trained, and will be.
    func isAlways(_ number: Double, _ index: Int) -> Bool {
      inputs.isConstant(index) && inputs[index]?.value?.reals == [number]
    }
    switch node.op {
    case "Add": return isAlways(0, 1) ? 0 : isAlways(0, 0) ? 1 : nil
    case "Mul": return isAlways(1, 1) ? 0 : isAlways(1, 0) ? 1 : nil
    case "Sub": return isAlways(0, 1) ? 0 : nil
    case "Div": return isAlways(1, 1) ? 0 : nil
    default: return nil
    }
  }
}

extension Transpose {
  /// Whether the axes that hold more than one element stay in their order.
  fileprivate func keepsOrder(_ shape: Shape) -> Bool {
    let order = order ?? Array(shape.dims.indices.reversed())
    return order.count == shape.rank && order == Array(shape.dims.indices)
  }
}

extension Resampling {
  /// Whether the node, whose result is as large as its operand, takes every element from its own place.
  fileprivate func keepsSize(of step: Step) -> Bool {
    guard !crops, interpolation == .nearest || interpolation == .linear else { return false }
    // A scale that is nearly 1 moves places all the same.
    let scales = step.node.op.name == "Resize" && !step.node.precedes(11) ? 2 : 1
    guard step.inputs.isGiven(scales), let numbers = step.inputs[scales]?.value?.reals,
      !numbers.isEmpty
    else { return step.inputs.isGiven(3) }
    return numbers.allSatisfy { $0 == 1 }
  }
}

extension Pooling {
  /// Whether each window is one element, and each element has one window.
  fileprivate var takesSingleElements: Bool {
    guard case .explicit(let pads) = window.padding else { return false }
    return kernel.allSatisfy { $0 == 1 } && window.strides.allSatisfy { $0 == 1 }
      && pads.allSatisfy { $0 == 0 }
  }
}

extension Pad {
  /// Whether nothing is added and nothing taken away.
  fileprivate func addsNothing(_ x: Operands, _ shape: Shape) -> Bool {
    guard let (before, after) = try? perAxis(x, shape) else { return false }
    return (before + after).allSatisfy { $0 == 0 }
  }
}
