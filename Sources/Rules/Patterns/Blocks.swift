package import Graph

/// A network cut into blocks, and the runs of equal blocks among them.
///
/// A *weighted* node is one with matrix products: convolution, dense layer, attention, recurrence. A *cut*
/// is a value that alone carries everything on: once it is there, nothing computed by weighted nodes before
/// it is read again. A *block* is what lies between two cuts and has weighted nodes. In a residual network
/// that is a residual block; in a plain chain, a layer; a dense block of a DenseNet is one block, whose
/// layers are found as a run inside.
package struct Blocks: Sendable {
  /// The blocks, in order of execution.
  package let all: [Block]

  package struct Block: Sendable {
    /// The nodes, as a range of the body's.
    package var nodes: Range<Node.ID>
    /// The value that carries everything on.
    package var output: Value.ID
    /// What its weighted nodes are, in order.
    var signature: [Signature]
  }

  package init(_ subject: Subject) {
    let signatures = subject.steps.map(Signature.init)
    var blocks: [Block] = []
    var start = 0
    for cut in Self.cuts(subject, signatures.map { $0 != nil }) {
      let nodes = start..<(cut.node + 1)
      let weighted = signatures[nodes].compactMap { $0 }
      if weighted.isEmpty, let last = blocks.indices.last {
        // An activation behind a block belongs to it. Pooling, and picking a position, begin the next one: what a
        // block gives has the shape that its like give.
        guard subject.tensor(cut.value)?.shape == subject.tensor(blocks[last].output)?.shape else {
          continue
        }
        blocks[last].nodes = blocks[last].nodes.lowerBound..<(cut.node + 1)
        blocks[last].output = cut.value
      } else {
        blocks.append(Block(nodes: nodes, output: cut.value, signature: weighted))
      }
      start = cut.node + 1
    }
    all = blocks
  }

  /// The cuts, each with the last node run before it.
  private static func cuts(_ subject: Subject, _ isWeighted: [Bool]) -> [(
    node: Node.ID, value: Value.ID
  )] {
    let scope = subject.scope
    var lastRead = scope.readers.map { $0.last ?? -1 }
    for output in scope.body.outputs { lastRead[output] = max(lastRead[output], scope.steps.count) }
    // Only what weighted nodes have computed counts: masks and positions live beside the network.
    var isComputed = [Bool](repeating: false, count: scope.infos.count)
    var dying = [[Value.ID]](repeating: [], count: scope.steps.count + 1)
    var isLive = [Bool](repeating: false, count: scope.infos.count)
    var live = 0
    var cuts: [(node: Node.ID, value: Value.ID)] = []
    for (id, step) in scope.steps.enumerated() {
      let reads = step.node.inputs.contains { $0.map { isComputed[$0] } ?? false }
      // Sizes computed on the host carry no activations.
      if (reads || isWeighted[id]) && step.state != .free(.shape) {
        for case let output? in step.node.outputs
        where lastRead[output] > id && !isLive[output] {
          isComputed[output] = true
          isLive[output] = true
          live += 1
          dying[lastRead[output]].append(output)
        }
      }
      for value in dying[id] { isLive[value] = false }
      live -= dying[id].count
      guard live == 1 else { continue }
      for case let output? in step.node.outputs where isLive[output] { cuts.append((id, output)) }
    }
    return cuts
  }
}

/// What a weighted node is, so that equal layers at equal resolution look alike.
///
/// The width of the input is left out: the layers of a dense block differ in nothing else.
struct Signature: Hashable, Sendable {
  private struct Product: Hashable, Sendable {
    var kernel: [Int]
    var strides: [Int]
    var isGrouped: Bool
    var rows: Int
    var columns: Int
    var steps: Int
  }

  private let op: OperatorName
  private let products: [Product]
  private let type: ElementType?
  /// Whether both operands are computed, as queries and keys are.
  let isAttention: Bool

  init?(_ step: Step) {
    guard !step.contractions.isEmpty else { return nil }
    op = step.node.op
    type = step.outputs[0]?.type
    isAttention =
      step.layer == .attention
      || step.layer == .dense && !step.inputs.isConstant(1)
        && !step.inputs.isConstant(0)
    products = step.contractions.map { contraction in
      var product = Product(
        kernel: [], strides: [], isGrouped: false, rows: contraction.rows,
        columns: contraction.columns, steps: contraction.steps)
      if case .convolution(let kernel, let strides, _, let groups) = contraction.form {
        product.kernel = kernel
        product.strides = strides
        product.isGrouped = groups > 1
        product.columns = saturatingProduct(contraction.columns, groups)
      }
      return product
    }
  }
}

/// The same thing several times in a row.
struct Run: Hashable, Sendable {
  /// Where the first occurrence starts, how many elements one has, and how many there are.
  var start: Int
  var period: Int
  var count: Int

  /// The elements of occurrence `index`.
  func occurrence(_ index: Int) -> Range<Int> {
    (start + index * period)..<(start + (index + 1) * period)
  }

  /// The runs of at least `minimum` occurrences of at most `longest` elements, from left to right.
  ///
  /// Where several start at one place, the one that covers most counts, and the shorter period of two.
  static func all<Element: Hashable>(
    in elements: [Element], atLeast minimum: Int, longest: Int
  ) -> [Run] {
    var runs: [Run] = []
    var start = 0
    while start < elements.count {
      var best: Run?
      for period in 1...longest where start + period * minimum <= elements.count {
        var end = start + period
        while end < elements.count, elements[end] == elements[end - period] { end += 1 }
        let count = (end - start) / period
        if count >= minimum, count * period > (best.map { $0.count * $0.period } ?? 0) {
          best = Run(start: start, period: period, count: count)
        }
      }
      if let best {
        runs.append(best)
        start += best.count * best.period
      } else {
        start += 1
      }
    }
    return runs
  }
}
