import Cost
import Graph

package struct DuplicateSubgraph: Rule {
  package static let page = Page(
    code: "NNC245",
    name: "duplicate-subgraph",
    group: .redundantWork,
    level: .warning,
    summary: "The same operator is applied to the same operands more than once.",
    why: """
      What is computed twice from the same operands gives the same result twice. Such pairs come from models whose
      code calls a layer where it could keep what the layer returned: a tower of a siamese network run for each
      loss, a mask or a rotary embedding made anew in every block. A framework that runs operator by operator runs
      each of them. An engine merges them when it is built, as ONNX Runtime's basic optimisations do at load (1.31), so
      that nothing is reported for one.
      """,
    fix: """
      Compute it once and pass it on. Graph optimisers do so: onnxsim, onnxoptimizer's
      eliminate_common_subexpression.
      """,
    safety: "Exact: operators that draw random numbers or run subgraphs are not taken for equal.",
    sources: [
      "https://github.com/onnx/optimizer (eliminate_common_subexpression)"
    ],
    triggers: [
      """
      twice (float[8,64,56,56] x) => (y) <float[64,64,3,3] w> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        b = Relu(a)
      ↓ c = Conv <pads = [1, 1, 1, 1]> (x, w)
        d = Relu(c)
        y = Concat <axis = 1> (b, d)
      }
      """
    ],
    passes: [
      """
      other_weights (float[8,64,56,56] x) => (y) <float[64,64,3,3] v, float[64,64,3,3] w> {
        a = Conv <pads = [1, 1, 1, 1]> (x, v)
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        y = Concat <axis = 1> (a, c)
      }
      """,
      """
      other_operands (float[8,64,56,56] x, float[8,64,56,56] z) => (y) <float[64,64,3,3] w> {
        a = Conv <pads = [1, 1, 1, 1]> (x, w)
        c = Conv <pads = [1, 1, 1, 1]> (z, w)
        y = Concat <axis = 1> (a, c)
      }
      """,
      """
      noise (float[8,64,56,56] x) => (y) {
        a = RandomNormalLike(x)
        b = RandomNormalLike(x)
        y = Add(a, b)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard subject.estimate.scenario.runtime == .eager else { return }
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    var firsts: [EqualNode: Node.ID] = [:]
    var names = ConstantNames(subject.scope)
    let isOutput = Set(subject.scope.body.outputs)
    // A node that alone reads a value of its own can have no equal, and neither have those that read its results.
    var mayRepeat = subject.scope.readers.map { $0.count > 1 }
    for (value, isConstant) in subject.scope.constants.enumerated() where isConstant {
      // Of constants that the file stores, small ones alone are compared.
      let isStored = subject.scope.producers[value] == nil
      mayRepeat[value] = mayRepeat[value] || !isStored || names.isCompared(value)
    }
    for (id, step) in subject.steps.enumerated() {
      guard step.node.inputs.allSatisfy({ $0.map { mayRepeat[$0] } ?? true }) else { continue }
      for case let output? in step.node.outputs { mayRepeat[output] = true }
      guard let key = EqualNode(step, &names) else { continue }
      guard let first = firsts[key] else {
        firsts[key] = id
        continue
      }
      let (kept, own) = (subject.steps[first].node.outputs, step.node.outputs)
      guard kept.count >= own.count,
        zip(kept, own).allSatisfy({ $1 == nil || $0 != nil }),
        // An output of the model keeps its own name.
        own.allSatisfy({ $0.map { !isOutput.contains($0) } ?? true })
      else { continue }
      for case (let kept?, let own?) in zip(kept, own) {
        rewrite.substitutions[own] = kept
        names.equate(own, with: kept)
      }
      rewrite.removed.insert(id)
      if step.isCounted { found.append(id) }
    }
    guard !found.isEmpty else { return }
    report(
      Report(
        nodes: found,
        message: "\(counted(found.count, "node")) \(found.count == 1 ? "computes" : "compute") "
          + "what another has computed: \(subject.operators(found))",
        fix: "compute it once and pass it on",
        remedy: .rewrite(rewrite), isExact: true))
  }
}
