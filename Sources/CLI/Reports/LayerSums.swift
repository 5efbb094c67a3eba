import Cost
import Graph

/// What all nodes of one layer class take together.
struct LayerSum: Sendable {
  var layer: LayerClass
  /// Of one execution of the whole batch.
  var joules: Double
  var nodes: Int
}

extension Estimate {
  /// The energy by layer class, dearest first, of those that take any; the earlier in the model of equals.
  var layerSums: [LayerSum] {
    layerSums(of: \.joules).enumerated().sorted {
      ($1.element.joules, $0.offset) < ($0.element.joules, $1.offset)
    }.map(\.element)
  }

  /// The sums of `joules` of the nodes of each layer class that takes any energy, in order of occurrence.
  func layerSums(of joules: (NodeCost) -> Double) -> [LayerSum] {
    var sums: [LayerSum] = []
    for (placement, cost) in zip(analysis.placements, nodes) {
      guard let cost, cost.joules > 0 else { continue }
      let layer = analysis[placement].layer
      if let index = sums.firstIndex(where: { $0.layer == layer }) {
        sums[index].joules += joules(cost)
        sums[index].nodes += 1
      } else {
        sums.append(LayerSum(layer: layer, joules: joules(cost), nodes: 1))
      }
    }
    return sums
  }
}
