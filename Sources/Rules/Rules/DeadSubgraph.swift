import Cost
import Graph

package struct DeadSubgraph: Rule {
  package static let page = Page(
    code: "NNC243",
    name: "dead-subgraph",
    group: .redundantWork,
    level: .warning,
    summary: "Nodes compute what no output depends on.",
    why: """
      A subgraph that no output depends on does work for nobody. It is what remains where an output was taken
      away and not what led to it: an auxiliary head, a debugging branch, a second decoder. A framework that runs
      operator by operator runs it all the same, and so does ONNX Runtime (1.31, all optimisations); TensorRT
      leaves out layers whose results are not used.
      """,
    fix:
      "Remove the nodes: onnxsim, onnxoptimizer's eliminate_deadend, polygraphy surgeon sanitize --cleanup.",
    safety:
      "Exact. Operators that are not understood may have effects of their own and are left alone.",
    sources: ["https://github.com/onnx/optimizer (eliminate_deadend)"],
    triggers: [
      """
      auxiliary_head (float[1,64,56,56] x) => (y) <float[64,64,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = Relu(a)
      }
      """
    ],
    passes: [
      """
      all_used (float[1,64,56,56] x) => (y, z) <float[64,64,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
        z = Relu(y)
      }
      """,
      """
      mask_unread (float[1,64,56,56] x) => (y) {
        y, places = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let found = subject.deadNodes
    guard !found.isEmpty else { return }
    var rewrite = Rewrite()
    rewrite.removed = Set(found)
    report(
      Report(
        nodes: found,
        message:
          "no output depends on \(counted(found.count, "node")): \(subject.operators(found))",
        fix: "remove \(found.count == 1 ? "it" : "them"), for instance with onnxsim",
        remedy: .rewrite(rewrite), isExact: true))
  }
}

extension Subject {
  /// The nodes that neither an output nor a node of unknown effect depends on, in order.
  fileprivate var deadNodes: [Node.ID] {
    var isLive = scope.body.liveNodes()
    for id in steps.indices.reversed() {
      if case .uncounted = steps[id].state { isLive[id] = true }
      guard isLive[id] else { continue }
      for case let input? in steps[id].node.inputs {
        if let maker = scope.producers[input] { isLive[maker] = true }
      }
      for input in steps[id].capturedValues {
        if let maker = scope.producers[input] { isLive[maker] = true }
      }
    }
    return steps.indices.filter { !isLive[$0] }
  }

  /// The kinds of some nodes and how many there are of each, in order of first occurrence.
  func operators(_ nodes: [Node.ID]) -> String {
    var names: [OperatorName] = []
    var counts: [OperatorName: Int] = [:]
    for id in nodes {
      let op = steps[id].node.op
      if counts[op] == nil { names.append(op) }
      counts[op, default: 0] += 1
    }
    return names.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
  }
}
