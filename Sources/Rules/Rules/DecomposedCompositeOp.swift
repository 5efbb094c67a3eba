import Cost
import Graph

package struct DecomposedCompositeOp: Rule {
  package static let page = Page(
    code: "NNC331",
    name: "decomposed-composite-op",
    group: .memoryTraffic,
    level: .warning,
    summary:
      "An activation, normalisation or softmax is written in pieces, each of which is run by itself.",
    why: """
      Each piece reads a whole tensor and writes one, and is launched by itself: the GELU of GPT-2 in its eight pieces
      moves nine times what one kernel would. Such pieces do next to no arithmetic. In a BERT encoder layer being
      trained, normalisations are 0.17 % of the operations and 25.5 % of the time, elementwise operators 0.03 % and 13.5 %.
      Compiled engines join the pieces by themselves. A framework launches one after the other what a
      source has written so, but has one kernel for the function by its name. What an exporter alone has spelt out
      (nn.GELU in five nodes, nn.SiLU in two) runs as one kernel already and is not reported. Which function the pieces make is
      told by its values, however they are arranged.
      """,
    fix: """
      Call the function by its name: F.gelu, F.silu, F.mish, F.hardswish, F.layer_norm, F.rms_norm (one kernel in newer
      versions of PyTorch), F.softmax. Where there is none, let torch.compile join the function. In ONNX: Gelu (operator set 20), HardSwish (14), Mish (18), Swish (24),
      LayerNormalization (17), RMSNormalization (23).
      """,
    safety: "Exact up to rounding.",
    sources: [
      "Ivanov et al.: Data Movement Is All You Need, 2020 (table 1)",
      "https://onnxruntime.ai/docs/performance/model-optimizations/graph-optimizations.html (GELU and layer normalisation fusion)",
      "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html",
      "https://onnx.ai/onnx/operators/onnx__RMSNormalization.html",
    ],
    triggers: [
      """
      gelu_of_gpt2 (float[8,128,3072] x) => (y)
        <float half = {0.5}, float three = {3}, float k = {0.044715}, float b = {0.7978845608}, float one = {1}> {
        h = Mul(x, half)
        c = Pow(x, three)
        m = Mul(c, k)
        a = Add(x, m)
        i = Mul(a, b)
        t = Tanh(i)
        p = Add(t, one)
      ↓ y = Mul(h, p)
      }
      """,
      """
      root_mean_square (float[8,128,768] x) => (y)
        <float two = {2}, float e = {0.000001}, float[768] w, int64[1] last = {-1}> {
        s = Pow(x, two)
        m = ReduceMean <keepdims = 1> (s, last)
        v = Add(m, e)
        r = Sqrt(v)
        i = Reciprocal(r)
        n = Mul(x, i)
      ↓ y = Mul(w, n)
      }
      """,
      """
      by_its_reciprocal (float[8,128,768] x) => (y)
        <float e = {0.00001}, float[768] g, float[768] b, int64[1] last = {-1}> {
        m = ReduceMean <keepdims = 1> (x, last)
        d = Sub(x, m)
        s = Mul(d, d)
        v = ReduceMean <keepdims = 1> (s, last)
        w = Add(v, e)
        r = Sqrt(w)
        i = Reciprocal(r)
        n = Mul(d, i)
        h = Mul(n, g)
      ↓ y = Add(h, b)
      }
      """,
      """
      quick_gelu (float[8,128,3072] x) => (y) <float k = {1.702}> {
        a = Mul(x, k)
        s = Sigmoid(a)
      ↓ y = Mul(x, s)
      }
      """,
      """
      shares (float[8,12,128,128] x) => (y) <int64[1] last = {3}> {
        m = ReduceMax <keepdims = 1> (x, last)
        d = Sub(x, m)
        e = Exp(d)
        s = ReduceSum <keepdims = 1> (e, last)
      ↓ y = Div(e, s)
      }
      """,
      """
      hard_swish (float[1,64,112,112] x) => (y) <float three = {3}, float low = {0}, float six = {6}> {
        a = Add(x, three)
        c = Clip(a, low, six)
        m = Mul(x, c)
      ↓ y = Div(m, six)
      }
      """,
    ],
    passes: [
      """
      spelt_out_by_an_exporter (float[8,128,3072] x) => (y)
        <float r = {1.4142135}, float one = {1}, float half = {0.5}> {
        d = Div(x, r)
        e = Erf(d)
        a = Add(e, one)
        m = Mul(x, a)
        y = Mul(m, half)
      }
      """,
      """
      read_elsewhere (float[8,128,3072] x) => (y, t)
        <float half = {0.5}, float three = {3}, float k = {0.044715}, float b = {0.7978845608}, float one = {1}> {
        h = Mul(x, half)
        c = Pow(x, three)
        m = Mul(c, k)
        a = Add(x, m)
        i = Mul(a, b)
        t = Tanh(i)
        p = Add(t, one)
        y = Mul(h, p)
      }
      """,
      """
      other_numbers (float[8,128,768] x) => (y) <float k = {0.3}, float one = {1}> {
        a = Mul(x, k)
        t = Tanh(a)
        p = Add(t, one)
        y = Mul(x, p)
      }
      """,
    ],
    runtime: .eager
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    // An engine joins the pieces by itself.
    guard subject.estimate.scenario.runtime == .eager else { return }
    let homes = kernels(subject)
    var isTaken: Set<Node.ID> = []
    var pieces = Pieces(subject)
    var found: [Report] = []
    for root in subject.steps.indices.reversed() where !isTaken.contains(root) {
      guard let (region, one) = function(endingIn: root, homes, &pieces, subject),
        isTaken.isDisjoint(with: region.nodes)
      else { continue }
      isTaken.formUnion(region.nodes)
      if let one { found.append(one) }
    }
    for one in found.reversed() { report(one) }
  }

  /// For each node, the number of the kernel that runs it; nil where none does.
  private func kernels(_ subject: Subject) -> [Int?] {
    var homes = [Int?](repeating: nil, count: subject.steps.count)
    for (number, kernel) in subject.estimate.kernels.enumerated() {
      for member in kernel.members {
        let placement = subject.estimate.analysis.placements[member]
        if placement.scope == 0 { homes[placement.node] = number }
      }
    }
    return homes
  }

  /// The region that ends in `root` and has a name, and what to say of it; nil for that where one kernel runs it.
  private func function(
    endingIn root: Node.ID, _ homes: [Int?], _ pieces: inout Pieces, _ subject: Subject
  ) -> (region: FunctionRegion, finding: Report?)? {
    var found: (region: FunctionRegion, rows: NumberRows, function: NamedFunction)?
    for region in FunctionRegion.all(endingIn: root, subject) {
      guard let operand = subject.tensor(region.operand),
        pieces.results(region).map({ NamedFunction.mayBe($0, operand.type) }) ?? true,
        let rows = NumberRows(region, subject),
        let function = NamedFunction(rows, operand.type),
        // What changes nothing before a function is no part of it; what takes the mean off before a root mean square is.
        function.title != found?.function.title
      else { continue }
      found = (region, rows, function)
    }
    guard let (region, rows, function) = found else { return nil }
    let launches = Set(region.nodes.compactMap { homes[$0] }).count
    guard launches > 1,
      // A function that is one of the pieces needs no other to stand for it.
      !region.nodes.contains(where: { subject.steps[$0].node.op == function.op }),
      let rewrite = rewrite(region, rows, function, subject), let last = region.nodes.last
    else { return (region, nil) }
    let one = Report(
      nodes: [last] + region.nodes.dropLast().reversed(),
      message: "\(function.title) is run as \(launches) kernels",
      fix: "write \(function.source), or \(function.op.name) of operator set \(function.opset)",
      remedy: .rewrite(rewrite), isExact: true, pattern: function.title)
    return (region, one)
  }

  private func rewrite(
    _ region: FunctionRegion, _ rows: NumberRows, _ function: NamedFunction, _ subject: Subject
  ) -> Rewrite? {
    guard let last = region.nodes.last, let output = subject.output(last),
      let operand = subject.tensor(region.operand)
    else { return nil }
    var rewrite = Rewrite()
    let old = subject.steps[last].node
    var node = Node(
      name: old.name, function.op, opset: max(function.opset, old.opset), inputs: [region.operand],
      outputs: [output], attributes: function.attributes)
    node.line = old.line
    node.metadata = old.metadata
    for place in function.weights {
      if let place {
        let weight = rows.weights[place]
        guard let info = subject.tensor(weight) else { return nil }
        let axes = operand.rank - (rows.axis ?? operand.rank)
        if info.rank <= axes {
          node.inputs.append(weight)
        } else {
          guard let flat = try? TensorInfo(info.type, Array(info.dims.suffix(axes))) else {
            return nil
          }
          let recipe = subject.constantRecipe(weight) ?? .constant(weight)
          node.inputs.append(
            rewrite.addConstant(
              "weight", flat, .reshaped(recipe, flat.dims), to: subject.scope.body))
        }
      } else {
        guard let axis = rows.axis,
          let ones = try? TensorInfo(operand.type, Array(operand.dims[axis...]))
        else { return nil }
        node.inputs.append(
          rewrite.addConstant("ones", ones, .filled(1, dims: ones.dims), to: subject.scope.body))
      }
    }
    rewrite.removed.formUnion(region.nodes.dropLast())
    rewrite.replaced[last] = [node]
    return rewrite
  }
}

/// What nodes do to single elements, each looked at once: in long chains a node is part of many regions.
private struct Pieces {
  private let subject: Subject
  private var known: [Node.ID: ((Double) -> Double)?] = [:]

  init(_ subject: Subject) { self.subject = subject }

  /// What a region gives for the numbers that functions are told by first; nil where one number alone does not say.
  mutating func results(_ region: FunctionRegion) -> [Double]? {
    guard region.isPath else { return nil }
    var numbers = NamedFunction.probes
    for node in region.nodes {
      guard let piece = piece(node) else { return nil }
      for index in numbers.indices { numbers[index] = piece(numbers[index]) }
    }
    return numbers
  }

  private mutating func piece(_ node: Node.ID) -> ((Double) -> Double)? {
    if let known = known[node] { return known }
    let piece = NumberRows.piece(of: subject.steps[node])
    known[node] = .some(piece)
    return piece
  }
}
