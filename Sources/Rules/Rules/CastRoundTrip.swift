import Cost
import Graph

package struct CastRoundTrip: Rule {
  package static let page = Page(
    code: "NNC437",
    name: "cast-round-trip",
    group: .precision,
    level: .warning,
    summary: "Numbers are cast to a wider type and back, with nothing computed between.",
    why: """
      Each cast reads a whole tensor and writes it again. Mixed-precision converters leave pairs of them where
      two neighbours both keep float32 and the tensor between them does not. A cast to a type that holds every
      value of the first, and back, changes no number, nor does what only picks or moves numbers between the two:
      a ReLU, a max pool, a concatenation.
      """,
    fix: """
      Drop both casts. ONNX Runtime's basic optimisations do so at load where the pair stands side by side (1.31); one
      with a view between is left, and is all that is reported for an engine.
      """,
    safety:
      "Exact. Pairs through a narrower type, such as float32 to float16 and back, round, and are not reported.",
    sources: ["https://onnx.ai/onnx/operators/onnx__Cast.html"],
    triggers: [
      """
      back_again (float16[8,64,128,128] x) => (y) <int64[3] s = {8, 64, 16384}> {
        a = Tanh(x)
      ↓ b = Cast <to = 1> (a)
        c = Reshape(b, s)
        d = Cast <to = 10> (c)
        y = Softmax(d)
      }
      """,
      """
      picked_between (float16[8,64,128,128] x, float16[8,64,64,64] z) => (y) {
      ↓ a = Cast <to = 1> (x)
        b = Relu(a)
        c = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (b)
        d = Cast <to = 1> (z)
        e = Concat <axis = 1> (c, d)
        f = Cast <to = 10> (e)
        y = Softmax(f)
      }
      """,
    ],
    passes: [
      """
      mean (float16[8,64,128,128] x) => (y) {
        b = Cast <to = 1> (x)
        c = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (b)
        y = Cast <to = 10> (c)
      }
      """,
      """
      rounding (float[8,64,128,128] x) => (y) {
        a = Tanh(x)
        b = Cast <to = 10> (a)
        c = Cast <to = 1> (b)
        y = Softmax(c)
      }
      """,
      """
      computed (float16[8,64,128,128] x) => (y) {
        b = Cast <to = 1> (x)
        c = Softmax(b)
        y = Cast <to = 10> (c)
      }
      """,
    ]
  )

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    var used: Set<Node.ID> = []
    for (first, step) in subject.steps.enumerated() where step.isCounted && step.op(is: Cast.self) {
      guard !used.contains(first), let narrow = step.inputs[0]?.type,
        let wide = step.outputs[0]?.type, wide.holds(narrow)
      else { continue }
      let terms = Enclosed.Terms(
        opens: { subject.steps[$0].casts(narrow, to: wide) },
        closes: { subject.steps[$0].casts(wide, to: narrow) },
        passes: {
          let step = subject.steps[$0]
          // Whole numbers and bfloat16 are not taken by all that takes float32.
          let isTaken = narrow == .float16 || narrow == .float32 || !step.comparesNumbers
          return isTaken ? step.operandsThatArePassedOn : nil
        })
      for reader in subject.readers(of: first) {
        guard let region = Enclosed(first, reader, subject, terms), let last = region.closings.last,
          used.isDisjoint(with: region.closings + region.inner),
          // An engine drops two casts that stand side by side when it is built.
          subject.estimate.scenario.runtime == .eager || !region.inner.isEmpty,
          let rewrite = region.rewrite(
            subject,
            adapt: { id, _, _ in
              (subject.steps[id].operandsThatArePassedOn ?? []).allSatisfy {
                !subject.steps[id].inputs.isConstant($0)
              }
            })
        else { continue }
        used.formUnion(region.closings + region.inner)
        report(
          Report(
            nodes: [first, last],
            message: """
              a cast from \(narrow.name) to \(wide.name) is undone with nothing computed between
              """,
            fix: "drop both casts", remedy: .rewrite(rewrite), isExact: true))
      }
    }
  }
}

extension Step {
  /// Whether the node casts from one type to another.
  fileprivate func casts(_ from: ElementType, to: ElementType) -> Bool {
    isCounted && op(is: Cast.self) && inputs[0]?.type == from && outputs[0]?.type == to
  }

  /// The operands whose elements the node passes on, all or some, without computing with them; nil for others.
  fileprivate var operandsThatArePassedOn: [Int]? {
    if isView { return [0] }
    guard isCounted else { return nil }
    switch op {
    case is Transpose, is Slicing, is Split, is Gather, is Expansion, is Tiling, is DepthToSpace:
      return [0]
    case is Concat: return Array(node.inputs.indices)
    case is Pooling, is GlobalPooling, is Reduction:
      let picks = ["MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin"]
      return picks.contains { node.op.name == $0 }
        && outputs.all.count(where: \.isGiven) == 1 ? [0] : nil
    case is Elementwise:
      return ["Relu", "Abs", "Neg", "Max", "Min"].contains { node.op.name == $0 }
        ? Array(node.inputs.indices) : nil
    default: return nil
    }
  }

  /// Whether the node looks at the numbers that it passes on.
  fileprivate var comparesNumbers: Bool {
    op(is: Elementwise.self) || op(is: Pooling.self) || op(is: GlobalPooling.self)
      || op(is: Reduction.self)
  }
}

extension ElementType {
  /// Whether every value of `other` is one of this type too.
  func holds(_ other: ElementType) -> Bool {
    switch (other, self) {
    case (.float16, .float32), (.float16, .float64), (.bfloat16, .float32), (.bfloat16, .float64),
      (.float32, .float64):
      return true
    case (.bool, _): return self != .bool && (isInteger || isFloatingPoint)
    case (.int8, .int16), (.int8, .int32), (.int8, .int64), (.int16, .int32), (.int16, .int64),
      (.int32, .int64), (.uint8, .uint16), (.uint8, .uint32), (.uint8, .uint64),
      (.uint16, .uint32), (.uint16, .uint64), (.uint32, .uint64), (.uint8, .int16),
      (.uint8, .int32), (.uint8, .int64), (.uint16, .int32), (.uint16, .int64), (.uint32, .int64):
      return true
    case (.int8, .float32), (.uint8, .float32), (.int16, .float32), (.uint16, .float32),
      (.int8, .float64), (.uint8, .float64), (.int16, .float64), (.uint16, .float64),
      (.int32, .float64), (.uint32, .float64):
      return true
    default: return false
    }
  }
}
