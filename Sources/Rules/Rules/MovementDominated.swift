import Cost
import Graph

package struct MovementDominated: Rule {
  package static let page = Page(
    code: "NNC342",
    name: "movement-dominated",
    group: .memoryTraffic,
    level: .warning,
    summary: "A large share of the energy goes to copying tensors into another order.",
    why: """
      Transposes, slices, concatenations and gathers compute nothing; they read every element and write it to
      another place. Shuffling channels, rolling windows and partitioning them into blocks are made of such copies.
      ShuffleNet V2's authors count such operators among what makes networks slower than their FLOPs say.
      """,
    fix: """
      Choose a layout that the layers share, so that the order need not change; fold the order into the
      weights of the layer before or after; take operators that work in place, such as window attention in one kernel.
      """,
    safety:
      "Depends on the graph: orders that weights can take up keep the function, fewer shuffles do not.",
    sources: [
      "Ma et al.: ShuffleNet V2, 2018 (guideline 4)"
    ],
    triggers: [
      """
      shuffled (float[16,2,64,56,56] x) => (y) <int64[4] s = {16, 128, 56, 56}> {
        e = Relu(x)
      ↓ t = Transpose <perm = [0, 2, 1, 3, 4]> (e)
        r = Reshape(t, s)
        y = Softmax <axis = 1> (r)
      }
      """
    ],
    passes: [
      """
      one_order (float[1,128,56,56] x) => (y) <float[128,128,3,3] w> {
        y = Conv <pads = [1, 1, 1, 1]> (x, w)
      }
      """,
      """
      grouped (float[1,128,56,56] x) => (y) <float[128,1,3,3] w, float[32,128,1,1] v> {
        c = Conv <pads = [1, 1, 1, 1], group = 128> (x, w)
        d = Conv(c, v)
        y = Transpose <perm = [0, 2, 3, 1]> (d)
      }
      """,
    ]
  )

  /// Copies must take this share of the energy.
  static let share = 0.2

  package init() {}

  package func check(_ subject: Subject, _ report: (Report) -> Void) {
    let copies = subject.steps.indices.filter { subject.steps[$0].isCopy }
    let share = subject.share(of: copies)
    guard share >= Self.share, copies.count < subject.steps.count else { return }
    var rewrite = Rewrite()
    for id in copies { mend(id, &rewrite, subject) }
    guard !rewrite.isEmpty else { return }
    let dearest = copies.sorted { a, b in
      (subject.joules(of: [b]), a) < (subject.joules(of: [a]), b)
    }
    let kinds = Set(copies.map { subject.steps[$0].node.op.name }).sorted()
      .map { name in
        (name, subject.share(of: copies.filter { subject.steps[$0].node.op.name == name }))
      }
      .filter { $0.1 >= 0.01 }.sorted { $0.1 > $1.1 }.prefix(3)
      .map { "\($0.0) \(percent($0.1))" }.joined(separator: ", ")
    report(
      Report(
        nodes: Array(dearest.prefix(20)),
        message: """
          \(percent(share)) of the energy goes to copying tensors into another order\
          \(kinds.isEmpty ? "" : ": \(kinds)")
          """,
        fix: "one layout for neighbouring layers, so that transposes and rolls can go",
        remedy: .rewrite(rewrite), isExact: false))
  }

  /// Leaves a copy out where the elements could stay where they are: a transpose, or a roll.
  private func mend(_ id: Node.ID, _ rewrite: inout Rewrite, _ subject: Subject) {
    let step = subject.steps[id]
    guard let output = step.outputs[0], let input = subject.input(id) else { return }
    if step.op(is: Transpose.self) {
      guard
        let info = try? TensorInfo(
          .int64, [output.rank], value: .integers(output.dims))
      else { return }
      rewrite.added.append(Value("extents", initializer: Literal(info)))
      let extents = subject.scope.body.values.count + rewrite.added.count - 1
      rewrite.replaced[id] = [
        Node(
          name: step.node.name, "Reshape", opset: max(5, step.node.opset),
          inputs: [input, extents], outputs: step.node.outputs)
      ]
    } else if step.op(is: Concat.self) {
      // Pieces of one tensor put together again in another order: a roll.
      let pieces = step.node.inputs.indices.compactMap { subject.producer(of: id, $0) }
      guard pieces.count == step.node.inputs.count,
        pieces.allSatisfy({ subject.steps[$0].op(is: Slicing.self) }),
        let source = pieces.first.flatMap({ subject.input($0) }),
        pieces.allSatisfy({ subject.input($0) == source }),
        subject.tensor(source)?.shape == output.shape
      else { return }
      rewrite.bypass(id, step.node, reading: source)
    }
  }
}

extension Step {
  /// Whether the node moves elements and computes nothing.
  fileprivate var isCopy: Bool {
    guard isCounted, contractions.isEmpty, branches.isEmpty else { return false }
    switch layer {
    case .concatenate, .movement, .padding: return true
    default: return op(is: Resampling.self) || op(is: Expansion.self)
    }
  }
}
