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
      guard step.isCounted, !used.contains(first), let order = step.permutation,
        let path = cancelling(first, order, subject), let last = path.last,
        let source = step.node.inputs.first, let source
      else { continue }
      // What stood between reads the tensor as it was before the first transpose.
      var rewrite = Rewrite()
      var carried = source
      for id in path.dropLast() {
        var node = subject.steps[id].node
        node.inputs = node.inputs.map { $0 == step.node.outputs[0] ? source : $0 }
        rewrite.replaced[id] = [node]
        if let output = node.outputs.first, let output { carried = output }
      }
      rewrite.bypass(last, subject.steps[last].node, reading: carried)
      used.formUnion(path)
      report(
        Report(
          nodes: [first], message: "a pair of transposes that undo each other",
          fix: "drop both", remedy: .rewrite(rewrite), isExact: true))
    }
  }

  /// The nodes from the reader of `first` to the transpose that undoes it, or nil where there is none.
  private func cancelling(_ first: Node.ID, _ order: [Int], _ subject: Subject) -> [Node.ID]? {
    for reader in subject.readers(of: first) {
      var path = [reader]
      while let last = path.last {
        let step = subject.steps[last]
        if let back = step.permutation {
          let isIdentity =
            back.count == order.count && back.indices.allSatisfy { order[back[$0]] == $0 }
          if isIdentity && step.isCounted { return path }
          break
        }
        guard step.mindsNoAxes, let next = subject.onlyReader(of: last) else { break }
        path.append(next)
      }
    }
    return nil
  }
}

extension Step {
  /// The order of axes that the node puts its operand's into, or nil where it is no transpose.
  fileprivate var permutation: [Int]? {
    guard let transpose = op(as: Transpose.self), let rank = inputs[0]?.rank else { return nil }
    return transpose.order ?? Array((0..<rank).reversed())
  }

  /// Whether the node works on each element alone and has one operand.
  fileprivate var mindsNoAxes: Bool { op is Elementwise && inputs.count == 1 && outputs.count == 1 }
}
