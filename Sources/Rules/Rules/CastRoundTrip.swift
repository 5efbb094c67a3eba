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
      value of the first, and back, changes no number.
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
      """
    ],
    passes: [
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

  /// More nodes than this between two casts are not looked through.
  private static let reach = 8

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    for (id, step) in subject.steps.enumerated() where step.isCounted && step.op is Cast {
      guard let (first, path) = origin(of: id, subject), let source = subject.input(first) else {
        continue
      }
      // An engine drops two casts that stand side by side when it is built.
      guard subject.estimate.scenario.runtime == .eager || !path.isEmpty else { continue }
      var rewrite = Rewrite()
      // What stands between reads the numbers as they were before the first cast.
      var carried = source
      if let next = path.first {
        var node = subject.steps[next].node
        node.inputs = node.inputs.map { $0 == subject.output(first) ? source : $0 }
        rewrite.replaced[next] = [node]
        carried = path.last.flatMap(subject.output) ?? source
      }
      rewrite.bypass(id, step.node, reading: carried)
      let (from, to) = (subject.tensor(source)?.type, step.inputs[0]?.type)
      report(
        Report(
          nodes: [first, id],
          message: """
            a cast from \(from?.name ?? "?") to \(to?.name ?? "?") is undone with nothing computed between
            """,
          fix: "drop both casts", remedy: .rewrite(rewrite), isExact: true))
    }
  }

  /// The cast that the one at `id` undoes, and the views between them from first to last.
  private func origin(of id: Node.ID, _ subject: Subject) -> (first: Node.ID, path: [Node.ID])? {
    guard let target = subject.steps[id].outputs[0]?.type else { return nil }
    var path: [Node.ID] = []
    var current = id
    while path.count < Self.reach, let producer = subject.producer(of: current) {
      let step = subject.steps[producer]
      if step.op is Cast {
        guard let narrow = step.inputs[0]?.type, let wide = step.outputs[0]?.type,
          narrow == target, wide.holds(narrow)
        else { return nil }
        return (producer, path.reversed())
      }
      let passesOn = step.op?.viewedInput(step.inputs) == 0 || step.op is Transpose
      guard passesOn, subject.onlyReader(of: producer) == current else { return nil }
      path.append(producer)
      current = producer
    }
    return nil
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
