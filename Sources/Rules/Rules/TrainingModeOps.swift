import Cost
import Graph

package struct TrainingModeOps: Rule {
  package static let page = Page(
    code: "NNC234",
    name: "training-mode-ops",
    group: .redundantWork,
    level: .error,
    summary:
      "A network to be run was exported as it is trained: it drops activations at random, or normalises by the batch.",
    why: """
      In training, a dropout draws a random number for every activation and writes a mask, and a batch
      normalisation works out mean and variance of the batch at hand in two more passes over its operand. At
      inference neither is wanted: answers become random, or depend on what else is in the batch. And neither
      can be folded into the layer before, so each costs a whole feature map, read and written.
      """,
    fix:
      "Call model.eval() before the export, and leave torch.onnx.export's training at TrainingMode.EVAL.",
    safety:
      """
      Gives the function that was meant, which is not the one in the file: check the accuracy once. --fix writes it,
      with normalisations by their running statistics folded into the layers before.
      """,
    sources: [
      "https://onnx.ai/onnx/operators/onnx__Dropout.html (training_mode)",
      "https://onnx.ai/onnx/operators/onnx__BatchNormalization.html (training_mode)",
    ],
    triggers: [
      """
      dropout (float[1,128,768] x) => (y) <float[768,768] w, float ratio = {0.1}, bool train = {1}> {
        m = MatMul(x, w)
      ↓ d = Dropout(m, ratio, train)
        y = Relu(d)
      }
      """,
      """
      statistics (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
      ↓ n, mean, variance = BatchNormalization <training_mode = 1> (c, s, b, m, v)
        y = Relu(n)
      }
      """,
      """
      dropped_branch (float[8,128,256] x) => (y) <float[256,256] w, float[8,1,1] like, float keep = {0.9}> {
        b = MatMul(x, w)
        r = RandomUniformLike(like)
        l = Less(r, keep)
        m = Cast <to = 1> (l)
      ↓ d = Mul(b, m)
        s = Div(d, keep)
        y = Add(x, s)
      }
      """,
    ],
    passes: [
      """
      evaluation (float[1,64,56,56] x) => (y)
        <float[64,64,3,3] w, float[64] s, float[64] b, float[64] m, float[64] v, float ratio = {0.1}> {
        c = Conv <pads = [1, 1, 1, 1]> (x, w)
        n = BatchNormalization(c, s, b, m, v)
        d = Dropout(n, ratio)
        y = Relu(d)
      }
      """,
      """
      noise_that_is_wanted (float[8,128,256] x, float[8,128,256] deviation) => (y) {
        r = RandomNormalLike(x)
        m = Mul(r, deviation)
        y = Add(x, m)
      }
      """,
      """
      training_graph (float[1,64,56,56] x, int64[1] t) => (l, mean, variance)
        <float[64] s, float[64] b, float[64] m, float[64] v> {
        n, mean, variance = BatchNormalization <training_mode = 1> (x, s, b, m, v)
        p = GlobalAveragePool(n)
        f = Flatten(p)
        l = SoftmaxCrossEntropyLoss(f, t)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    // A graph with a loss or an optimizer is there to be trained.
    guard !subject.steps.contains(where: { $0.op(is: Loss.self) || $0.op(is: OptimizerStep.self) })
    else {
      return
    }
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    for (id, step) in subject.steps.enumerated()
    where step.isCounted && subject.wantsFirstAlone(step) {
      if let norm = step.op(as: BatchNormalization.self), norm.isTraining,
        let layer = subject.producer(of: id), subject.onlyReader(of: layer) == id,
        (1...4).allSatisfy({ step.inputs.isConstant($0) }),
        let folded = subject.folding(id, into: layer)
      {
        rewrite.join(folded, valueCount: subject.scope.body.values.count)
      } else if let norm = step.op(as: BatchNormalization.self), norm.isTraining {
        var node = step.node
        node.attributes.removeAll { $0.name == "training_mode" }
        node.outputs = Array(node.outputs.prefix(1))
        rewrite.replaced[id] = [node]
      } else if let dropout = step.op(as: Dropout.self), dropout.isTraining(step.inputs),
        let input = step.node.inputs[0]
      {
        rewrite.bypass(id, step.node, reading: input)
      } else {
        continue
      }
      found.append(id)
    }
    reportMasks(subject, report)
    guard !found.isEmpty else { return }
    report(
      Report(
        nodes: found,
        message: "\(subject.operators(found)) in training mode",
        fix: "export in evaluation mode: model.eval()",
        remedy: .rewrite(rewrite), isExact: false, isMeant: true,
        floor: .error, isNote: true))
  }
}

extension TrainingModeOps {
  /// Reports dropouts that are spelled out: a random mask, a product and a division.
  private func reportMasks(_ subject: Subject, _ report: (Report) -> Void) {
    var rewrite = Rewrite()
    var found: [Node.ID] = []
    for id in subject.steps.indices {
      guard let mask = RandomMask(id, subject), let last = mask.nodes.last else { continue }
      rewrite.bypass(last, subject.steps[last].node, reading: mask.kept)
      rewrite.removed.formUnion(mask.nodes)
      found.append(id)
    }
    guard !found.isEmpty else { return }
    report(
      Report(
        nodes: found,
        message: """
          \(counted(found.count, "random mask")) \(found.count == 1 ? "drops" : "drop") activations or branches, \
          as in training
          """,
        fix: "export in evaluation mode: model.eval()",
        remedy: .rewrite(rewrite), isExact: false, isMeant: true, floor: .error, isNote: true))
  }
}

extension Subject {
  /// Whether nobody reads a result of the node but the first.
  fileprivate func wantsFirstAlone(_ step: Step) -> Bool {
    step.node.outputs.dropFirst().allSatisfy { id in
      id.map { scope.readers[$0].isEmpty && !scope.isOutput($0) } ?? true
    }
  }
}
