import Cost
import Graph

/// A node that costs more or less than it did, or that is new or gone.
struct NodeChange: Hashable, Sendable {
  enum Kind: String, Sendable {
    case added, removed
    /// Its operator, attributes or shapes are others.
    case changed
    /// It is as it was; the kernel that it is part of is not.
    case affected
  }

  let kind: Kind
  /// In the head; of a node that is gone, in the base.
  let name: String
  let op: String
  let layer: LayerClass
  /// The operator that it was; nil where it is the same, new or gone.
  let formerOp: String?
  /// Shapes of the first result; nil where there is none.
  let formerOutput: String?
  let output: String?
  /// Joules of one portion; nil where the node is not there, or not priced.
  ///
  /// What an engine takes for each execution is no node's, so that a node that nobody touched takes what it did.
  let formerJoules: Double?
  let joules: Double?

  /// What it adds to a portion.
  var increase: Double { (joules ?? 0) - (formerJoules ?? 0) }
}

extension NodeChange {
  /// The nodes that are not as they were, those that change the energy most first.
  ///
  /// `counts` is how often a portion is in one execution of the base, and of the head.
  static func all(
    from base: Estimate, to head: Estimate, _ nodes: Correspondence,
    per counts: (base: Double, head: Double)
  ) -> [NodeChange] {
    let total = max(base.joules.value / counts.base, head.joules.value / counts.head)
    var changes: [NodeChange] = []
    for index in head.analysis.placements.indices {
      let after = Seen(head, index, counts.head)
      guard let partner = nodes.bases[index] else {
        changes.append(NodeChange(.added, nil, after))
        continue
      }
      let before = Seen(base, partner, counts.base)
      if !nodes.isUnchanged[index] {
        changes.append(NodeChange(.changed, before, after))
      } else if abs((after.joules ?? 0) - (before.joules ?? 0)) > Self.negligible * total {
        changes.append(NodeChange(.affected, before, after))
      }
    }
    for index in base.analysis.placements.indices where nodes.heads[index] == nil {
      changes.append(NodeChange(.removed, Seen(base, index, counts.base), nil))
    }
    return changes.enumerated().sorted {
      ($1.element.increase.magnitude, $0.offset) < ($0.element.increase.magnitude, $1.offset)
    }.map(\.element)
  }

  /// Sums of the same terms in another order differ by less than this share.
  private static let negligible = 1e-6

  /// A node as reports name it.
  private struct Seen {
    let name: String
    let op: String
    let layer: LayerClass
    let output: String?
    let joules: Double?

    init(_ estimate: Estimate, _ index: Int, _ count: Double) {
      let analysis = estimate.analysis
      let placement = analysis.placements[index]
      let step = analysis[placement]
      name = analysis.scopes[placement.scope].label(placement.node)
      op = step.node.op.description
      layer = step.layer
      output = step.outputs.tensors.first?.shape.description
      joules = estimate.nodes[index].map { estimate.ownJoules($0.seconds, $0.joules) / count }
    }
  }

  private init(_ kind: Kind, _ before: Seen?, _ after: Seen?) {
    let shown = after ?? before
    self.kind = kind
    name = shown?.name ?? ""
    op = shown?.op ?? ""
    layer = shown?.layer ?? .other
    formerOp = before?.op == after?.op || after == nil ? nil : before?.op
    formerOutput = before?.output
    output = after?.output
    formerJoules = before?.joules
    joules = after?.joules
  }
}

/// What the nodes of one layer class take, before and after.
struct LayerChange: Hashable, Sendable {
  let layer: LayerClass
  /// Joules of one portion, and the nodes that take them.
  var formerJoules = 0.0
  var formerNodes = 0
  var joules = 0.0
  var nodes = 0

  var increase: Double { joules - formerJoules }

  /// The layer classes that take anything, those that change the energy most first.
  static func all(
    from base: Estimate, to head: Estimate, per counts: (base: Double, head: Double)
  ) -> [LayerChange] {
    let (before, after) = (own(base, per: counts.base), own(head, per: counts.head))
    var changes = before.map {
      LayerChange(layer: $0.layer, formerJoules: $0.joules, formerNodes: $0.nodes)
    }
    for sum in after {
      if let index = changes.firstIndex(where: { $0.layer == sum.layer }) {
        (changes[index].joules, changes[index].nodes) = (sum.joules, sum.nodes)
      } else {
        changes.append(LayerChange(layer: sum.layer, joules: sum.joules, nodes: sum.nodes))
      }
    }
    return changes.enumerated().sorted {
      ($1.element.increase.magnitude, $1.element.joules, $0.offset)
        < ($0.element.increase.magnitude, $0.element.joules, $1.offset)
    }.map(\.element)
  }
  /// The joules of each layer class, without what an execution takes beside its kernels, for one of `count`.
  private static func own(_ estimate: Estimate, per count: Double) -> [LayerSum] {
    estimate.layerSums { estimate.ownJoules($0.seconds, $0.joules) / count }
  }
}
