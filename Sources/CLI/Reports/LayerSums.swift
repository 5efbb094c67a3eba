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
    var sums: [LayerSum] = []
    for (placement, cost) in zip(analysis.placements, nodes) {
      let layer = analysis[placement].layer
      guard let cost, cost.joules > 0 else { continue }
      if let index = sums.firstIndex(where: { $0.layer == layer }) {
        sums[index].joules += cost.joules
        sums[index].nodes += 1
      } else {
        sums.append(LayerSum(layer: layer, joules: cost.joules, nodes: 1))
      }
    }
    return sums.enumerated().sorted {
      ($1.element.joules, $0.offset) < ($0.element.joules, $1.offset)
    }.map(\.element)
  }
}
