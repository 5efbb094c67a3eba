import Cost
import Graph

package struct UnfoldedConstants: Rule {
  package static let page = Page(
    code: "NNC247",
    name: "unfolded-constants",
    group: .redundantWork,
    level: .warning,
    summary: "Tensors are computed at every run that follow from the extents of the input alone.",
    why: """
      Exporters trace what the code does, and code makes masks, positions and grids anew for every call, from the
      shape of what it is given. Where the file fixes those extents, the result is the same at every run. A
      framework that runs operator by operator fills, compares and expands it each time. What depends on
      weights alone is not counted here: it is computed once, when the model is loaded. An engine folds the rest as
      well when it is built, as ONNX Runtime's basic optimisations do at load, so that nothing is reported for one.
      """,
    fix: "Fold constants after the export: onnxsim, polygraphy surgeon sanitize --fold-constants.",
    safety: """
      Exact where all extents of the input are fixed in the file; nothing is reported where one is open. Results
      above 1 MiB that are larger than what they are made of are left to be computed. What only
      fills, repeats, orders and adds is folded by --fix; comparisons and the like are left to an optimiser, since
      this program computes no tensors.
      """,
    sources: [
      "https://github.com/daquexian/onnx-simplifier",
      "https://github.com/NVIDIA/TensorRT/tree/main/tools/Polygraphy (surgeon sanitize --fold-size-threshold)",
    ],
    triggers: [
      """
      mask (float[1,8,128,128] x) => (y) <float low = {-10000}, float none = {0}, int64 last = {3}> {
        s = Shape <start = 2> (x)
      ↓ m = ConstantOfShape <value = float {1}> (s)
        t = Trilu <upper = 1> (m)
        b = Cast <to = 9> (t)
        w = Where(b, low, none)
        a = Add(x, w)
        y = Softmax(a)
      }
      """
    ],
    passes: [
      """
      open_sequence (float[1,8,sequence,sequence] x) => (y) <float low = {-10000}, float none = {0}> {
        s = Shape <start = 2> (x)
        m = ConstantOfShape <value = float {1}> (s)
        t = Trilu <upper = 1> (m)
        b = Cast <to = 9> (t)
        w = Where(b, low, none)
        a = Add(x, w)
        y = Softmax(a)
      }
      """,
      """
      of_weights_alone (float[1,256] x) => (y) <float[256,256] w, float scale = {2}> {
        v = Mul(w, scale)
        y = MatMul(x, v)
      }
      """,
      """
      noise (float[1,4,64,64] x) => (y) <float half = {0.5}> {
        n = RandomNormal <shape = [1, 4, 64, 64]> ()
        m = Mul(n, half)
        y = Add(x, m)
      }
      """,
    ],
    runtime: .eager
  )

  /// Results above this many bytes are kept in a file only where they are no larger than what they are made of.
  package static let largestBytes = 1 << 20

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard subject.estimate.scenario.runtime == .eager,
      subject.estimate.analysis.binding.symbols.isEmpty
    else { return }
    let known = subject.knownBeforehand
    let found = subject.steps.indices.filter { id in
      subject.steps[id].isCounted
        && subject.steps[id].node.outputs.contains { $0.map { known[$0] } ?? false }
    }
    guard !found.isEmpty else { return }
    var rewrite = Rewrite()
    for id in found {
      for case let output? in subject.steps[id].node.outputs where known[output] {
        let readers = subject.scope.readers[output]
        let isRead = readers.contains { reader in
          !subject.steps[reader].node.outputs.contains { $0.map { known[$0] } ?? false }
        }
        // An output of the model keeps its own name, and the node that makes it.
        guard isRead, !subject.scope.isOutput(output),
          let info = subject.scope.infos[output]?.tensor
        else { continue }
        rewrite.substitutions[output] = rewrite.addConstant(
          "\(subject.scope.body.values[output].name)_folded", info,
          subject.constantRecipe(output), to: subject.scope.body)
      }
    }
    guard !rewrite.isEmpty else { return }
    rewrite.removed = subject.unread(known, replaced: Set(rewrite.substitutions.keys))
    report(
      Report(
        nodes: found,
        message: "\(counted(found.count, "node")) \(found.count == 1 ? "computes" : "compute") "
          + "what the extents of the input settle: \(subject.operators(found))",
        fix: "fold constants after the export, for instance with onnxsim",
        remedy: .rewrite(rewrite), isExact: true))
  }
}

extension Subject {
  /// The nodes that nobody reads once the values in `replaced` are constants, of those that make what is known.
  fileprivate func unread(_ known: [Bool], replaced: Set<Value.ID>) -> Set<Node.ID> {
    let captured = Set(steps.flatMap(\.capturedValues))
    var unread: Set<Node.ID> = []
    for (id, step) in steps.enumerated().reversed() {
      let outputs = step.node.outputs.compactMap { $0 }
      let isUnread = outputs.allSatisfy { output in
        known[output] && !scope.isOutput(output) && !captured.contains(output)
          && (replaced.contains(output) || scope.readers[output].allSatisfy(unread.contains))
      }
      if isUnread, !outputs.isEmpty { unread.insert(id) }
    }
    return unread
  }

  /// For each value, whether a node makes it of constants and extents alone, and it is worth keeping.
  fileprivate var knownBeforehand: [Bool] {
    var known = [Bool](repeating: false, count: scope.infos.count)
    for step in steps {
      switch step.state {
      case .free(.shape), .free(.constant):
        for case let output? in step.node.outputs { known[output] = true }
      case .counted, .free(.view):
        guard let op = step.op, op.isDeterministic, step.branches.isEmpty, step.inputs.count > 0,
          zip(step.node.inputs, step.inputs.all).allSatisfy({ id, operand in
            id.map { known[$0] || scope.constants[$0] } ?? true
          }),
          step.outputs.all.allSatisfy({ $0.info?.tensor.map { !$0.isEstimated } ?? !$0.isGiven }),
          step.op(as: Dropout.self).map({ !$0.isTraining(step.inputs) }) ?? true
        else { continue }
        let bytes = step.outputs.byteCount
        guard bytes <= UnfoldedConstants.largestBytes || bytes <= step.inputs.byteCount else {
          continue
        }
        for case let output? in step.node.outputs { known[output] = true }
      case .free(.unread), .uncounted: continue
      }
    }
    return known
  }
}
