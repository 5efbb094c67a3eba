import Cost
import Graph

package struct FullSequenceLogits: Rule {
  package static let page = Page(
    code: "NNC603",
    name: "full-sequence-logits",
    group: .deployment,
    level: .warning,
    summary: "Scores over a vocabulary are computed for every position, and the last one is used.",
    why: """
      A generator needs the scores of the next token alone when it reads a prompt, and so does a classifier that looks at the last
      position. The head is the largest matrix of a small language model: of GPT-2's energy for 128 tokens on a T4
      it takes about a fifth, of which all but one row is computed for nobody. Exporters keep the whole sequence,
      since training needs it. The rule asks what the model is for, and is silent where nobody says.
      """,
    fix: """
      Slice the last position before the head and export again: in Hugging Face transformers, logits_to_keep=1.
      """,
    safety: """
      The scores of the last position stay the same, the others are gone: not for perplexity, for training,
      or where a draft of several tokens is checked.
      """,
    sources: [
      "https://huggingface.co/docs/transformers/model_doc/gpt2 (logits_to_keep)",
      "the share: this tool's own estimate",
    ],
    triggers: [
      Example(
        """
        prompt (float[1,128,256] x) => (y) <float[256,50257] w, float[50257] b> {
          h = Relu(x)
        ↓ l = MatMul(h, w)
          y = Add(l, b)
        }
        """,
        for: Purpose(task: .generate), configuration: #"{"usage": {"task": "generate"}}"#)
    ],
    passes: [
      """
      nobody_said (float[1,128,256] x) => (y) <float[256,50257] w> {
        h = Relu(x)
        y = MatMul(h, w)
      }
      """,
      Example(
        """
        one_token (float[1,1,256] x) => (y) <float[256,50257] w> {
          h = Relu(x)
          y = MatMul(h, w)
        }
        """,
        for: Purpose(task: .generate), configuration: #"{"usage": {"task": "generate"}}"#),
      Example(
        """
        no_vocabulary (float[1,128,256] x) => (y) <float[256,1000] w> {
          h = Relu(x)
          y = MatMul(h, w)
        }
        """,
        for: Purpose(task: .classifyLast), configuration: #"{"usage": {"task": "classify-last"}}"#),
    ],
    options: [
      Setting(
        "usage.task", "`generate` or `classify-last`: only the last position is used",
        standard: "the rule is silent")
    ]
  )

  /// Fewer scores than these are no vocabulary.
  static let vocabulary = 4096

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    guard subject.purpose.task != nil else { return }
    let body = subject.scope.body
    for output in body.outputs {
      guard let scores = subject.tensor(output), scores.rank == 3, scores.dims[1] > 1,
        scores.dims[2] >= Self.vocabulary, let head = head(of: output, subject),
        let rows = subject.input(head), let operand = subject.tensor(rows), operand.rank == 3,
        operand.dims[1] == scores.dims[1]
      else { continue }
      var rewrite = Rewrite()
      let last = rewrite.add("last", to: body)
      guard
        let slice = rewrite.slice(
          rows, [-1], [Int(Int32.max)], [1], [1], subject.opset, into: last, body)
      else { continue }
      var node = subject.steps[head].node
      node.inputs[0] = last
      rewrite.replaced[head] = [slice, node]
      report(
        Report(
          nodes: [head],
          message: """
            scores of \(scores.dims[2]) tokens at \(scores.dims[1]) positions, of which the last is used
            """,
          fix: "slice the last position before the head", remedy: .rewrite(rewrite),
          isExact: false, floor: .warning, isNote: true))
    }
  }

  /// The product over the vocabulary from which `output` follows element by element, for nobody else.
  private func head(of output: Value.ID, _ subject: Subject) -> Node.ID? {
    var value = output
    while let id = subject.scope.producers[value] {
      let step = subject.steps[id]
      if step.node.op == "MatMul", step.inputs.isConstant(1), step.inputs[1]?.rank == 2 {
        return id
      }
      let isRowwise =
        step.op(is: Elementwise.self) || step.op(is: Cast.self) || step.op(is: Clip.self)
      let computed = step.node.inputs.indices.filter { !step.inputs.isConstant($0) }
      guard isRowwise, computed.count == 1, let next = step.node.inputs[computed[0]],
        subject.scope.readers[next].count == 1, !subject.scope.isOutput(next)
      else { return nil }
      value = next
    }
    return nil
  }
}
