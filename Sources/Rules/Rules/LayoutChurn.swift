import Cost
import Graph

package struct LayoutChurn: Rule {
  package static let page = Page(
    code: "NNC341",
    name: "layout-churn",
    group: .memoryTraffic,
    level: .warning,
    summary: "Two transposes undo each other.",
    why: """
      A transpose computes nothing, yet it reads and writes every byte of its operand, often in an order that
      memory serves badly. Two that cancel out, with nothing between them that minds the order of axes, leave
      the tensor as it was. They come from converters that wrap each layer of a channels-last network into a
      transpose there and one back. An engine drops them when it is built, as ONNX Runtime's basic optimisations do at
      load, also around activations (1.31), so that nothing is reported for one.
      """,
    fix: "Drop both; graph optimisers such as onnxsim and ONNX Runtime's transpose optimiser do.",
    safety: "Exact: the same numbers in the same places.",
    sources: ["https://onnx.ai/onnx/operators/onnx__Transpose.html"],
    triggers: [
      """
      pair (float[8,64,128,128] x) => (y) {
        a = Relu(x)
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (a)
        u = Transpose <perm = [0, 3, 1, 2]> (t)
        y = Sigmoid(u)
      }
      """,
      """
      around_an_activation (float[8,64,128,128] x) => (y) {
        a = Relu(x)
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (a)
        s = Sigmoid(t)
        u = Transpose <perm = [0, 3, 1, 2]> (s)
        y = Relu(u)
      }
      """,
      """
      around_a_residual (float[8,64,128,128] x, float[8,64,128,128] z) => (y) <float[64] scale> {
      ↓ t = Transpose <perm = [0, 2, 3, 1]> (x)
        s = Mul(t, scale)
        r = Transpose <perm = [0, 2, 3, 1]> (z)
        a = Add(s, r)
        g = Sigmoid(a)
        m = Mul(a, g)
        u = Transpose <perm = [0, 3, 1, 2]> (m)
        y = Relu(u)
      }
      """,
    ],
    passes: [
      """
      other_order (float[8,64,128,128] x) => (y) {
        a = Relu(x)
        t = Transpose <perm = [0, 2, 3, 1]> (a)
        u = Transpose <perm = [0, 2, 1, 3]> (t)
        y = Sigmoid(u)
      }
      """,
      """
      read_in_that_order (float[8,64,128,128] x) => (y, z) {
        a = Relu(x)
        t = Transpose <perm = [0, 2, 3, 1]> (a)
        z = Sigmoid(t)
        u = Transpose <perm = [0, 3, 1, 2]> (z)
        y = Sigmoid(u)
      }
      """,
      """
      something_between (float[8,64,128,128] x) => (y) {
        a = Relu(x)
        t = Transpose <perm = [0, 2, 3, 1]> (a)
        s = Softmax <axis = 3> (t)
        u = Transpose <perm = [0, 3, 1, 2]> (s)
        y = Sigmoid(u)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard subject.estimate.scenario.runtime == .eager else { return }
    var used: Set<Node.ID> = []
    for (first, step) in subject.steps.enumerated() {
      guard step.isCounted, !used.contains(first), let order = step.axisOrder else { continue }
      let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
      let terms = Enclosed.Terms(
        opens: { subject.steps[$0].isCounted && subject.steps[$0].axisOrder == order },
        closes: { subject.steps[$0].isCounted && subject.steps[$0].axisOrder == inverse },
        passes: { subject.steps[$0].operandsInAnyOrder(rank: order.count) })
      for reader in subject.readers(of: first) {
        guard let region = Enclosed(first, reader, subject, terms),
          used.isDisjoint(with: region.openings + region.inner + region.closings),
          let rewrite = region.rewrite(
            subject,
            adapt: { id, node, rewrite in
              Self.turn(&node, subject.steps[id], order, inverse, &rewrite, subject)
            })
        else { continue }
        used.formUnion(region.openings + region.inner + region.closings)
        report(
          Report(
            nodes: [first], message: "a pair of transposes that undo each other",
            fix: "drop both", remedy: .rewrite(rewrite), isExact: true))
      }
    }
  }

  /// Lets a node between two transposes work on its operands as they were before the first; whether it can.
  private static func turn(
    _ node: inout Node, _ step: Step, _ order: [Int], _ inverse: [Int], _ rewrite: inout Rewrite,
    _ subject: Subject
  ) -> Bool {
    if let concat = step.op(as: Concat.self) {
      guard let axis = try? step.outputs[0]?.shape.axis(concat.axis) else { return false }
      node.set("axis", .int(order[axis]))
    }
    guard step.op is Elementwise || step.op is Concat else { return true }
    for index in node.inputs.indices where step.inputs.isConstant(index) {
      guard let constant = node.inputs[index], let info = step.inputs[index] else { continue }
      if info.shape.count == 1, !(step.op is Concat) { continue }
      // A constant along some axes is put along the same ones where they were.
      let padded = [Int](repeating: 1, count: order.count - info.rank) + info.dims
      guard let turned = try? TensorInfo(info.type, inverse.map { padded[$0] }) else {
        return false
      }
      let recipe = subject.constantRecipe(constant).map {
        Recipe.transposed(.reshaped($0, padded), inverse)
      }
      node.inputs[index] = rewrite.addConstant("turned", turned, recipe, to: subject.scope.body)
    }
    return true
  }
}

extension Step {
  /// The operands of a node that works on elements one by one, or puts tensors side by side, whatever the order of
  /// their axes; nil for all others, and where operands have fewer axes.
  fileprivate func operandsInAnyOrder(rank: Int) -> [Int]? {
    let isAlike = op is Elementwise || op is Concat || op is Identity
    guard isAlike || op is Clip || op is Cast || op is Power || op is Dropout, isCounted || isView,
      outputs.all.count(where: \.isGiven) == 1, outputs[0]?.rank == rank
    else { return nil }
    // What else the others read is no tensor of that form: bounds, an exponent, a ratio.
    let operands = op is Elementwise || op is Concat ? Array(node.inputs.indices) : [0]
    for index in operands {
      guard let info = inputs[index] else { return nil }
      guard inputs.isConstant(index) ? info.rank <= rank : info.rank == rank else { return nil }
    }
    if op is Power, inputs[1]?.shape.count != 1 { return nil }
    return operands
  }
}
