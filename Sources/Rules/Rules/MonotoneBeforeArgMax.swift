import Cost
import Graph

package struct MonotoneBeforeArgMax: Rule {
  package static let page = Page(
    code: "NNC248",
    name: "monotone-before-argmax",
    group: .redundantWork,
    level: .warning,
    summary:
      "A function that keeps the order of numbers is applied before the largest is looked for.",
    why: """
      Softmax turns scores into probabilities and leaves the largest the largest. Where only its index is wanted,
      the exponentials, sums and quotients are for nothing. For one image and a thousand classes that is next to
      nothing; for a segmentation map it is a pass over every pixel and class, and for a language model one over
      the vocabulary for every token.
      """,
    fix: "Take the index of the largest score, before the softmax.",
    safety: """
      Exact for softmax and log-softmax but where two scores are so close that rounding makes their probabilities
      equal. A sigmoid or tanh rounds large scores to 1, all of them equal: without it, the larger one is found.
      """,
    sources: ["https://github.com/onnx/optimizer (eliminate_nop_monotone_argmax)"],
    triggers: [
      """
      segmentation (float[1,21,256,256] x) => (y) <float[21,21,1,1] w> {
        c = Conv(x, w)
      ↓ s = Softmax <axis = 1> (c)
        y = ArgMax <axis = 1> (s)
      }
      """,
      """
      temperature (float[64,50000] x) => (y) <float t = {0.7}> {
      ↓ d = Div(x, t)
        s = LogSoftmax(d)
        y = ArgMax <axis = -1> (s)
      }
      """,
      """
      classes_last (float[1,21,256,256] x) => (y) <float[21,21,1,1] w, int64[3] f = {1, -1, 21}> {
        c = Conv(x, w)
      ↓ s = Softmax <axis = 1> (c)
        t = Transpose <perm = [0, 2, 3, 1]> (s)
        r = Reshape(t, f)
        y = ArgMax <axis = -1> (r)
      }
      """,
    ],
    passes: [
      """
      other_axis (float[1,21,256,256] x) => (y) {
        s = Softmax <axis = 2> (x)
        y = ArgMax <axis = 1> (s)
      }
      """,
      """
      probabilities_too (float[1,21,256,256] x) => (s, y) {
        s = Softmax <axis = 1> (x)
        y = ArgMax <axis = 1> (s)
      }
      """,
      """
      classes_and_rows_as_one (float[1,21,256,256] x) => (y) <int64[3] f = {1, -1, 256}> {
        s = Softmax <axis = 1> (x)
        r = Reshape(s, f)
        y = ArgMax <axis = 1> (r)
      }
      """,
      """
      turned_around (float[64,50000] x) => (y) <float t = {-1}> {
        d = Mul(x, t)
        y = ArgMax <axis = -1> (d)
      }
      """,
      """
      smallest (float[64,50000] x) => (y) {
        s = Softmax(x)
        y = ArgMin <axis = -1> (s)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (id, step) in subject.steps.enumerated() {
      guard var axis = step.axisOfLargest else { continue }
      var rewrite = Rewrite()
      var found: [Node.ID] = []
      var isExact = true
      var reader = id
      var index = 0
      while let maker = subject.producer(of: reader, index),
        subject.onlyComputingReader(of: maker) == reader
      {
        let before = subject.steps[maker]
        if let kind = before.order(along: axis), let input = before.node.inputs[kind.operand] {
          rewrite.bypass(maker, before.node, reading: input)
          found.append(maker)
          isExact = isExact && kind.isStrict
          index = kind.operand
        } else if let source = before.axisBehind(axis) {
          // What only moves elements, or looks at them otherwise, stays where it is.
          (axis, index) = (source, 0)
        } else {
          break
        }
        reader = maker
      }
      guard !found.isEmpty else { continue }
      found.sort()
      report(
        Report(
          nodes: found,
          message: "\(subject.operators(found)) keeps the order of what \(step.node.op) compares",
          fix: "look for the largest before it",
          remedy: .rewrite(rewrite), isExact: isExact, isNote: true,
          pattern: "\(step.node.op) \(subject.operators(found))"))
    }
  }
}

extension Step {
  /// The axis along which the node looks for the place of the largest element, and tells nothing else.
  fileprivate var axisOfLargest: Int? {
    guard isCounted, let shape = inputs[0]?.shape else { return nil }
    switch op {
    case let extremum as Extremum: return extremum.isMaximum ? try? shape.axis(extremum.axis) : nil
    case let top as TopK:
      // Of several, the last may be among those that rounding makes equal.
      guard top.isLargest, outputs.count > 1, !outputs.isGiven(0),
        let axis = try? shape.axis(top.axis), outputs[1]?.dims[axis] == 1
      else { return nil }
      return axis
    default: return nil
    }
  }

  /// The axis of the operand that `axis` of the result is, where the node changes no element; nil elsewhere.
  fileprivate func axisBehind(_ axis: Int) -> Int? {
    if let order = axisOrder { return order.indices.contains(axis) ? order[axis] : nil }
    guard isView || op(is: Identity.self), let before = inputs[0]?.dims,
      let after = outputs[0]?.dims,
      after.indices.contains(axis)
    else { return nil }
    // The same extent with as many elements around it: the axis itself, whatever became of the others.
    let ahead = after[..<axis].reduce(1, saturatingProduct)
    return before.indices.first { source in
      before[source] == after[axis]
        && before[..<source].reduce(1, saturatingProduct) == ahead
    }
  }

  /// The operand whose elements along `axis` are in the order of the result's; nil where there is none.
  ///
  /// It is strict where the largest stays alone the largest.
  fileprivate func order(along axis: Int) -> (operand: Int, isStrict: Bool)? {
    guard isCounted, let shape = outputs[0]?.shape, outputs[0]?.type.isFloatingPoint ?? false else {
      return nil
    }
    if let softmax = op(as: Softmax.self) {
      guard node.op == "Softmax" || node.op == "LogSoftmax",
        let first = try? shape.axis(softmax.axis, orEnd: softmax.flattens)
      else { return nil }
      // A softmax over several axes divides all elements along one of them alike.
      return softmax.flattens
        ? (axis >= first ? (0, true) : nil) : (axis == first ? (0, true) : nil)
    }
    switch node.op {
    case "Sigmoid", "Tanh", "Exp", "Softplus", "Softsign": return (0, false)
    case "Add":
      // Rounding may make two neighbours equal.
      if constant(1) != nil { return (0, false) }
      return constant(0) != nil ? (1, false) : nil
    case "Sub": return constant(1) != nil ? (0, false) : nil
    case "Mul":
      if let other = constant(1), other > 0 { return (0, true) }
      if let other = constant(0), other > 0 { return (1, true) }
      return nil
    case "Div": return constant(1).map { $0 > 0 } ?? false ? (0, true) : nil
    default: return nil
    }
  }

  /// The one number that the operand at `index` is, a constant that changes no shape; nil for others.
  private func constant(_ index: Int) -> Double? {
    guard inputs.isConstant(index), let numbers = inputs[index]?.value?.reals, numbers.count == 1,
      let number = numbers.first, number.isFinite,
      inputs[1 - index]?.shape == outputs[0]?.shape
    else { return nil }
    return number
  }
}
