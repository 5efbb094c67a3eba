import Cost
import Graph

/// An enlargement by repeated pixels that is spelled out: axes added, tiled or expanded, and looked at as longer ones.
///
/// Exporters write so what frameworks call `repeat_interleave` or an upsampling by nearest neighbours.
struct RepeatedPixels {
  /// What is enlarged, and the nodes that do it, the last first.
  let source: Value.ID
  let nodes: [Node.ID]
  /// How many times each pixel is repeated along each spatial axis.
  let factors: [Int]

  /// Longer chains are something else.
  private static let reach = 24

  /// A run of elements along an axis of the result: an axis of the source, or a repetition.
  private struct Run {
    /// Nil for a repetition.
    var axis: Int?
    var extent: Int
  }

  /// Nil unless the node is the last of such a chain, each of which nobody else reads.
  init?(_ last: Node.ID, _ subject: Subject) {
    var chain: [Node.ID] = []
    var next: Node.ID? = last
    while let id = next, chain.count < Self.reach, subject.steps[id].repeatsOrMoves,
      chain.isEmpty || subject.onlyComputingReader(of: id) == chain.last
    {
      chain.append(id)
      next = subject.producer(of: id)
    }
    // What moves elements before the repetition may be none of it.
    for count in (1...max(1, chain.count)).reversed() where count <= chain.count {
      let nodes = Array(chain[..<count])
      guard let first = nodes.last, let source = subject.input(first),
        let factors = Self.factors(nodes, from: source, subject)
      else { continue }
      (self.source, self.nodes, self.factors) = (source, nodes, factors)
      return
    }
    return nil
  }

  /// How many times each pixel of `source` is repeated by `nodes`, of which the last comes first; nil where something
  /// else becomes of it.
  private static func factors(_ nodes: [Node.ID], from source: Value.ID, _ subject: Subject)
    -> [Int]?
  {
    guard let whole = subject.tensor(source), whole.rank == 4, !whole.isEstimated else {
      return nil
    }
    var axes = whole.dims.enumerated().map { [Run(axis: $0, extent: $1)] }
    for id in nodes.reversed() {
      guard let moved = moved(axes, by: subject.steps[id]) else { return nil }
      axes = moved
    }
    guard axes.count == 4, axes[..<2].allSatisfy({ $0.count == 1 }) else { return nil }
    var factors: [Int] = []
    for (axis, runs) in axes.enumerated() {
      guard runs.first?.axis == axis, runs.dropFirst().allSatisfy({ $0.axis == nil }) else {
        return nil
      }
      if axis > 1 {
        factors.append(runs.dropFirst().reduce(1) { saturatingProduct($0, $1.extent) })
      }
    }
    return factors.contains { $0 > 1 } ? factors : nil
  }

  /// The runs of each axis behind the node; nil where they cannot be told apart any more.
  private static func moved(_ axes: [[Run]], by step: Step) -> [[Run]]? {
    guard let before = step.inputs[0]?.dims, let after = step.outputs[0]?.dims,
      before.count == axes.count
    else { return nil }
    if let order = step.axisOrder { return order.map { axes[$0] } }
    if step.isView { return regrouped(axes, after) }
    guard before.count == after.count else { return nil }
    return axes.indices.map { axis in
      guard after[axis] != before[axis], before[axis] > 0 else { return axes[axis] }
      // What is tiled starts again from its first element.
      return [Run(axis: nil, extent: after[axis] / before[axis])]
        + axes[axis].filter { $0.extent > 1 }
    }
  }

  /// All runs, in order, on axes of other extents; nil where one would have to be cut.
  private static func regrouped(_ axes: [[Run]], _ extents: [Int]) -> [[Run]]? {
    var runs = axes.joined().filter { $0.extent > 1 }[...]
    var grouped: [[Run]] = []
    for extent in extents {
      var own: [Run] = []
      var count = 1
      while count < extent, let run = runs.first {
        count = saturatingProduct(count, run.extent)
        own.append(run)
        runs = runs.dropFirst()
      }
      guard count == extent else { return nil }
      grouped.append(own)
    }
    guard runs.isEmpty else { return nil }
    return grouped.enumerated().map { axis, own in
      // An axis of one element is the source's own where nothing else can be.
      own.isEmpty ? [Run(axis: axis, extent: 1)] : own
    }
  }
}

extension Step {
  /// Whether the node repeats elements, or gives them other axes, and does nothing else.
  fileprivate var repeatsOrMoves: Bool {
    if isView || axisOrder != nil { return true }
    return isCounted && (op(is: Tiling.self) || op(is: Expansion.self))
      && outputs[0].map { !$0.isEstimated } ?? false
  }
}
